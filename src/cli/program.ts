import { Command } from 'commander';
import { version } from '../version.ts';
import { exitMeanings, type CommandLine, type ExitCode } from './io.ts';
import type { Subcommand } from './subcommand.ts';

/** How progress is shown, for `--help` and the reference page. */
export const progressHelp =
  'Progress goes to the error stream: a line for each source that has answered, and what gaps there are. On a terminal what is still waited for stands below; with TERM=dumb or CI set, and elsewhere, lines are only added. NO_COLOR takes the colour away, FORCE_COLOR brings it anywhere.';

/** The `sitrep` command with these subcommands; `done` is told the exit code of the one that ran. */
export function createProgram(
  subcommands: readonly Subcommand[],
  line: CommandLine,
  done: (code: ExitCode) => void,
): Command {
  const program = new Command('sitrep')
    .description('Keeps an incident issue true: every figure measured, dated and sourced.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => line.out(text), writeErr: (text) => line.err(text) })
    .showHelpAfterError('(sitrep --help tells more)')
    .addHelpText('after', `\nExit codes:\n${exitCodes()}\n\n${progressHelp}`);
  for (const subcommand of subcommands) {
    const { name, summary, examples } = subcommand;
    const command = program
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
      .showHelpAfterError(`(sitrep ${name} --help tells more)`)
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`);
    subcommand.declare(command, line, done);
  }
  return program;
}

function exitCodes(): string {
  return exitMeanings.map(([code, meaning]) => `  ${String(code).padEnd(3)} ${meaning}`).join('\n');
}
