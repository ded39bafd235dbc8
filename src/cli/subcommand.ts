import type { Command } from 'commander';
import type { CommandLine, ExitCode } from './io.ts';

/** One subcommand of `sitrep`, one file; `--help` and the reference page are derived from it. */
export interface Subcommand {
  name: string;
  /** What it does, as a sentence without a capital. */
  summary: string;
  /** Whole command lines. */
  examples: readonly string[];
  /** Declares arguments, options and the action on its command; `done` is told the exit code. */
  declare(command: Command, line: CommandLine, done: (code: ExitCode) => void): void;
}
