import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EarlierIncident } from '../../src/core/regression/earlier-incident.ts';
import {
  advanceHistory,
  beginHistoryAnew,
  earlierIncidents,
  ensureHistory,
  findHistoryReading,
  isHistoryDue,
  keepEarlier,
  keptAsTheyAre,
  postponeHistory,
  takeDueHistory,
  type HistoryCursor,
} from '../../src/store/history.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from './engines.ts';
import { at, minutesLater } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

const repository = { repositoryId: 7_000_000_001, installationId: 41, repository: 'acme/shop' };
const sibling = { repositoryId: 7_000_000_002, installationId: 41, repository: 'acme/media' };
const other = { repositoryId: 7_000_000_003, installationId: 42, repository: 'else/where' };

function earlier(issue: number, changed: Partial<EarlierIncident> = {}): EarlierIncident {
  return {
    issue,
    title: 'Orders fail',
    url: `https://github.com/acme/shop/issues/${String(issue)}`,
    openedAt: '2025-01-01T00:00:00.000Z',
    closedAt: new Date(Date.UTC(2025, 1, 1) + issue * 60_000).toISOString(),
    labels: ['incident'],
    signatures: [{ id: 'carterror cart is locked', line: 'CartError: cart is locked', frame: null }],
    components: ['checkout'],
    cause: null,
    text: 'cart is locked',
    source: 'read',
    ...changed,
  };
}

describe.each(all)('the record of earlier incidents on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;
  let now = at;
  const clock = () => now;

  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(async () => {
    now = at;
    await store.run('delete from history');
    await store.run('delete from history_read');
  });

  const inTransaction = <T>(run: (trx: Parameters<typeof ensureHistory>[0]) => Promise<T>) =>
    store.db.transaction().execute(run);
  const ensure = (of: typeof repository) => inTransaction((trx) => ensureHistory(trx, of, clock));
  const take = async () => {
    const taken = await inTransaction((trx) => takeDueHistory(trx, clock));
    return taken.map(({ repositoryId }) => repositoryId);
  };
  const advance = (next: HistoryCursor | null) =>
    inTransaction((trx) => advanceHistory(trx, repository, next, clock));

  it('reads a repository once, however often it is asked to, under its last name', async () => {
    await ensure(repository);
    expect(await take()).toEqual([repository.repositoryId]);
    await ensure({ ...repository, repository: 'acme/store' });
    expect(await isHistoryDue(store.db, clock)).toBe(false);
    expect(await findHistoryReading(store.db, repository.repositoryId)).toMatchObject({
      repository: 'acme/store',
      cursor: { label: 0, page: 1, since: null },
      reads: null,
    });
    expect(await findHistoryReading(store.db, other.repositoryId)).toBeNull();
  });

  it('takes one page a minute of an installation, whatever repository it is of', async () => {
    for (const of of [repository, sibling, other]) await ensure(of);
    expect(await take()).toEqual([repository.repositoryId, other.repositoryId]);
    expect(await take()).toEqual([]);
    now = minutesLater(0.9);
    expect(await isHistoryDue(store.db, clock)).toBe(false);
    now = minutesLater(1.1);
    expect(await take()).toEqual([sibling.repositoryId]);
  });

  it('goes on with the next page in a minute, and after the last in a day with what changed since an hour before', async () => {
    await ensure(repository);
    await take();
    await advance({ label: 0, page: 2, since: null });
    now = minutesLater(1);
    expect(await take()).toEqual([repository.repositoryId]);
    expect((await findHistoryReading(store.db, repository.repositoryId))?.cursor.page).toBe(2);
    await advance(null);
    now = minutesLater(24 * 60);
    expect(await take()).toEqual([]);
    now = minutesLater(24 * 60 + 2);
    expect(await take()).toEqual([repository.repositoryId]);
    expect((await findHistoryReading(store.db, repository.repositoryId))?.cursor).toEqual({
      label: 0,
      page: 1,
      since: minutesLater(-60),
    });
  });

  it('takes a page again that was never heard of, and not before a pause is over', async () => {
    await ensure(repository);
    await take();
    now = minutesLater(9);
    expect(await take()).toEqual([]);
    now = minutesLater(11);
    expect(await take()).toEqual([repository.repositoryId]);
    await postponeHistory(store.db, repository.repositoryId, 60 * 60_000, clock);
    now = minutesLater(70);
    expect(await take()).toEqual([]);
    now = minutesLater(72);
    expect(await take()).toEqual([repository.repositoryId]);
  });

  it('gives back what was kept, the newest first, of one repository', async () => {
    await keepEarlier(store.db, repository, earlier(5), at);
    await keepEarlier(store.db, repository, earlier(9), at);
    await keepEarlier(store.db, repository, earlier(7, { closedAt: null }), at);
    await keepEarlier(store.db, sibling, earlier(6), at);
    expect(await earlierIncidents(store.db, repository)).toEqual([
      earlier(7, { closedAt: null }),
      earlier(9),
      earlier(5),
    ]);
  });

  it('knows what is kept as it is, until the configuration is another one', async () => {
    await ensure(repository);
    await keepEarlier(store.db, repository, earlier(5), at);
    await keepEarlier(store.db, repository, earlier(6, { source: 'recorded' }), at);
    const issues = [5, 6, 7].map((issue) => ({ issue, updatedAt: at }));
    const kept = async () =>
      [...(await keptAsTheyAre(store.db, repository, issues))].toSorted((a, b) => a - b);
    expect(await kept()).toEqual([5, 6]);
    expect([
      ...(await keptAsTheyAre(store.db, repository, [{ issue: 5, updatedAt: minutesLater(1) }])),
    ]).toEqual([]);
    await inTransaction((trx) => beginHistoryAnew(trx, repository, 'abc'));
    expect(await kept()).toEqual([6]);
    expect((await findHistoryReading(store.db, repository.repositoryId))?.reads).toBe('abc');
  });

  it('never replaces what was recorded by what is read, but for when it was closed', async () => {
    const recorded = earlier(5, {
      source: 'recorded',
      cause: 'bad-deploy',
      closedAt: '2025-02-01T00:00:00.000Z',
    });
    await keepEarlier(store.db, repository, earlier(5), at);
    await keepEarlier(store.db, repository, recorded, at);
    await keepEarlier(store.db, repository, earlier(5, { closedAt: null }), minutesLater(5));
    expect(await earlierIncidents(store.db, repository)).toEqual([{ ...recorded, closedAt: null }]);
  });

  it('keeps the newest two hundred', async () => {
    await ensure(repository);
    for (let issue = 1; issue <= 203; issue += 1) await keepEarlier(store.db, repository, earlier(issue), at);
    await advance(null);
    const { rows } = await store.run('select min(issue)::int as least, count(*)::int as count from history');
    expect(rows).toEqual([{ least: 4, count: 200 }]);
  });

  it('takes what PostgreSQL refuses in a text', async () => {
    await keepEarlier(store.db, repository, earlier(5, { text: 'a\u0000b' }), at);
    expect((await earlierIncidents(store.db, repository))[0]?.text).toBe('a\u{FFFD}b');
  });
});
