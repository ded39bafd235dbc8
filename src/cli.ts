#!/usr/bin/env node
import { isatty } from 'node:tty';
import { exit, type CommandLine, type ExitCode } from './cli/io.ts';
import { main, told } from './cli/main.ts';
import { interruption, openEndings } from './cli/signals.ts';
import { outputTo } from './cli/stream.ts';
import { processEnvironment } from './config/environment.ts';

const output = outputTo(process.stdout);
const errors = outputTo(process.stderr);
const endNow = (signal: NodeJS.Signals) => void process.kill(process.pid, signal);
const endings = openEndings(process, endNow);
const line: CommandLine = {
  out: (text) => output.write(text),
  err: (text) => errors.write(text),
  screen: {
    isTTY: isatty(process.stderr.fd),
    columns: () => process.stderr.columns,
    beforeEnd: (restore) => endings.before(restore),
  },
  now: () => new Date(),
  environment: processEnvironment(),
  interrupted: () => interruption(process, { now: Date.now, endNow }),
};

process.on('uncaughtException', (error) => {
  endings.restore();
  void end(told(error, line));
});
await end(await main(process.argv.slice(2), line));

/** Ends the process when its output is out: a connection that is kept open does not hold it. */
async function end(code: ExitCode): Promise<void> {
  const failure = await output.flushed();
  if (failure !== null) line.err(`standard output: ${failure.message}\n`);
  await errors.flushed();
  process.exit(failure === null ? code : code || exit.input);
}
