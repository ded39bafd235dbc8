import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ServerEnvironment } from '../config/environment.ts';
import { namesRepository } from '../config/policy.ts';
import { startIntake, type IntakeServer } from '../intake/server.ts';
import type { Queue } from '../queue/port.ts';
import { openStore, type Store } from '../store/open.ts';
import { attempts } from '../worker/deliveries.ts';
import { acceptInto } from './deliveries.ts';
import { replayJournal } from './journal.ts';

/** What webhooks are taken with. */
export interface FrontOptions {
  environment: ServerEnvironment;
  now: () => Date;
  log: Logger;
  /** Pause before a failed delivery is tried again; it doubles each time. Default 1. */
  retryDelaySeconds?: number;
  onFatal?: (error: Error) => void;
}

/** Takes webhooks and stores them, whether what carries them out is there yet or not. */
export interface Front {
  store: Store;
  queue: Queue;
  intake: IntakeServer;
}

/** With pauses of a minute, an hour of trying: an update whose text is there is worth posting late. */
const publicationRetries = 60;

/**
 * Opens the store, starts the queue and, last, the intake. Imports no more than that takes: a process answers GitHub while
 * the rest of it is still being read from the disk.
 */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { environment, now, log } = options;
  const [store, { startQueue }] = await Promise.all([
    openStore({
      url: environment.databaseUrl,
      log,
      ...(options.onFatal === undefined ? {} : { onFatal: options.onFatal }),
    }),
    // The queue's package is large: it is read while the database is being connected to.
    import('../queue/queue.ts'),
  ]);
  try {
    const queue = await startQueue(store, {
      now,
      log,
      retry: { limit: attempts - 1, delaySeconds: options.retryDelaySeconds ?? 1 },
      retryLimits: { publications: publicationRetries },
    });
    try {
      const intake = await listen(options, store, queue);
      log.info({ url: intake.url, database: store.kind }, 'listening');
      return { store, queue, intake };
    } catch (error) {
      await queue.stop({ graceMs: 0 });
      throw error;
    }
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function listen(
  { environment, now, log }: FrontOptions,
  store: Store,
  queue: Queue,
): Promise<IntakeServer> {
  const accept = acceptInto(store, queue, now);
  await replayJournal(store, accept, log);
  return await startIntake({
    host: environment.host,
    port: environment.port,
    appId: environment.appId,
    secret: environment.webhookSecret,
    previousSecret: environment.webhookSecretPrevious,
    accept,
    servesFork: (repository) => namesRepository(environment.policy, repository),
    now,
    randomId: randomUUID,
    log,
  });
}

/** Takes nothing more, and lets go of all that it opened. */
export async function closeFront({ intake, queue, store }: Front): Promise<void> {
  await intake.close(0);
  await queue.stop({ graceMs: 0 });
  await store.close();
}
