import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { RetryLater } from '../../src/core/retry-later.ts';
import type { QueueOptions } from '../../src/queue/queue.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from '../store/engines.ts';
import { gate, notebook, startWorkers, type Workers } from './workers.ts';

const { all, stop } = engines();
afterAll(stop);

/** Where a job goes after its last try. */
const dead = `select data, source_output as output from pgboss.job where name = 'commands-dead'`;
const numbered = z.object({ n: z.number() });
const keyed = z.object({ key: z.string(), n: z.number() });

describe.each(all)('the queue on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;
  let queue: Workers;

  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  afterEach(async () => {
    await queue.stop({ graceMs: 0 });
    await store.run('delete from pgboss.job');
  });

  async function start(options?: Partial<QueueOptions>): Promise<void> {
    queue = await startWorkers(store, options);
  }

  it('runs a job when its transaction commits, and never if it rolls back', async () => {
    await start();
    const { runs, handle } = notebook();
    await queue.work('commands', handle);
    const rolledBack = store.db.transaction().execute(async (trx) => {
      await queue.enqueue(trx, 'commands', { n: 'rolled back' });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await queue.add({ n: 'committed' });
    await queue.rest();
    expect(runs).toEqual([{ data: { n: 'committed' }, attempt: 1 }]);
  });

  it('makes one job of an id', async () => {
    await start();
    const { runs, handle } = notebook();
    await queue.work('commands', handle);
    const id = '0d9f6c6e-6a55-5d0e-9a39-0c7f4c1c2a01';
    const made = await Promise.all([queue.add({ n: 1 }, { id }), queue.add({ n: 2 }, { id })]);
    await queue.rest();
    expect(made.filter((each) => each === id)).toHaveLength(1);
    expect(await queue.add({ n: 3 }, { id })).toBeNull();
    await queue.rest();
    expect(runs).toHaveLength(1);
  });

  it('runs the jobs of a key one at a time in their order, those of different keys together', async () => {
    await start();
    const running = new Set<string>();
    const together = { ofOneKey: 0, ofAll: 0 };
    const order: Record<string, number[]> = {};
    await queue.work('commands', async ({ data }) => {
      const { key, n } = keyed.parse(data);
      if (running.has(key)) together.ofOneKey += 1;
      running.add(key);
      together.ofAll = Math.max(together.ofAll, running.size);
      (order[key] ??= []).push(n);
      await new Promise((resolve) => setTimeout(resolve, n % 3));
      running.delete(key);
    });
    const keys = ['a', 'b', 'c', 'd'];
    for (let n = 0; n < 12; n += 4) {
      // two of each key in one transaction, then two one by one
      await store.db.transaction().execute(async (trx) => {
        for (const more of [0, 1]) {
          for (const key of keys) await queue.enqueue(trx, 'commands', { key, n: n + more }, { key });
        }
      });
      for (const more of [2, 3]) for (const key of keys) await queue.add({ key, n: n + more }, { key });
    }
    await queue.rest();
    const expected = Array.from({ length: 12 }, (_, n) => n);
    expect(order).toEqual(Object.fromEntries(keys.map((key) => [key, expected])));
    expect(together.ofOneKey).toBe(0);
    expect(together.ofAll).toBeGreaterThan(1);
  });

  it('keeps the order of arrival where the ids sort the other way', async () => {
    await start();
    const { runs, handle } = notebook();
    await store.db.transaction().execute(async (trx) => {
      for (const digit of ['3', '2', '1']) {
        const id = `0d9f6c6e-6a55-5d0e-9a39-00000000000${digit}`;
        await queue.enqueue(trx, 'commands', { digit }, { id, key: 'same' });
      }
    });
    await queue.work('commands', handle);
    await queue.rest();
    expect(runs.map(({ data }) => data)).toEqual([{ digit: '3' }, { digit: '2' }, { digit: '1' }]);
  });

  it('puts jobs that are added together behind those of their keys, in their order', async () => {
    await start();
    const { runs, handle } = notebook();
    await queue.add({ n: 0 }, { key: 'same' });
    // As if its transaction had begun after the one of the next jobs, and ended before it.
    await store.run(`update pgboss.job set created_on = created_on + interval '1 hour'`);
    const jobs = [1, 2, 3].map((n) => ({ data: { n }, key: 'same' }));
    await store.db.transaction().execute((trx) => queue.enqueueAll(trx, 'commands', jobs));
    await store.db.transaction().execute((trx) => queue.enqueueAll(trx, 'commands', []));
    await queue.add({ n: 4 }, { key: 'same' });
    await queue.work('commands', handle);
    await queue.rest();
    expect(runs.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4].map((n) => ({ n })));
  });

  it('runs jobs without a key together: each of two waits for the other', async () => {
    await start();
    const gates = [gate(), gate()];
    const { runs, handle } = notebook(async ({ data }) => {
      const { n } = numbered.parse(data);
      gates[n]?.open();
      await gates[1 - n]?.opened;
    });
    await queue.work('commands', handle);
    await queue.add({ n: 0 });
    await queue.add({ n: 1 });
    await queue.rest();
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it('has the database count a burst anew, so that it plans for it', async () => {
    await start();
    const jobs = Array.from({ length: 1_200 }, (_, n) => ({ data: { n }, key: `issue ${String(n % 300)}` }));
    await store.db.transaction().execute((trx) => queue.enqueueAll(trx, 'commands', jobs));
    await queue.work('commands', () => new Promise(() => undefined));
    const counted = `select sum(reltuples) as jobs from pg_class where relname like 'job%' and relkind = 'r'`;
    await expect
      .poll(async () => Number((await store.run(counted)).rows[0]?.['jobs']), { timeout: 20_000 })
      .toBeGreaterThan(1_000);
  });

  it('is not held up by a slow job', async () => {
    await start();
    const slow = gate();
    const others = gate();
    const finished: number[] = [];
    await queue.work('commands', async ({ data }) => {
      const { n } = numbered.parse(data);
      if (n === 0) await slow.opened;
      finished.push(n);
      if (finished.length === 25) others.open();
    });
    for (let n = 0; n <= 25; n += 1) await queue.add({ n });
    await others.opened;
    expect(finished).not.toContain(0);
    slow.open();
    await queue.rest();
    expect(finished.at(-1)).toBe(0);
  });

  it('tries a failed job again before the next of its key', async () => {
    await start();
    const { runs, handle } = notebook(async ({ data, attempt }) => {
      if (numbered.parse(data).n === 1 && attempt < 3) throw new Error('GitHub answered 502');
    });
    await queue.add({ n: 1 }, { key: 'same' });
    await queue.add({ n: 2 }, { key: 'same' });
    await queue.work('commands', handle);
    await queue.rest();
    expect(runs).toEqual([
      { data: { n: 1 }, attempt: 1 },
      { data: { n: 1 }, attempt: 2 },
      { data: { n: 1 }, attempt: 3 },
      { data: { n: 2 }, attempt: 1 },
    ]);
  });

  it('puts a job off without counting a try, and its key waits with it', async () => {
    await start();
    const { runs, handle } = notebook(async ({ data }) => {
      if (numbered.parse(data).n === 1 && runs.length < 5)
        throw new RetryLater('GitHub asks for a pause', 20);
    });
    await queue.add({ n: 1 }, { key: 'same' });
    await queue.add({ n: 2 }, { key: 'same' });
    await queue.work('commands', handle);
    await vi.waitUntil(() => runs.length === 6, { timeout: 20_000 });
    expect(runs).toEqual([
      ...Array.from({ length: 5 }, () => ({ data: { n: 1 }, attempt: 1 })),
      { data: { n: 2 }, attempt: 1 },
    ]);
  });

  it('aborts a run whose job is given out again', async () => {
    await start();
    const started = gate();
    const aborted = Promise.withResolvers<unknown>();
    const { runs, handle } = notebook(async ({ signal }) => {
      if (runs.length > 1) return;
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      started.open();
      await aborted.promise;
    });
    await queue.work('commands', handle);
    await queue.add({ n: 1 });
    await started.opened;
    // what happens to the job of a process that is taken for dead
    await store.run(`update pgboss.job set state = 'retry'`);
    expect(String(await aborted.promise)).toContain('given out again');
    await queue.rest();
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('puts a job that fails at every try among the dead, and goes on with its key', async () => {
    await start();
    const { runs, handle } = notebook(async ({ data }) => {
      if (numbered.parse(data).n === 1) throw new Error('bad\0 text \uD800');
    });
    await queue.add({ n: 1 }, { key: 'same' });
    await queue.add({ n: 2 }, { key: 'same' });
    await queue.work('commands', handle);
    await queue.rest();
    expect(runs.map(({ data, attempt }) => [numbered.parse(data).n, attempt])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
    expect((await store.run(dead)).rows).toEqual([
      { data: { n: 1 }, output: { message: 'bad text \uFFFD' } },
    ]);
  });

  it('waits longer and longer between the tries, unless told otherwise', async () => {
    await start({ retry: { limit: 5, delaySeconds: 60 } });
    const { handle } = notebook(() => Promise.reject(new Error('GitHub answered 502')));
    await queue.work('commands', handle);
    await queue.add({ n: 1 });
    await queue.rest();
    const { rows } = await store.run(
      `select state, retry_limit, start_after > now() + interval '29 s' as later from pgboss.job`,
    );
    expect(rows).toEqual([{ state: 'retry', retry_limit: 5, later: true }]);
  });

  it('starts jobs after their time on the clock it was given, and rests until then', async () => {
    const noon = new Date('2025-09-15T12:00:00Z');
    await start({ now: () => noon });
    const { runs, handle } = notebook();
    await queue.work('commands', handle);
    await queue.add({ n: 'past' }, { startAfter: new Date('2025-09-15T11:00:00Z') });
    await queue.add({ n: 'future' }, { startAfter: new Date('2025-09-15T13:00:00Z') });
    await queue.rest();
    expect(runs).toEqual([{ data: { n: 'past' }, attempt: 1 }]);
    const { rows } = await store.run(
      `select start_after between now() + interval '59 min' and now() + interval '60 min' as in_an_hour
       from pgboss.job where state = 'created'`,
    );
    expect(rows).toEqual([{ in_an_hour: true }]);
  });

  it('keeps its queues apart, and refuses a second handler', async () => {
    await start();
    const deliveries = notebook();
    const publications = notebook();
    await queue.work('commands', deliveries.handle);
    await queue.work('publications', publications.handle);
    await expect(queue.work('commands', deliveries.handle)).rejects.toThrow('worked already');
    await queue.add({ n: 1 }, {}, 'publications');
    await queue.rest();
    expect([deliveries.runs, publications.runs]).toEqual([[], [{ data: { n: 1 }, attempt: 1 }]]);
  });

  it('waits for running jobs when it stops, and takes no more', async () => {
    await start();
    const started = gate();
    const release = gate();
    const { runs, handle } = notebook(async () => {
      started.open();
      await release.opened;
    });
    await queue.work('commands', handle);
    await queue.add({ n: 1 }, { key: 'same' });
    await queue.add({ n: 2 }, { key: 'same' });
    await started.opened;
    const stopped = queue.stop({ graceMs: 20_000 });
    release.open();
    await stopped;
    expect(runs).toEqual([{ data: { n: 1 }, attempt: 1 }]);
    const { rows } = await store.run(
      'select data, state, started_on is null as untouched from pgboss.job order by data',
    );
    // What was fetched at that moment is handed back, which counts as no try.
    expect(rows).toEqual([
      { data: { n: 1 }, state: 'completed', untouched: false },
      { data: { n: 2 }, state: expect.stringMatching(/^(?:created|retry)$/), untouched: true },
    ]);
  });
});
