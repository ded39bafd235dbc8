import type { Command as CliCommand } from 'commander';
import { exitMeanings, type CommandLine } from '../src/cli/io.ts';
import { subcommands } from '../src/cli/list.ts';
import { createProgram, progressHelp } from '../src/cli/program.ts';
import { commands } from '../src/commands/list.ts';
import { commandsPerComment } from '../src/core/command-lines.ts';
import { roles } from '../src/core/roles.ts';

/** The content of `docs/commands.md`, from the commands themselves; `scripts/derive.ts` writes it. */
export function commandsPage(): string {
  return `# Commands

<!-- Written by scripts/derive.ts from src/commands/list.ts and src/cli/list.ts; change it there. -->

${onAnIssue()}

${onTheCommandLine()}
`;
}

function onAnIssue(): string {
  const rows = commands.map(({ usage, role, summary, examples }) => [
    code(usage),
    role,
    summary,
    examples.map(code).join(', '),
  ]);
  return `## On an issue

${table(['Write', 'Role needed', 'It', 'Examples'], rows)}

A command is a line of its own in a new comment, not in a quote, a fence, an indented block, an HTML block or comment, or a table. After a quote or HTML leave an empty line. Case does not matter, a dash that the keyboard joined counts as two, and surplus spaces are forgiven. At most ${String(commandsPerComment)} of one comment are carried out. Other bots' slash commands are left alone.

The role is the one that GitHub knows of the author in the repository: ${roles.map(code).join(', ')}, weakest first; a stronger one will do. It is asked of GitHub for each comment; the commands of one comment share an answer for a minute at most. 404 and every other answer that tells no role means none. While GitHub does not answer at all, commands that only post go on by a role that it told in the last hour, and the others wait. The operator can ask for [teams](configuration.md#the-operators-policy) beside the role. Comments of bots, edited comments, pull requests and forks give no commands.

Where everybody can read the repository, updates show states and durations, and no figure, name or command, unless the operator's policy says \`public: full\`: see [configuration.md](configuration.md#the-operators-policy). \`sitrep status\` in a terminal shows all.

👀 means accepted, 🚀 done, 😕 not understood (with the usage), 👎 refused (naming the role needed and the role held).`;
}

function onTheCommandLine(): string {
  const program = createProgram(subcommands, silentLine, () => undefined);
  const sections = subcommands.flatMap((subcommand) => {
    const command = program.commands.find((one) => one.name() === subcommand.name);
    return command === undefined ? [] : [section(command, subcommand.examples)];
  });
  const codes = exitMeanings.map(([number, meaning]) => [String(number), meaning]);
  return `## On the command line

\`npx sitrep …\` in the checkout. Results go to standard output, progress and faults to the error stream. Every fault is told with what to do, all faults of a configuration or of the environment at once. [configuration.md](configuration.md) lists the environment variables.

${progressHelp}

${table(['Exit code', 'Meaning'], codes)}

${sections.join('\n\n')}`;
}

const silentLine: CommandLine = {
  out: () => undefined,
  err: () => undefined,
  screen: { isTTY: false, columns: () => 0, beforeEnd: () => () => undefined },
  now: () => new Date(0),
  environment: {},
  interrupted: () => Promise.resolve(),
};

function section(command: CliCommand, examples: readonly string[]): string {
  const rows = [...argumentRows(command), ...optionRows(command)];
  return [
    `### \`${usageOf(command)}\``,
    command.description(),
    ...(rows.length === 0 ? [] : [table(['Option', 'Default', 'Meaning'], rows)]),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function usageOf(command: CliCommand): string {
  const options = command.options.map(({ flags, mandatory }) => (mandatory ? flags : `[${flags}]`));
  const words = command.registeredArguments.map((argument) =>
    argument.required ? argument.name() : `[${argument.name()}]`,
  );
  return ['sitrep', command.name(), ...words, ...options].join(' ');
}

function argumentRows(command: CliCommand): string[][] {
  return command.registeredArguments.map((argument) => [
    code(argument.name()),
    argument.required ? 'required' : defaultText(argument.defaultValue),
    argument.description,
  ]);
}

function optionRows(command: CliCommand): string[][] {
  return command.options.map(({ flags, mandatory, defaultValue, description, argChoices }) => [
    code(flags),
    mandatory ? 'required' : defaultText(defaultValue),
    argChoices === undefined ? description : `${description}: ${argChoices.map(code).join(', ')}`,
  ]);
}

function defaultText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? code(String(value)) : '';
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map(row).join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
