import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findTagged, keepTagged, pruneTagged } from '../../src/store/etags.ts';
import type { Store } from '../../src/store/open.ts';
import { noteRedelivery, pruneRedeliveries, redeliveriesOf } from '../../src/store/redeliveries.ts';
import { markSeen, seenUntil, takeRound } from '../../src/store/rounds.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { at, minutesLater } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

describe.each(all)('what comes round on $name', ({ create }) => {
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
  beforeEach(async () => {
    await store.run('delete from round; delete from redelivery; delete from etag');
  });

  const take = async (atStart: boolean) =>
    await store.db.transaction().execute((trx) => takeRound(trx, 'sweep', { everyMs: 5 * 60_000, atStart }));
  const pass = async (seconds: number) => {
    const ago = `interval '${String(seconds)} s'`;
    await store.run(`update round set due_at = due_at - ${ago}, taken_at = taken_at - ${ago}`);
  };

  it('is taken by one of those who ask at the same time', async () => {
    const taken = await Promise.all(Array.from({ length: 6 }, () => take(false)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it.each<[what: string, seconds: number, atStart: boolean, taken: boolean]>([
    ['not before it is due', 299, false, false],
    ['when it is due', 300, false, true],
    ['at a start, long after it was taken last', 60, true, true],
    ['not at a start, right after another process took it', 20, true, false],
  ])('is taken %s', async (_what, seconds, atStart, taken) => {
    await take(false);
    await pass(seconds);
    expect(await take(atStart)).toBe(taken);
  });

  it('is due soon after processes started together, so that nothing that one of them missed waits', async () => {
    await take(false);
    await pass(20);
    expect([await take(true), await take(true), await take(false)]).toEqual([false, false, false]);
    await pass(11);
    expect([await take(false), await take(false)]).toEqual([true, false]);
  });

  it('remembers how far it saw, and never goes back', async () => {
    expect(await seenUntil(store.db, 'sweep')).toBeNull();
    await take(false);
    expect(await seenUntil(store.db, 'sweep')).toBeNull();
    await markSeen(store.db, 'sweep', minutesLater(5));
    await markSeen(store.db, 'sweep', at);
    expect(await seenUntil(store.db, 'sweep')).toEqual(minutesLater(5));
  });

  it('counts how often each delivery was asked for again, for a week', async () => {
    for (const guid of ['a', 'a', 'b']) await noteRedelivery(store.db, guid);
    expect(await redeliveriesOf(store.db, ['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
        ['c', 0],
      ]),
    );
    await store.run(`update redelivery set last_at = last_at - interval '8 days' where guid = 'a'`);
    await pruneRedeliveries(store.db);
    expect(await redeliveriesOf(store.db, ['a', 'b'])).toEqual(
      new Map([
        ['a', 0],
        ['b', 1],
      ]),
    );
  });

  const shop = { installationId: 41, repositoryId: 7 };
  it('keeps the last answer under its tag, for a month', async () => {
    expect(await findTagged(store.db, shop, 'acme/shop')).toBeNull();
    await keepTagged(store.db, shop, 'acme/shop', { etag: '"a"', body: 'version: 1\0' });
    await keepTagged(store.db, shop, 'acme/shop', { etag: '"b"', body: 'version: 1 # new' });
    expect(await findTagged(store.db, shop, 'acme/shop')).toEqual({ etag: '"b"', body: 'version: 1 # new' });
    await pruneTagged(store.db);
    expect(await findTagged(store.db, shop, 'acme/shop')).not.toBeNull();
    await store.run(`update etag set used_at = used_at - interval '31 days'`);
    await pruneTagged(store.db);
    expect(await findTagged(store.db, shop, 'acme/shop')).toBeNull();
  });
});
