import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WantedLabel } from '../../src/core/kept-labels.ts';
import { openIncident } from '../../src/store/incidents.ts';
import { keptLabels, leaveLabel, noteLabel, wantLabels } from '../../src/store/labels.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { at, incident } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

describe.each(all)('the record of kept labels on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  it('takes over what the last update wants, tells whether that leaves something to do, and keeps what became of it', async () => {
    const { id } = await openIncident(store.db, incident);
    const want = async (...labels: WantedLabel[]) =>
      await store.db.transaction().execute((trx) => wantLabels(trx, id, labels));
    const blocked = { name: 'blocked', wanted: true };
    expect(await want(blocked, { name: 'a', wanted: false, meaning: 'stage' })).toBe(true);
    expect(await want(blocked)).toBe(false);
    await noteLabel(store.db, id, 'blocked', { state: 'set', at });
    expect(await want({ ...blocked, wanted: false })).toBe(true);
    expect(await want()).toBe(false);
    expect(await keptLabels(store.db, id)).toEqual([
      { name: 'a', wanted: false, state: 'absent', meaning: 'stage' },
      { name: 'blocked', wanted: false, state: 'set', meaning: 'finding' },
    ]);
  });

  it('leaves away what a person took away, whatever its case, as long as it is wanted', async () => {
    const { id } = await openIncident(store.db, { ...incident, issue: incident.issue + 2 });
    await store.db.transaction().execute(async (trx) => {
      await wantLabels(trx, id, [
        { name: 'P1', wanted: true, meaning: 'P1' },
        { name: 'P0', wanted: false, meaning: 'P0' },
      ]);
      for (const name of ['p1', 'P0', 'another']) await leaveLabel(trx, id, name);
    });
    expect(await keptLabels(store.db, id)).toEqual([
      { name: 'P0', wanted: false, state: 'absent', meaning: 'P0' },
      { name: 'P1', wanted: true, state: 'left', meaning: 'P1' },
    ]);
  });

  it('goes with its incident', async () => {
    const { id } = await openIncident(store.db, { ...incident, issue: incident.issue + 1 });
    await store.db.transaction().execute((trx) => wantLabels(trx, id, [{ name: 'a', wanted: true }]));
    await store.run(`delete from incident where id = '${id}'`);
    expect(await keptLabels(store.db, id)).toEqual([]);
  });
});
