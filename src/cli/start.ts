import { setTimeout as pause } from 'node:timers/promises';
import { pino, type Logger } from 'pino';
import type { FrontOptions } from '../composition/front.ts';
import type { Sitrep } from '../index.ts';
import { isBeforeSetUp } from '../config/environment.ts';
import { createLog } from '../log.ts';
import { StoreError } from '../store/errors.ts';
import { serverEnvironment } from './environment.ts';
import { exit, ExpectedError, type CommandLine } from './io.ts';
import { listening } from './listening.ts';
import type { Subcommand } from './subcommand.ts';

/** `sitrep start`: the server. */
export const start: Subcommand = {
  name: 'start',
  summary:
    'runs the server: intake, queue, workers; SIGINT and SIGTERM end it. Without any credentials it opens a page that makes the GitHub App',
  examples: [
    'sitrep start',
    'GH_ORG=acme sitrep start',
    'APP_ID=… PRIVATE_KEY_PATH=key.pem WEBHOOK_SECRET=… sitrep start',
  ],
  declare: (command, line, done) =>
    void command.action(async () => {
      if (isBeforeSetUp(line.environment)) {
        const { setUp } = await import('./set-up.ts');
        await setUp(line);
      } else {
        await serve(line);
      }
      done(exit.done);
    }),
};

async function serve(line: CommandLine): Promise<void> {
  const environment = await serverEnvironment(line);
  const log = createLog(environment.logLevel, pino.destination(1));
  if (environment.policy === null) log.warn('SITREP_POLICY is not set: nothing outside GitHub is read');
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
  const { openFront } = await import('../composition/front.ts');
  const front = await openFront(options);
  await pause(answeringMs);
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
