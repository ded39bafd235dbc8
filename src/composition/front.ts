import type { Logger } from 'pino';
import type { ServerEnvironment } from '../config/environment.ts';
import type { IntakeServer } from '../intake/server.ts';
import type { Queue } from '../queue/port.ts';
import { openStore, type Store } from '../store/open.ts';
import { attempts } from '../worker/deliveries.ts';
import { openMetrics, type OpenMetrics } from './metrics/open.ts';
import { openReadiness, type Readiness } from './readiness.ts';
import type { Tracing } from './tracing/export.ts';
import { openTracing } from './tracing/open.ts';

/** What webhooks are taken with. */
export interface FrontOptions {
  environment: ServerEnvironment;
  now: () => Date;
  log: Logger;
  /** Pause before a failed delivery is tried again; it doubles each time. Default 1. */
  retryDelaySeconds?: number;
  onFatal?: (error: Error) => void;
}

/** Takes webhooks and stores them, and tells its health, whether what carries them out is there yet or not. */
export interface Front {
  store: Store;
  queue: Queue;
  intake: IntakeServer;
  /** `starting` fails in it until it is told that the rest is there. */
  readiness: Readiness;
  metrics: OpenMetrics;
  /** Null where no traces are wanted. */
  tracing: Tracing | null;
}

/** With pauses of a minute, an hour of trying: an update whose text is there is worth posting late. */
const publicationRetries = 60;

/**
 * Opens the store, starts the queue and, last, the intake. Imports no more than that takes: a process answers GitHub while
 * the rest of it is still being read from the disk.
 */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { environment, now, log } = options;
  const opened: (() => Promise<void>)[] = [];
  try {
    const metrics = await openMetrics(environment.metricsToken !== null, () => performance.now());
    opened.push(async () => metrics.registry?.close());
    const tracing = await openTracing(environment.traces, log);
    opened.push(async () => tracing?.close());
    // What is large is read while the database is being connected to.
    const [store, { startQueue }, { listen }] = await Promise.all([
      openStore({
        url: environment.databaseUrl,
        log,
        ...(options.onFatal === undefined ? {} : { onFatal: options.onFatal }),
      }),
      import('../queue/queue.ts'),
      import('./listen.ts'),
    ]);
    opened.push(() => store.close());
    const plain = await startQueue(store, {
      now,
      log,
      retry: { limit: attempts - 1, delaySeconds: options.retryDelaySeconds ?? 1 },
      retryLimits: { publications: publicationRetries },
      watch: metrics.watches.job,
    });
    const queue = tracing === null ? plain : await traced(plain);
    opened.push(() => queue.stop({ graceMs: 0 }));
    const readiness = await openReadiness({ store, queue, clock: () => performance.now(), log });
    const behind = { store, queue, readiness, metrics, tracing };
    const intake = await listen(options, behind);
    log.info({ url: intake.url, database: store.kind }, 'listening');
    return { ...behind, intake };
  } catch (error) {
    for (const close of opened.toReversed()) await close();
    throw error;
  }
}

async function traced(queue: Queue): Promise<Queue> {
  const { tracedQueue } = await import('./tracing/traced-queue.ts');
  return tracedQueue(queue);
}

/** Takes nothing more, hands back what runs, and lets go of all that was opened. */
export async function closeFront(front: Front): Promise<void> {
  try {
    await front.intake.close(0);
    await front.queue.stop({ graceMs: 0 });
  } finally {
    await releaseFront(front);
  }
}

/** What is left to do when intake and queue have been stopped: the database, and whoever looks on. */
export async function releaseFront({ store, tracing, metrics }: Front): Promise<void> {
  try {
    await store.close();
  } finally {
    await tracing?.close();
    await metrics.registry?.close();
  }
}
