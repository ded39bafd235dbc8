import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WantedLabel } from '../../src/core/kept-labels.ts';
import { openIncident } from '../../src/store/incidents.ts';
import { keptLabels, noteLabel, wantLabels } from '../../src/store/labels.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { incident } from './fixtures.ts';

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
    await noteLabel(store.db, id, 'blocked', 'set');
    expect(await want({ ...blocked, wanted: false })).toBe(true);
    expect(await want()).toBe(false);
    expect(await keptLabels(store.db, id)).toEqual([
      { name: 'a', wanted: false, state: 'absent', meaning: 'stage' },
      { name: 'blocked', wanted: false, state: 'set', meaning: 'finding' },
    ]);
  });

  it('goes with its incident', async () => {
    const { id } = await openIncident(store.db, { ...incident, issue: incident.issue + 1 });
    await store.db.transaction().execute((trx) => wantLabels(trx, id, [{ name: 'a', wanted: true }]));
    await store.run(`delete from incident where id = '${id}'`);
    expect(await keptLabels(store.db, id)).toEqual([]);
  });
});
