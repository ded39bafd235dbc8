import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pauseWrites, pruneWrites, takeWrite, type WriteLimits } from '../../src/store/github-budget.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from './engines.ts';

const { all, stop } = engines();
afterAll(stop);

/** GitHub's own, with a bucket that is slow to fill so that a slow machine changes nothing. */
const limits: WriteLimits = { burst: 5, perSecond: 0.01, perMinute: 80, perHour: 500 };
const wide: WriteLimits = { burst: 100_000, perSecond: 1, perMinute: 100_000, perHour: 100_000 };
const installation = 41;

describe.each(all)('the budget of writes on $name', ({ create }) => {
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
    await store.run('delete from github_write; delete from github_budget');
  });

  /** Takes so many writes; gives how many were given, and the wait that the first refusal named, in seconds. */
  async function take(times: number, within: WriteLimits, courtesy = false, of = installation) {
    let given = 0;
    let waitSeconds = 0;
    for (let time = 0; time < times; time += 1) {
      const waitMs = await takeWrite(store.db, of, within, courtesy);
      if (waitMs === 0) given += 1;
      else if (waitSeconds === 0) waitSeconds = waitMs / 1_000;
    }
    return { given, waitSeconds };
  }

  /** Lets time pass for what was written so far. */
  async function pass(seconds: number): Promise<void> {
    await store.run(`update github_write set at = at - interval '${String(seconds)} s';
      update github_budget set bucket_full_at = bucket_full_at - interval '${String(seconds)} s',
        paused_until = paused_until - interval '${String(seconds)} s'`);
  }

  it('gives a burst at once, then what comes back each second', async () => {
    const first = await take(8, limits);
    expect(first.given).toBe(5);
    expect(first.waitSeconds).toBeGreaterThan(80);
    expect(first.waitSeconds).toBeLessThanOrEqual(100);
    await pass(200);
    expect((await take(8, limits)).given).toBe(2);
    await pass(10_000);
    expect((await take(8, limits)).given).toBe(5);
  });

  it.each([
    ['minute', { ...wide, perMinute: 80 }, 80, 60],
    ['hour', { ...wide, perHour: 500 }, 500, 3_600],
  ])('keeps to the limit of a %s, in every window of it', async (_unit, within, most, window) => {
    expect((await take(most / 2, within)).given).toBe(most / 2);
    await pass(window / 2);
    const second = await take(most, within);
    expect(second.given).toBe(most / 2);
    expect(second.waitSeconds).toBeGreaterThan(window / 2 - 30);
    expect(second.waitSeconds).toBeLessThanOrEqual(window / 2);
    await pass(window / 2);
    expect((await take(most, within)).given).toBe(most / 2);
  });

  it('leaves a fifth to comments: courtesies wait sooner', async () => {
    expect((await take(8, limits, true)).given).toBe(4);
    expect((await take(8, limits)).given).toBe(1);
  });

  it('is one for each installation', async () => {
    await take(8, limits);
    expect((await take(8, limits, false, 42)).given).toBe(5);
  });

  it('is kept by those who race for it', async () => {
    const waits = await Promise.all(
      Array.from({ length: 20 }, () => takeWrite(store.db, installation, limits, false)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  });

  it('is closed for as long as GitHub asked for a pause, the longest where it asked twice', async () => {
    await pauseWrites(store.db, installation, 60_000);
    await pauseWrites(store.db, installation, 1_000);
    const { given, waitSeconds } = await take(1, limits);
    expect(given).toBe(0);
    expect(waitSeconds).toBeGreaterThan(30);
    await pass(60);
    expect((await take(1, limits)).given).toBe(1);
  });

  it('forgets what counts no longer, and that only', async () => {
    await take(3, wide);
    await pass(3_601);
    await take(2, wide);
    await pruneWrites(store.db);
    expect((await store.run('select * from github_write')).rows).toHaveLength(2);
  });
});
