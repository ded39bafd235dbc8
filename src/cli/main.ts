import type { CommanderError } from 'commander';
import { withoutSecrets } from '../core/secrets/without-secrets.ts';
import { StoreError } from '../store/errors.ts';
import { isVerbose } from './environment.ts';
import { exit, ExpectedError, type CommandLine, type ExitCode } from './io.ts';

/** Runs `sitrep` with these arguments; gives the exit code. Never rejects: every fault is told in words. */
export async function main(args: readonly string[], given: CommandLine): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  const line = safeLine(given);
  try {
    if (args.length === 1 && args[0] === 'start') {
      // To read what all commands are made of takes longer than to answer the first webhook.
      const { runServer } = await import('./serve.ts');
      await runServer(line);
      return exit.done;
    }
    const [{ createProgram }, { subcommands }] = await Promise.all([
      import('./program.ts'),
      import('./list.ts'),
    ]);
    const program = createProgram(subcommands, line, (result) => {
      code = result;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return told(error, line);
  }
}

/** What is told of progress and faults holds no secret: messages of others quote addresses, settings and answers. */
function safeLine(line: CommandLine): CommandLine {
  return { ...line, err: (text) => line.err(withoutSecrets(text, () => 'redacted')) };
}

/** Tells a fault on the error stream; gives the exit code that stands for it. */
export function told(error: unknown, given: CommandLine): ExitCode {
  const line = safeLine(given);
  // Commander has told its own errors, and asks to end with 0 after --help and --version.
  if (isCommanders(error)) return error.exitCode === 0 ? exit.done : exit.usage;
  if (error instanceof ExpectedError || error instanceof StoreError) {
    line.err(`${error.message}\n`);
    return error instanceof ExpectedError ? error.exitCode : exit.input;
  }
  line.err(`${unexpected(error, isVerbose(line))}\n`);
  return exit.internal;
}

/** Known by its code, since Commander itself is loaded where it is needed. */
function isCommanders(error: unknown): error is Pick<CommanderError, 'exitCode'> {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
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
