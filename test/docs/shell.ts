import { parse } from 'unbash';

/** One command of a shell script: what stands between two operators. */
export interface ShellCommand {
  /** As it is written, without redirections and comments. */
  text: string;
  /** Assignments before it, unexpanded. */
  variables: Record<string, string>;
  /** Its name and arguments, without quotes, unexpanded; empty for assignments alone. */
  words: string[];
}

interface Part {
  type?: unknown;
  pos?: unknown;
  end?: unknown;
  value?: unknown;
  text?: unknown;
  name?: unknown;
  prefix?: unknown;
  suffix?: unknown;
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null;

/** All commands of a script, those in loops, pipes and substitutions included. @throws where it is no shell script */
export function commandsIn(script: string): ShellCommand[] {
  const parsed = parse(script);
  const [error] = parsed.errors ?? [];
  if (error !== undefined) throw new Error(`${error.message}: ${script}`);
  // What is within a word is parsed when it is asked for, and is no property of its own before it is written out.
  const whole: unknown = JSON.parse(JSON.stringify(parsed));
  return partsOf(whole)
    .filter(({ type }) => type === 'Command')
    .map((command) => commandOf(command, script));
}

/** The part and all below it, each before what is below it. */
function partsOf(value: unknown): Part[] {
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (!isPart(value)) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}

function commandOf({ name, prefix, suffix }: Part, script: string): ShellCommand {
  const assignments = listOf(prefix).filter(({ type }) => type === 'Assignment');
  // After `export` an assignment is an argument.
  const words = [name, ...listOf(suffix)].filter(isPart).filter(({ type }) => type !== 'Redirect');
  const written = [...assignments, ...words];
  return {
    text: script.slice(Number(written[0]?.pos), Number(written.at(-1)?.end)),
    variables: Object.fromEntries(
      assignments.map((one) => [String(one.name), isPart(one.value) ? String(one.value.value) : '']),
    ),
    words: words.map(({ type, value, text }) => String(type === 'Assignment' ? text : value)),
  };
}

const listOf = (value: unknown): Part[] => (Array.isArray(value) ? value.filter(isPart) : []);

/**
 * The arguments of `sitrep` that a command calls it with, in each way that the pages call it; null where it calls
 * something else. `scripts` are those of package.json.
 */
export function sitrepArguments(words: string[], scripts: Record<string, string>): string[] | null {
  const [tool, ...rest] = words;
  if (tool === 'sitrep') return rest;
  if (tool === 'npx' && rest[0] === 'sitrep') return rest.slice(1);
  if (tool !== 'npm') return null;
  const [verb = '', ...named] = rest.filter((word) => word !== '--silent');
  const [script = '', ...more] = verb === 'run' ? named : [verb, ...named];
  const [program, file, ...own] = (scripts[script] ?? '').split(' ');
  if (program !== 'node' || file !== 'bin/sitrep.js') return null;
  return [...own, ...more.filter((word) => word !== '--')];
}
