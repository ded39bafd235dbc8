import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  adoptWindowEnd,
  findAnswers,
  keepAnswers,
  pruneAnswers,
  takeReads,
  type WantedReads,
} from '../../src/store/google-reads.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from './engines.ts';

const { all, stop } = engines();
afterAll(stop);

const noon = new Date('2025-03-10T12:00:00Z');
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);
const logs: WantedReads = { project: 'shop', api: 'logging.googleapis.com', reads: 1, perMinute: 60 };

const sealed = Uint8Array.from([0, 255, 7]);

function numbered(from: number, to: number) {
  return Array.from({ length: to - from }, (_, n) => ({ key: `k${String(from + n)}`, readAt: noon, sealed }));
}

describe.each(all)('what is shared of Google on $name', ({ create }) => {
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
    await store.run('delete from google_read; delete from google_answer; delete from google_window');
  });

  const take = (wanted: Partial<WantedReads>, at: Date | null = noon) =>
    takeReads(store.db, [{ ...logs, ...wanted }], at === null ? null : () => at);

  function find(keys: string[], from: number, to: number) {
    return findAnswers(store.db, keys, { after: later(from), until: later(to) });
  }

  const end = (seconds: number, project = 'shop') =>
    adoptWindowEnd(store.db, project, later(seconds), 30_000);

  describe('the quota of an API', () => {
    it('has 60 in any minute, and says when the next one is free', async () => {
      expect(await take({ reads: 40 })).toEqual([{ granted: 40, waitMs: 0 }]);
      expect(await take({ reads: 20 }, later(30))).toEqual([{ granted: 20, waitMs: 0 }]);
      expect(await take({}, later(45))).toEqual([{ granted: 0, waitMs: 15_000 }]);
      expect(await take({ reads: 50 }, later(60))).toEqual([{ granted: 40, waitMs: 30_000 }]);
      expect(await take({}, later(89))).toEqual([{ granted: 0, waitMs: 1_000 }]);
      expect(await take({ reads: 20 }, later(90))).toEqual([{ granted: 20, waitMs: 0 }]);
    });

    it('is one for each project and API, taken in one statement, in the order of the asks', async () => {
      await take({ reads: 60 });
      const asks = [
        { ...logs, reads: 5 },
        { ...logs, project: 'other', reads: 5 },
        { ...logs, api: 'run.googleapis.com', perMinute: 3, reads: 5 },
      ];
      const taken = await takeReads(store.db, asks, () => noon);
      expect(taken.map(({ granted }) => granted)).toEqual([0, 5, 3]);
    });

    it('is kept by those who race for it', async () => {
      const taken = await Promise.all(Array.from({ length: 20 }, () => take({ reads: 5 }, null)));
      expect(taken.flat().reduce((sum, { granted }) => sum + granted, 0)).toBe(60);
    });

    it('is free again when the clock was set back by far', async () => {
      await take({ reads: 60 }, later(3_600));
      expect(await take({})).toEqual([{ granted: 1, waitMs: 0 }]);
    });
  });

  describe('an answer', () => {
    it('is found by its key while it is recent', async () => {
      await keepAnswers(store.db, [{ key: 'a', readAt: noon, sealed }]);
      expect(await find(['a', 'b'], -30, 0)).toEqual([{ key: 'a', readAt: noon, sealed }]);
      expect(await find(['a'], 0, 30)).toEqual([]);
      expect(await find(['a'], -31, -1)).toEqual([]);
    });

    it('is replaced by a newer one', async () => {
      await keepAnswers(store.db, [{ key: 'a', readAt: noon, sealed }]);
      await keepAnswers(store.db, [{ key: 'a', readAt: later(10), sealed: Uint8Array.from([1]) }]);
      const found = await find(['a'], -30, 10);
      expect(found.map(({ readAt, sealed: text }) => [readAt, [...text]])).toEqual([[later(10), [1]]]);
    });

    it('goes after a minute', async () => {
      await keepAnswers(store.db, [{ key: 'a', readAt: noon, sealed }]);
      await store.run(`update google_answer set kept_at = kept_at - interval '61 s'`);
      await pruneAnswers(store.db);
      expect(await find(['a'], -30, 0)).toEqual([]);
    });

    it('goes when there are too many: the oldest', async () => {
      await keepAnswers(store.db, numbered(0, 400));
      await store.run(`update google_answer set kept_at = kept_at - interval '1 s'`);
      await keepAnswers(store.db, numbered(400, 800));
      await pruneAnswers(store.db);
      const { rows } = await store.run('select key from google_answer');
      expect(rows).toHaveLength(500);
      expect(await find(['k799'], -1, 0)).toHaveLength(1);
    });
  });

  it('answers together are no more than 64 MiB', async () => {
    await store.run(`insert into google_answer (key, read_at, sealed)
      select 'large-' || n, now(), convert_to(repeat('x', 1048576), 'UTF8') from generate_series(1, 66) n`);
    await pruneAnswers(store.db);
    const { rows } = await store.run('select key from google_answer');
    expect(rows).toHaveLength(64);
  });

  describe('the end of a window', () => {
    it('is now for the first collection, the same for those within 30 s of it, and now again after that', async () => {
      expect(await end(0)).toEqual(later(0));
      expect(await end(10)).toEqual(later(0));
      expect(await end(29.9)).toEqual(later(0));
      expect(await end(30)).toEqual(later(30));
      expect(await end(45)).toEqual(later(30));
    });

    it('is one for each project', async () => {
      await end(0);
      expect(await end(10, 'other')).toEqual(later(10));
    });

    it('of a process whose clock is ten minutes ahead is nobody else’s', async () => {
      await end(600);
      expect(await end(0)).toEqual(later(0));
      expect(await end(600)).toEqual(later(600));
    });
  });
});
