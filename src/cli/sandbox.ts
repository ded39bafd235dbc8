import { pino, type DestinationStream, type Logger } from 'pino';
import { createLog } from '../log.ts';
import { isVerbose } from './environment.ts';
import { exit, InputError, type CommandLine } from './io.ts';
import { listening } from './listening.ts';
import { portOption } from './options.ts';
import { watchPlay } from './progress/play.ts';
import { openProgress } from './progress/progress.ts';
import type { Subcommand } from './subcommand.ts';

interface SandboxOptions {
  scenario: string;
  port: number;
  once?: boolean;
  json?: boolean;
}

/** `sitrep sandbox`: an outage to play with, without an account and without a network. */
export const sandbox: Subcommand = {
  name: 'sandbox',
  summary:
    'plays an outage: stand-ins of GitHub and Google Cloud, the real app between them, a page with the issue',
  examples: [
    'sitrep sandbox',
    'sitrep sandbox --scenario crash-on-start --once',
    'sitrep sandbox --scenario path/to/my-outage --once --json',
  ],
  declare: (command, line, done) =>
    void command
      .option(
        '--scenario <NAME>',
        'a name of sandbox/scenarios/, or a directory of the same form',
        'connector-saturated',
      )
      .option('--port <N>', 'port of the page; 0 for any that is free', portOption, 3_000)
      .option('--once', "plays the scenario's script without a page, prints the thread as Markdown, and ends")
      .option('--json', 'with --once: prints thread, labels, diagnosis and snapshot as JSON')
      .action(async ({ scenario, port, once, json }: SandboxOptions) => {
        if (json === true && once !== true) command.error('error: --json needs --once');
        if (once === true) await playOnce(scenario, json === true, line);
        else await openPage(scenario, port, line);
        done(exit.done);
      }),
};

async function playOnce(scenario: string, json: boolean, line: CommandLine): Promise<void> {
  const stage = await import('../../sandbox/once.ts');
  const progress = openProgress(line);
  try {
    const log = logOf(line, { write: (entry) => progress.tell(entry.trimEnd()) });
    const watch = watchPlay(progress, line.now);
    const { markdown, ...played } = await playable(stage.playOnce({ scenario, log, watch }));
    watch.finish();
    progress.end();
    line.out(json ? `${JSON.stringify(played, null, 2)}\n` : markdown);
  } finally {
    progress.end();
  }
}

async function openPage(scenario: string, port: number, line: CommandLine): Promise<void> {
  const interrupted = line.interrupted();
  line.err('starting the stand-ins and the app …\n');
  const { startSandbox } = await import('../../sandbox/run.ts');
  const starting = playable(startSandbox({ scenario, port, log: logOf(line, pino.destination(2)) }));
  const open = await listening(starting, 'choose another one with --port N');
  line.out(`Sitrep's sandbox is on ${open.url}\nWrite /status there. Ctrl-C ends it.\n`);
  await interrupted;
  await open.close();
}

/** The app's log on the error stream, so that output stays clean: trouble only, unless more is asked for. */
function logOf(line: CommandLine, destination: DestinationStream): Logger {
  return createLog(isVerbose(line) ? 'debug' : 'error', destination);
}

/** A scenario that cannot be played is told as that. */
async function playable<Result>(started: Promise<Result>): Promise<Result> {
  try {
    return await started;
  } catch (error) {
    const { ScenarioError } = await import('../../sandbox/scenario/load.ts');
    throw error instanceof ScenarioError ? new InputError(error.message, { cause: error }) : error;
  }
}
