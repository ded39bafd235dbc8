import type { Logger } from 'pino';
import type { Queue } from '../queue/port.ts';
import { startQueue } from '../queue/queue.ts';
import { attempts } from '../worker/deliveries.ts';
import type { Front } from './front.ts';
import { adoptOrphans } from './orphans.ts';
import { tracedQueue } from './tracing/traced-queue.ts';

export interface QueueBehindOptions {
  now: () => Date;
  log: Logger;
  /** Pause before a failed delivery is tried again; it doubles each time. Default 1. */
  retryDelaySeconds?: number;
}

/** With pauses of a minute, an hour of trying: an update whose text is there is worth posting late. */
const publicationRetries = 60;

/** Starts the queue behind what takes webhooks: what was accepted before, here or by a process that ended, has its job then. */
export async function startQueueBehind(
  { store, acceptance, metrics, tracing }: Front,
  { now, log, retryDelaySeconds = 1 }: QueueBehindOptions,
): Promise<Queue> {
  const plain = await startQueue(store, {
    now,
    log,
    retry: { limit: attempts - 1, delaySeconds: retryDelaySeconds },
    retryLimits: { publications: publicationRetries },
    watch: metrics.watches.job,
  });
  const queue = tracing === null ? plain : tracedQueue(plain);
  try {
    await acceptance.begin(queue);
    const adopted = await adoptOrphans(store, queue);
    if (adopted > 0) log.warn({ adopted }, 'accepted work that had no job is taken up');
    return queue;
  } catch (error) {
    await queue.stop({ graceMs: 0 });
    throw error;
  }
}
