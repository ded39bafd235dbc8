import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import { openIncident } from '../../src/store/incidents.ts';
import type { Store } from '../../src/store/open.ts';
import { saveSnapshot } from '../../src/store/snapshots.ts';
import { tellingSnapshot } from '../../src/store/telling-snapshot.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { diagnosis, incident, observation, snapshot } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

const { root } = diagnosis;
const cause: Diagnosis['root'] = { ...root, cause: 'vpc-connector-saturated', component: 'connector' };
const confirmed: Diagnosis = { ...diagnosis, root: { ...cause, verdict: 'confirmed' } };
const probable: Diagnosis = { ...diagnosis, root: { ...cause, verdict: 'probable' } };
const unknown: Diagnosis = { ...diagnosis, root: { ...root, cause: 'unknown', verdict: 'unknown' } };

describe.each(all)('the update that tells most of the cause, on $name', ({ create }) => {
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
  beforeEach(() => store.run('delete from incident'));

  it.each<[string, (Diagnosis | null)[], number | null]>([
    ['nothing where nothing was read', [], null],
    ['nothing where nothing was concluded', [null], null],
    ['the last one where none tells a cause', [unknown, unknown], 2],
    ['the one with a cause, though nothing fails any more', [unknown, probable, unknown], 2],
    ['a confirmed one before a probable one', [probable, confirmed, probable, unknown], 2],
    ['of several confirmed ones the last', [confirmed, probable, confirmed, unknown], 3],
  ])('is %s', async (_what, concluded, told) => {
    const { id } = await store.db.transaction().execute((trx) => openIncident(trx, incident));
    for (const [index, one] of concluded.entries())
      await store.db
        .transaction()
        .execute((trx) =>
          saveSnapshot(trx, id, { ...snapshot([]), observations: [observation(index + 1)] }, one),
        );
    const found = await tellingSnapshot(store.db, id);
    expect(found?.snapshot.observations.map((read) => read.id) ?? null).toEqual(
      told === null ? null : [`E${String(told)}`],
    );
  });
});
