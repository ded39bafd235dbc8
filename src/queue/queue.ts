import { randomUUID } from 'node:crypto';
import type { PgBoss } from 'pg-boss';
import { z } from 'zod';
import { startBoss, type Retry } from './boss.ts';
import { channel, enqueue, enqueueAll } from './enqueue.ts';
import { openLane, type Lane } from './lane.ts';
import type { Queue, QueueLog, QueueName, QueueStore, WatchJobs } from './port.ts';
import { carried, forgetJobs, giveBackAll, isBusy, pending, putOff, releaseKeys } from './recover.ts';
import { createStatistics } from './statistics.ts';

/** How often each lane looks by itself: for retries, jobs put off, and notifications that were missed. */
const pollMs = 1_000;
/** How often PostgreSQL hears that this process lives; a third of the time after which it is taken for dead. */
const touchMs = 3_000;
/** How often what others left behind is looked for. On the embedded database there are no others. */
const upkeepMs = { postgres: 5_000, pglite: 60_000 } as const;
const defaultRetry: Retry = { limit: 5, delaySeconds: 1 };

export interface QueueOptions {
  now: () => Date;
  log: QueueLog;
  retry?: Retry;
  /** Tries after the first of queues whose work is worth more patience. */
  retryLimits?: Partial<Record<QueueName, number>>;
  newId?: () => string;
  /** Nobody hears of jobs where it is missing. */
  watch?: WatchJobs | undefined;
}

/** Starts the queue on an open store. Jobs that an earlier process left unfinished run again. */
export async function startQueue(
  store: QueueStore,
  { now, log, retry = defaultRetry, retryLimits = {}, newId = randomUUID, watch }: QueueOptions,
): Promise<Queue> {
  const lanes = new Map<QueueName, Lane>();
  const wakeAll = () => lanes.forEach((lane) => lane.wake());
  // Hearing takes a connection of its own, which is made while pg-boss looks at its tables.
  const [started, heard] = await Promise.allSettled([
    startedBoss(store, log, retry, retryLimits),
    store.listen(channel, (name) => lanes.forEach((lane) => lane.name === name && lane.wake())),
  ]);
  if (started.status === 'rejected') {
    if (heard.status === 'fulfilled') await heard.value.close();
    throw started.reason;
  }
  const boss = started.value;
  if (heard.status === 'rejected') {
    await boss.stop({ graceful: false, close: false });
    throw heard.reason;
  }
  const listener = heard.value;
  const statistics = createStatistics(store, log, () => performance.now());
  const timers = [
    setInterval(wakeAll, pollMs),
    setInterval(
      quietly(log, () => upkeep(boss, store)),
      upkeepMs[store.kind],
    ),
    ...(store.kind === 'postgres'
      ? [
          setInterval(
            quietly(log, () => touch(boss, lanes)),
            touchMs,
          ),
        ]
      : []),
  ];

  return {
    async enqueue(trx, queue, data, options = {}) {
      statistics.grew(1);
      return await enqueue({ boss, now, newId }, trx, queue, data, options);
    },
    async enqueueAll(trx, queue, jobs) {
      statistics.grew(jobs.length);
      await enqueueAll(boss, trx, queue, jobs);
    },
    async work(name, handle) {
      if (lanes.has(name)) throw new Error(`The queue ${name} is worked already`);
      const lane = openLane({
        boss,
        name,
        handle,
        log,
        refresh: () => statistics.refresh(),
        putOff: (claim, afterMs, reason) => putOff(store, name, [claim], { afterMs, reason }),
        onFailure: () => releaseKeys(store),
        watch,
      });
      lanes.set(name, lane);
      lane.wake();
    },
    works: () => [...lanes.values()].every((lane) => lane.works()),
    pending: (queues) => pending(store, queues),
    forget: (trx, orphaned) => forgetJobs(trx, orphaned),
    carried: (queue, field, values) => carried(store, queue, field, values),
    async rest() {
      wakeAll();
      for (;;) {
        const change = Promise.race([...lanes.values()].map((lane) => lane.changed()));
        if (!(await isBusy(store, [...lanes.keys()]))) return;
        await change;
      }
    },
    async stop({ graceMs }) {
      timers.forEach((timer) => clearInterval(timer));
      const halted = [...lanes.values()].map((lane) => lane.halt());
      await listener.close();
      await Promise.all(halted);
      await withinGrace(lanes, graceMs);
      for (const lane of lanes.values()) {
        lane.abandon();
        const claims = lane.running();
        lane.abort(new Set(claims.map(({ id }) => id)), new Error('Sitrep is stopping.'));
        if (claims.length > 0)
          await putOff(store, lane.name, claims, { afterMs: 0, reason: 'Sitrep stopped while the job ran.' });
      }
      await boss.stop({ graceful: false, close: false });
    },
  };
}

/** Starts pg-boss; gives back what an earlier process left unfinished. */
async function startedBoss(
  store: QueueStore,
  log: QueueLog,
  retry: Retry,
  retryLimits: Partial<Record<QueueName, number>>,
): Promise<PgBoss> {
  const boss = await startBoss(store, log, retry, retryLimits);
  if (store.kind === 'pglite') await giveBackAll(boss, store);
  await releaseKeys(store);
  await store.keep();
  return boss;
}

/** Waits until nothing runs, at most so long. */
async function withinGrace(lanes: Map<QueueName, Lane>, graceMs: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, graceMs);
  const idle = (async () => {
    for (const lane of lanes.values()) while (lane.running().length > 0) await lane.changed();
  })();
  await Promise.race([idle, over.promise]);
  clearTimeout(timer);
}

/** Fails jobs whose process died, and clears away old ones; pg-boss sees to it that one process at a time does. */
async function upkeep(boss: PgBoss, store: QueueStore): Promise<void> {
  await boss.supervise();
  await releaseKeys(store);
}

const touched = z.object({ settled: z.array(z.string()).optional() });

/** Says that this process lives, and aborts the jobs that another one was given in the meantime. */
async function touch(boss: PgBoss, lanes: Map<QueueName, Lane>): Promise<void> {
  for (const lane of lanes.values()) {
    const claims = lane.running();
    if (claims.length === 0) continue;
    const { settled } = touched.parse(await boss.touch(lane.name, claims));
    if (settled === undefined) continue;
    const kept = new Set(settled);
    const lost = claims.map(({ id }) => id).filter((id) => !kept.has(id));
    lane.abort(new Set(lost), new Error('Another process has taken over the job.'));
  }
}

function quietly(log: QueueLog, action: () => Promise<void>): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    action()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'Upkeep of the job queue failed; it is tried again.'),
      )
      .finally(() => {
        running = false;
      });
  };
}
