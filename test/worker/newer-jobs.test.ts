import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { workSweep } from '../../src/composition/sweep.ts';
import { RetryLater } from '../../src/core/retry-later.ts';
import { handledEvents, isHandled } from '../../src/handlers/dispatch.ts';
import type { Job } from '../../src/queue/port.ts';
import { listDeadLetters } from '../../src/queue/dead-letters.ts';
import type { Store } from '../../src/store/open.ts';
import { workBoard } from '../../src/worker/boards.ts';
import { workCheckpoint } from '../../src/worker/checkpoints.ts';
import { workDelivery, type DeliveryWorkerDeps } from '../../src/worker/deliveries.ts';
import { workHistory } from '../../src/worker/history.ts';
import { workNotification } from '../../src/worker/notifications.ts';
import { workPublication } from '../../src/worker/publications.ts';
import { workSample } from '../../src/worker/samples.ts';
import { notebook, startWorkers } from '../queue/workers.ts';
import { engines, open, silentLog, type TestDatabase } from '../store/engines.ts';

/** Jobs that a newer version made, for a process of the version before that runs beside it. */

const { all, stop } = engines();
afterAll(stop);

let database: TestDatabase;
let store: Store;
beforeEach(async () => {
  const postgres = all.find(({ name }) => name === 'PostgreSQL');
  if (postgres === undefined) throw new Error('no PostgreSQL');
  database = await postgres.create();
  store = await open(database.url);
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

/** What a worker is given: whoever asks it for anything has taken the job up, and fails otherwise than it should. */
const untouched = JSON.parse('null');

test.each<[queue: string, work: (job: Job) => Promise<void>]>([
  ['boards', (job) => workBoard(untouched, job)],
  ['checkpoints', (job) => workCheckpoint(untouched, job)],
  ['commands', (job) => workDelivery(untouched, job)],
  ['history', (job) => workHistory(untouched, job)],
  ['notifications', (job) => workNotification(untouched, job)],
  ['publications', (job) => workPublication(untouched, job)],
  ['samples', (job) => workSample(untouched, job)],
  ['sweep', (job) => workSweep(untouched, job)],
])('the worker of %s gives one back that it cannot read', async (_queue, work) => {
  for (const data of [{ kind: 'of-the-future', incidents: [1] }, null, 'text']) {
    const job = { id: 'id', data, attempt: 1, signal: new AbortController().signal };
    await expect(work(job)).rejects.toSatisfy(
      (error) => error instanceof RetryLater && /newer one that made it/u.test(error.message),
    );
  }
});

test('a webhook whose event only a newer version handles is not done: it waits, for a day at most', async () => {
  let now = new Date('2025-09-15T18:00:00Z');
  const finished: string[] = [];
  const deps: DeliveryWorkerDeps = {
    probot: untouched,
    load: (guid) =>
      Promise.resolve({
        guid,
        event: 'sub_issues',
        payload: { action: 'sub_issue_added' },
        receivedAt: new Date('2025-09-15T18:00:00Z'),
      }),
    handles: ({ event, payload }) => isHandled(event, payload),
    finish: (_guid, state, reason) => {
      finished.push(`${state}: ${reason ?? ''}`);
      return Promise.resolve();
    },
    givenUp: () => Promise.resolve(),
    now: () => now,
    log: silentLog,
  };
  const job = { data: { guid: 'g' }, attempt: 1 };
  await expect(workDelivery(deps, job)).rejects.toThrow(RetryLater);
  expect(finished).toEqual([]);
  now = new Date('2025-09-16T18:00:01Z');
  await workDelivery(deps, job);
  expect(finished).toEqual([
    expect.stringMatching(/^cancelled: put off for longer than a day: .*sub_issues/u),
  ]);
  for (const known of handledEvents) {
    const [event = '', action] = known.split('.');
    expect(isHandled(event, { action })).toBe(true);
  }
  expect(isHandled('issues', {})).toBe(false);
});

test('what an older process hands back is kept, in its order, until a newer one takes it', async () => {
  const older = await startWorkers(store);
  await older.work('boards', (job) => workBoard({ write: () => Promise.resolve(), log: silentLog }, job));
  await older.add({ boards: ['of the future'] }, { key: '7#1' }, 'boards');
  await older.add({ boards: ['the next of that issue'] }, { key: '7#1' }, 'boards');
  const handedBack = async () =>
    (await store.run(`select 1 from pgboss.job where state = 'retry'`)).rows.length > 0;
  await vi.waitUntil(handedBack, { timeout: 20_000 });
  const kept = await store.run(
    `select state, retry_count as tries, output->>'message' as said from pgboss.job where state = 'retry'`,
  );
  expect(kept.rows).toEqual([{ state: 'retry', tries: 0, said: expect.stringContaining('newer one') }]);
  await older.stop({ graceMs: 0 });
  expect(await listDeadLetters(store)).toEqual([]);

  await store.run(`update pgboss.job set start_after = now() where state = 'retry'`); // the pause is over
  const newer = await startWorkers(store);
  const { runs, handle } = notebook();
  await newer.work('boards', handle);
  await newer.rest();
  await newer.stop({ graceMs: 0 });
  expect(runs).toEqual([
    { data: { boards: ['of the future'] }, attempt: 1 },
    { data: { boards: ['the next of that issue'] }, attempt: 1 },
  ]);
});
