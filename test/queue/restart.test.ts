import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDelivery, unfinishedDeliveries } from '../../src/store/deliveries.ts';
import { z } from 'zod';
import type { Store } from '../../src/store/open.ts';
import { engines, open, type TestDatabase } from '../store/engines.ts';
import { delivery } from '../store/fixtures.ts';
import { gate, notebook, startWorkers } from './workers.ts';

const keyed = z.object({ key: z.string(), n: z.number() });
const { all, stop } = engines();
afterAll(stop);

describe.each(all.filter(({ lasts }) => lasts))('jobs on $name', ({ create }) => {
  let database: TestDatabase;
  let child: ChildProcess | null = null;
  beforeEach(async () => {
    database = await create();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await database.drop();
  });

  async function killBusyProcess(): Promise<void> {
    const script = fileURLToPath(new URL('./busy-process.ts', import.meta.url));
    child = spawn(process.execPath, [script, database.url], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout === null) throw new Error('the process has no output');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** What the next process runs until it rests. */
  async function runNext(before: (store: Store) => Promise<void> = () => Promise.resolve()) {
    const store = await open(database.url);
    const queue = await startWorkers(store);
    await before(store);
    const { runs, handle } = notebook();
    await queue.work('commands', handle);
    await queue.rest();
    await queue.stop({ graceMs: 0 });
    await store.close();
    return runs;
  }

  it('that were waiting when the process stopped run in the next', async () => {
    const first = await open(database.url);
    const stopping = await startWorkers(first);
    await stopping.add({ n: 1 }, { key: 'same' });
    await stopping.add({ n: 2 }, { key: 'same' });
    await stopping.stop({ graceMs: 0 });
    await first.close();
    expect(await runNext()).toEqual([
      { data: { n: 1 }, attempt: 1 },
      { data: { n: 2 }, attempt: 1 },
    ]);
  });

  it('that run when the grace is over are aborted, and run again in the next process', async () => {
    const first = await open(database.url);
    const stopping = await startWorkers(first);
    const started = gate();
    const aborted = gate();
    await stopping.work('commands', async ({ signal }) => {
      started.open();
      signal.addEventListener('abort', () => aborted.open());
      await new Promise(() => undefined);
    });
    await stopping.add({ n: 1 });
    await started.opened;
    await stopping.stop({ graceMs: 0 });
    await aborted.opened;
    expect((await first.run('select state from pgboss.job')).rows).toEqual([{ state: 'retry' }]);
    await first.close();
    expect(await runNext()).toEqual([{ data: { n: 1 }, attempt: 1 }]);
  });

  it('that ran in a process that was killed run again, and nothing acknowledged is lost', async () => {
    await killBusyProcess();
    const runs = await runNext(async (store) => {
      expect(await findDelivery(store.db, delivery.guid)).toMatchObject({ state: 'received' });
      expect(await unfinishedDeliveries(store.db)).toEqual([delivery.guid]);
      // On a server other processes may live: the killed one is taken for dead when its heartbeat is 10 s old.
      if (store.kind === 'postgres')
        await store.run(`update pgboss.job set heartbeat_on = now() - interval '11 s'`);
    });
    expect(runs).toEqual([{ data: { guid: delivery.guid }, attempt: 2 }]);
  });
});

describe.each(all.filter(({ name }) => name === 'PostgreSQL'))('several processes on $name', ({ create }) => {
  it('start together, share the work, and keep the order of each key', async () => {
    const database = await create();
    const stores = await Promise.all([1, 2, 3].map(() => open(database.url)));
    const queues = await Promise.all(stores.map((store) => startWorkers(store)));
    const runs: { key: string; n: number }[] = [];
    const running = new Set<string>();
    let overlaps = 0;
    for (const queue of queues) {
      await queue.work('commands', async ({ data }) => {
        const run = keyed.parse(data);
        if (running.has(run.key)) overlaps += 1;
        running.add(run.key);
        runs.push(run);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running.delete(run.key);
      });
    }
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (let n = 0; n < 8; n += 1) for (const key of keys) await queues[n % 3]?.add({ key, n }, { key });
    await Promise.all(queues.map((queue) => queue.rest()));
    await Promise.all(queues.map((queue) => queue.stop({ graceMs: 0 })));
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
    expect(overlaps).toBe(0);
    for (const key of keys) {
      expect(runs.filter((run) => run.key === key).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
  });

  it('abort a job that another one was given meanwhile, and leave its outcome to that one', async () => {
    const database = await create();
    const store = await open(database.url);
    const queue = await startWorkers(store);
    const reason = Promise.withResolvers<unknown>();
    await queue.work('commands', async ({ signal }) => {
      // what the claim of another process does to the row
      await store.run('update pgboss.job set retry_count = retry_count + 1');
      signal.addEventListener('abort', () => reason.resolve(signal.reason));
      await reason.promise;
    });
    await queue.add({ n: 1 });
    expect(String(await reason.promise)).toContain('Another process has taken over');
    await queue.stop({ graceMs: 20_000 });
    expect((await store.run('select state, retry_count from pgboss.job')).rows).toEqual([
      { state: 'active', retry_count: 1 },
    ]);
    await store.close();
    await database.drop();
  });
});
