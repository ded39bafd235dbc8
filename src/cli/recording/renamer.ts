import { mapTexts } from './json-strings.ts';
import { escaped } from './pattern.ts';

/** A name, and what stands for it. */
export interface Alias {
  /** What is named: project, service, host …; a `name` may stand within other names. */
  kind: string;
  from: string;
  to: string;
}

/** Gives names other names, everywhere the same. */
export interface Renamer {
  text: (text: string) => string;
  /** A JSON value; of the keys those that people chose, or that no API would have. */
  json: <Value>(value: Value) => Value;
  /** How often each name was found so far. */
  counts(): ReadonlyMap<Alias, number>;
}

/** Before a name: no letter or digit, unless it ends an escape as URLs and texts of logs have it. */
const before = String.raw`(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))`;
/** Around a name that is an ordinary word also nothing that would make it a part of another name. */
const wordBefore = String.raw`(?:(?<![\w.-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))`;
const wordAfter = String.raw`(?![\w-]|\.\w)`;

/** Google's own names: hosts of APIs and types of metrics, which may hold ordinary words. */
const fixed = String.raw`(?:(?<![\w.\/-])|(?<=%[0-9A-Fa-f]{2})|(?<=logs\/))(?:[a-z0-9-]+\.)+googleapis\.com(?:(?:\/|%2F)[a-z0-9_]+)*`;

/** A name that may also be a word of a text or a part of another name. */
export const ordinaryWord = /^[a-z]+$/;
/** Kinds of names that mean the same within another name: ids of projects are Google's for ever, others were asked for. */
const unmistakable = new Set(['project', 'name', 'given']);
const plainKey = /^[a-z]+(?:[A-Z][a-z0-9]*)*$/;

/** A renamer for these names; where one contains another the longer goes first. */
export function createRenamer(aliases: readonly Alias[]): Renamer {
  const counts = new Map<Alias, number>(aliases.map((alias) => [alias, 0]));
  const isWord = ({ from, kind }: Alias) => ordinaryWord.test(from) && !unmistakable.has(kind);
  const distinct = aliases.filter((alias) => !isWord(alias));
  const words = aliases.filter(isWord);
  const passes = [
    passOf(distinct, (names) => `${before}(?:${names})(?![A-Za-z0-9])`, counts),
    passOf(words, (names) => `${wordBefore}(?:${names})${wordAfter}`, counts),
  ];
  const text = (given: string) => passes.reduce((left, pass) => pass(left), given);
  return {
    text,
    json: (value) =>
      mapTexts(value, {
        text,
        key: (key, free) => (free || !plainKey.test(key) ? text(key) : key),
      }),
    counts: () => counts,
  };
}

function passOf(
  aliases: readonly Alias[],
  around: (names: string) => string,
  counts: Map<Alias, number>,
): (text: string) => string {
  if (aliases.length === 0) return (text) => text;
  const byName = new Map(aliases.map((alias) => [plainForm(alias.from), alias]));
  const pattern = new RegExp(`(${fixed})|${around(alternatives(aliases))}`, 'gi');
  return (text) =>
    text.replace(pattern, (match: string, google: string | undefined) => {
      const alias = google === undefined ? byName.get(plainForm(match)) : undefined;
      if (alias === undefined) return match;
      counts.set(alias, (counts.get(alias) ?? 0) + 1);
      return match.includes('%') ? encodeURIComponent(alias.to) : alias.to;
    });
}

/** Names that begin alike, as a tree: so each character of a text is looked at once, however many names there are. */
interface Branch {
  isName: boolean;
  next: Map<string, Branch>;
}

/** All names as one pattern, the longest first where one begins as another. */
function alternatives(aliases: readonly Alias[]): string {
  const root: Branch = { isName: false, next: new Map() };
  for (const { from } of aliases) {
    let branch = root;
    for (const character of from.toLowerCase().split('')) {
      const next = branch.next.get(character) ?? { isName: false, next: new Map() };
      branch.next.set(character, next);
      branch = next;
    }
    branch.isName = true;
  }
  return patternOf(root);
}

function patternOf({ isName, next }: Branch): string {
  const ways = [...next].map(([character, branch]) => writtenForm(character) + patternOf(branch));
  if (ways.length === 0) return '';
  return ways.length === 1 && !isName ? (ways[0] ?? '') : `(?:${ways.join('|')})${isName ? '?' : ''}`;
}

/** A character of a name as it may be written: as it is, in a URL, in a regular expression of a filter. */
function writtenForm(character: string): string {
  if (/[a-z0-9_-]/.test(character)) return escaped(character);
  if (character === '.') return String.raw`\\{0,2}\.`;
  return `(?:${escaped(character)}|${encodeURIComponent(character.toWellFormed())})`;
}

/** The one form by which a written form is known again. */
function plainForm(written: string): string {
  const plain = written.replaceAll('\\', '').replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) => decoded(escape));
  return plain.toLowerCase();
}

function decoded(escape: string): string {
  try {
    return decodeURIComponent(escape);
  } catch {
    return escape;
  }
}
