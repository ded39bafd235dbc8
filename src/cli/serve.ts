import { setTimeout as pause } from 'node:timers/promises';
import { pino, type Logger } from 'pino';
import { openFront, type FrontOptions } from '../composition/front.ts';
import type { Sitrep } from '../index.ts';
import { isBeforeSetUp } from '../config/environment.ts';
import { createLog } from '../log.ts';
import { StoreError } from '../store/errors.ts';
import { serverEnvironment } from './environment.ts';
import { ExpectedError, type CommandLine } from './io.ts';
import { listening } from './listening.ts';

/** Runs the server until it is interrupted; where there is no App yet, the page that makes one. */
export async function runServer(line: CommandLine): Promise<void> {
  if (isBeforeSetUp(line.environment)) {
    const { setUp } = await import('./set-up.ts');
    await setUp(line);
  } else {
    await serve(line);
  }
}

async function serve(line: CommandLine): Promise<void> {
  const environment = await serverEnvironment(line);
  const log = createLog(environment.logLevel, pino.destination(1));
  const crashed = (error: unknown) => log.fatal({ err: error }, 'ends with an error');
  // Only looks on: `src/cli.ts` ends the process.
  process.on('uncaughtExceptionMonitor', crashed);
  try {
    await untilEnded(line, log, (onFatal) =>
      listening(
        startBehindFront({ environment, now: line.now, log, onFatal }),
        'set HOST and PORT to an address that is free',
      ),
    );
  } catch (error) {
    if (!(error instanceof ExpectedError || error instanceof StoreError)) crashed(error);
    throw error;
  } finally {
    process.off('uncaughtExceptionMonitor', crashed);
  }
}

/** Loading the rest keeps the process busy: who waited for it to listen is answered before. Milliseconds. */
const answeringMs = 200;

/** Webhooks are taken before the rest of the server is loaded: what is stored is carried out when it is there. */
async function startBehindFront(options: FrontOptions): Promise<Sitrep> {
  const front = await openFront(options);
  await pause(answeringMs);
  const { environment, log } = options;
  if (environment.policy === null) log.warn('SITREP_POLICY is not set: nothing outside GitHub is read');
  const { startSitrep } = await import('../index.ts');
  return await startSitrep(options, front);
}

/** Runs a server until it is interrupted, or until it cannot go on; stops it either way. */
async function untilEnded(
  line: CommandLine,
  log: Logger,
  startServer: (onFatal: (error: Error) => void) => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  const fatal = Promise.withResolvers<Error>();
  const ended = Promise.race([line.interrupted(), fatal.promise]);
  const server = await startServer(fatal.resolve);
  const fault = await ended;
  log.info('stopping');
  try {
    await server.stop();
  } catch (error) {
    if (fault === undefined) throw error;
    log.error({ err: error }, 'could not be stopped in order');
  }
  if (fault !== undefined) throw fault;
}
