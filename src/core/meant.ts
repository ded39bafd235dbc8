import { didYouMean } from './did-you-mean.ts';

/** What is known of a command, as far as slips of the finger are told by it. */
export interface KnownCommand {
  name: string;
  /** Words of which one comes first after the name. */
  subcommands?: readonly string[];
}

/** Suggestions that are of use. */
const most = 2;

/**
 * What somebody may have meant who wrote a line that is no command, or none that makes sense: whole lines to write instead,
 * the nearest first, two at most. `/sitrep acton add x` → `/sitrep action add x`; `/sitrep P1` → `/sitrep severity P1`;
 * `/sitrep stage montoring` → `/sitrep stage monitoring`; `/sitrep lead@kim` → `/sitrep lead @kim`.
 *
 * @param line The command in lower case, and the words after it as written.
 */
export function meantLines(
  { name, words }: { name: string; words: readonly string[] },
  commands: readonly KnownCommand[],
): string[] {
  const known = commands.find((command) => command.name === name);
  if (known !== undefined) return slipAfter(known, words);
  const ways = [
    withoutCommand(name, words, commands),
    glued(name, words, commands),
    near(name, words, commands),
    ...commands.map((command) => slipAfter(command, [name, ...words])),
  ];
  return (ways.find((lines) => lines.length > 0) ?? []).slice(0, most);
}

/** The right command with a word behind it that is nearly one of its own. */
function slipAfter({ name, subcommands = [] }: KnownCommand, [word, ...rest]: readonly string[]): string[] {
  if (word === undefined || subcommands.some((one) => isSame(one, word))) return [];
  const meant = didYouMean(word, subcommands);
  return meant === null ? [] : [line(name, [meant, ...rest])];
}

/** The word that comes behind a command, without it. */
function withoutCommand(name: string, words: readonly string[], commands: readonly KnownCommand[]): string[] {
  return commands.flatMap((command) =>
    (command.subcommands ?? [])
      .filter((one) => isSame(one, name))
      .map((one) => line(command.name, [one, ...words])),
  );
}

function near(name: string, words: readonly string[], commands: readonly KnownCommand[]): string[] {
  const meant = didYouMean(
    name,
    commands.map((command) => command.name),
  );
  return meant === null ? [] : [line(meant, words)];
}

/** A command without the space behind it: `severityp1`, `lead@kim`, `regression#12`. */
function glued(name: string, words: readonly string[], commands: readonly KnownCommand[]): string[] {
  return commands.flatMap((command) => {
    if (!name.startsWith(command.name)) return [];
    const behind = name.slice(command.name.length);
    const word =
      command.subcommands?.find((one) => isSame(one, behind)) ?? (/^[@#]/u.test(behind) ? behind : null);
    return word === null ? [] : [line(command.name, [word, ...words])];
  });
}

/** A command as it is written. */
function line(name: string, words: readonly string[]): string {
  return [name === 'status' ? '/status' : `/sitrep ${name}`, ...words].join(' ');
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
