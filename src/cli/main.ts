import { CommanderError } from 'commander';
import { withoutSecrets } from '../core/secrets/without-secrets.ts';
import { StoreError } from '../store/errors.ts';
import { isVerbose } from './environment.ts';
import { exit, ExpectedError, type CommandLine, type ExitCode } from './io.ts';
import { createProgram } from './program.ts';
import type { Subcommand } from './subcommand.ts';

/** Runs `sitrep` with these arguments; gives the exit code. Never rejects: every fault is told in words. */
export async function main(args: readonly string[], given: CommandLine): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  const line = safeLine(given);
  try {
    const program = createProgram(await subcommandsFor(args), line, (result) => {
      code = result;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return told(error, line);
  }
}

/**
 * All subcommands, for help and for a slip of the finger; `start` alone where it is asked for, since reading the code of the
 * others takes longer than it takes to answer the first webhook.
 */
async function subcommandsFor([name]: readonly string[]): Promise<readonly Subcommand[]> {
  if (name === 'start') return [(await import('./start.ts')).start];
  return (await import('./list.ts')).subcommands;
}

/** What is told of progress and faults holds no secret: messages of others quote addresses, settings and answers. */
function safeLine(line: CommandLine): CommandLine {
  return { ...line, err: (text) => line.err(withoutSecrets(text, () => 'redacted')) };
}

/** Tells a fault on the error stream; gives the exit code that stands for it. */
export function told(error: unknown, given: CommandLine): ExitCode {
  const line = safeLine(given);
  // Commander has told its own errors, and asks to end with 0 after --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
  if (error instanceof ExpectedError || error instanceof StoreError) {
    line.err(`${error.message}\n`);
    return error instanceof ExpectedError ? error.exitCode : exit.input;
  }
  line.err(`${unexpected(error, isVerbose(line))}\n`);
  return exit.internal;
}

/** One line that says what to do; where debugging was asked for, the stack with its causes below it. */
function unexpected(error: unknown, verbose: boolean): string {
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/gu, ' ').trim();
  const fault = `unexpected error: ${message || 'without a message'}`;
  if (!verbose) return `${fault}; run it again with LOG_LEVEL=debug, and report what that shows`;
  return `${fault}; report this:\n${error instanceof Error ? stackOf(error) : String(error)}`;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
