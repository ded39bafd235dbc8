import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ServerEnvironment } from '../config/environment.ts';
import type { IntakeServer } from '../intake/server.ts';
import type { Engine } from '../store/engine.ts';
import type { Store } from '../store/open.ts';
import { isServer, openPostgres } from '../store/postgres.ts';
import type { Acceptance } from './deliveries.ts';
import type { OpenMetrics } from './metrics/open.ts';
import type { Readiness } from './readiness.ts';
import type { Tracing } from './tracing/export.ts';

/** What webhooks are taken with. */
export interface FrontOptions {
  environment: ServerEnvironment;
  now: () => Date;
  log: Logger;
  onFatal?: (error: Error) => void;
}

/** Takes webhooks and stores them, and tells its health, whether what carries them out is there yet or not. */
export interface Front {
  store: Store;
  intake: IntakeServer;
  /** Stores deliveries without jobs until it is given the queue. */
  acceptance: Acceptance;
  /** `starting` fails in it until it is told that the rest is there. */
  readiness: Readiness;
  metrics: OpenMetrics;
  /** Null where no traces are wanted. */
  tracing: Tracing | null;
}

/**
 * Opens the store and, last, the intake. Imports no more than that takes: a process answers GitHub while the rest of it is
 * still being read from the disk, and its queue is not started yet.
 */
export async function openFront(options: FrontOptions): Promise<Front> {
  const server = connecting(options.environment.databaseUrl, options.log);
  // What is large is read while the database is being connected to. Reading leaves no time for anything else, so it is in two
  // pieces, and the database is answered before each.
  await nextTurn();
  await import('../intake/server.ts');
  await nextTurn();
  const { takeWebhooks } = await import('./taking.ts');
  return await takeWebhooks(options, server);
}

/** Begins to connect to a database server; null where there is none. Whoever opens the store hears how it ends. */
function connecting(url: string, log: Logger): Promise<Engine> | null {
  if (!isServer(url)) return null;
  const server = openPostgres({ url, log });
  server.catch(() => undefined);
  return server;
}

/** Takes nothing more, and lets go of all that was opened. */
export async function closeFront(front: Front): Promise<void> {
  try {
    await front.intake.close(0);
  } finally {
    await releaseFront(front);
  }
}

/** What is left to do when the intake has been stopped: the database, and whoever looks on. */
export async function releaseFront({ store, tracing, metrics }: Front): Promise<void> {
  try {
    await store.close();
  } finally {
    await tracing?.close();
    await metrics.registry?.close();
  }
}
