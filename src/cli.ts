#!/usr/bin/env node
import { isatty } from 'node:tty';
import { exit, type CommandLine, type ExitCode } from './cli/io.ts';
import { main, told } from './cli/main.ts';
import { interruption, openEndings } from './cli/signals.ts';
import { outputTo } from './cli/stream.ts';
import { readFileSync } from 'node:fs';
import { addToProcessEnvironment, processEnvironment } from './config/environment.ts';
import { envFileName } from './config/env-file.ts';

const output = outputTo(process.stdout);
const errors = outputTo(process.stderr);
addEnvFile();
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

/** Takes up `.env` of the working directory, where there is one. */
function addEnvFile(): void {
  try {
    addToProcessEnvironment(readFileSync(envFileName, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    errors.write(
      `${envFileName} is passed over: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}

/** Ends the process when its output is out: a connection that is kept open does not hold it. */
async function end(code: ExitCode): Promise<void> {
  const failure = await output.flushed();
  if (failure !== null) line.err(`standard output: ${failure.message}\n`);
  await errors.flushed();
  process.exit(failure === null ? code : code || exit.input);
}
