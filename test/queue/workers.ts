import type { EnqueueOptions, Job, Queue, QueueName } from '../../src/queue/port.ts';
import { startQueue, type QueueOptions } from '../../src/queue/queue.ts';
import type { Store } from '../../src/store/open.ts';
import { silentLog } from '../store/engines.ts';

/** The queue of one process, with a short way to enqueue. */
export interface Workers extends Queue {
  /** Enqueues in a transaction of its own. */
  add: (data: object, options?: EnqueueOptions, queue?: QueueName) => Promise<string | null>;
}

/** Failed jobs are tried twice again, without a pause. */
export async function startWorkers(store: Store, options: Partial<QueueOptions> = {}): Promise<Workers> {
  const retry = { limit: 2, delaySeconds: 0 };
  const queue = await startQueue(store, { now: () => new Date(), log: silentLog, retry, ...options });
  return {
    ...queue,
    add: async (data, enqueueOptions, name = 'commands') =>
      await store.db.transaction().execute((trx) => queue.enqueue(trx, name, data, enqueueOptions)),
  };
}

/** A handler that notes what it is given, and then does as it is told. */
export function notebook(then: (job: Job) => Promise<void> = () => Promise.resolve()) {
  const runs: { data: unknown; attempt: number }[] = [];
  const handle = async (job: Job): Promise<void> => {
    runs.push({ data: job.data, attempt: job.attempt });
    await then(job);
  };
  return { runs, handle };
}

/** Something that one part of a test waits for until another lets it. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
