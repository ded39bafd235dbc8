import { invalid } from '../errors.ts';
import type { Value } from './parser.ts';

/** What a value of a filter stands for, as text or as a regular expression. */

const escapes: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Text of a value, its escapes undone. */
export function plainText({ text, quoted }: Value): string {
  if (!quoted) return text;
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g,
    (_, byte: string | undefined, unit: string | undefined, character: string) => {
      const code = byte ?? unit;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return escapes[character] ?? character;
    },
  );
}

/**
 * Regular expression of a value. In it a backslash belongs to the expression, but for an escaped quote or
 * backslash. RE2 has no look-around and no back-references: they are refused, though JavaScript has them.
 *
 * @throws GoogleError INVALID_ARGUMENT where it is none
 */
export function pattern({ text, quoted }: Value): RegExp {
  const source = quoted ? text.replaceAll(/\\(["\\])/g, '$1') : text;
  const foreign = /\(\?<?[=!]|\\[1-9]|\\k</.exec(source);
  if (foreign !== null) throw invalid(`Invalid regular expression: RE2 knows no ${foreign[0]}`, 'filter');
  const insensitive = source.startsWith('(?i)');
  try {
    return new RegExp(insensitive ? source.slice('(?i)'.length) : source, insensitive ? 'iu' : 'u');
  } catch (error) {
    throw invalid(`Invalid regular expression: ${error instanceof Error ? error.message : source}`, 'filter');
  }
}
