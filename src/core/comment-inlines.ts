/**
 * What begins within a line of a comment and may go on in the next: code between backticks, a tag or an HTML comment, a
 * link. Where such a thing is open at the end of a line, what follows may be shown as code or not be seen at all.
 */

/** Signs, one of which must come for what is open to be what it looks like. */
export type Closer = '`' | '>' | ']' | ')';
export const closers: readonly Closer[] = ['`', '>', ']', ')'];

const token = /\\[\s\S]|`+|[<[\]]/gu;
/** A tag or an address that ends on its line, and holds nothing that could mean something by itself. */
const plainTag = /<(?:[^<>"'`[\]\\]|"[^<>"`[\]\\]*"|'[^<>'`[\]\\]*')*>/uy;
const plainComment = /<!--[^<>`[\]\\]*-->/uy;
/** Address and title of a link, of the usual form. */
const plainTarget = /\([^()<>"'`[\]\\\s]*(?:[ \t]+"[^"`[\]\\]*")?[ \t]*\)/uy;

/** What is open at the end of a line; in one pass. */
export function openAtEnd(line: string): Set<Closer> {
  const open = new Set<Closer>();
  const closing = backtickRuns(line);
  let brackets = 0;
  token.lastIndex = 0;
  for (let found = token.exec(line); found !== null; found = token.exec(line)) {
    const [sign] = found;
    const end = found.index + sign.length;
    if (sign.startsWith('`')) {
      const to = closing(sign.length, end);
      if (to === null) open.add('`');
      else token.lastIndex = to;
    } else if (sign === '<') {
      const to = endOf(plainComment, line, found.index) ?? endOf(plainTag, line, found.index);
      if (to !== null) token.lastIndex = to;
      else if (/[A-Z/!?]/iu.test(line.charAt(end))) open.add('>');
    } else if (sign === '[') brackets += 1;
    else if (sign === ']') {
      brackets = Math.max(0, brackets - 1);
      if (line.charAt(end) !== '(') continue;
      const to = endOf(plainTarget, line, end);
      if (to === null) open.add(')');
      else token.lastIndex = to;
    }
  }
  if (brackets > 0) open.add(']');
  return open;
}

function endOf(pattern: RegExp, line: string, from: number): number | null {
  pattern.lastIndex = from;
  return pattern.test(line) ? pattern.lastIndex : null;
}

/** Gives where the next run of so many backticks ends; ask from left to right. */
function backtickRuns(line: string): (length: number, from: number) => number | null {
  const ends = new Map<number, number[]>();
  for (const { 0: run, index } of line.matchAll(/`+/gu)) {
    const known = ends.get(run.length);
    if (known === undefined) ends.set(run.length, [index + run.length]);
    else known.push(index + run.length);
  }
  for (const known of ends.values()) known.reverse();
  return (length, from) => {
    const left = ends.get(length) ?? [];
    for (let end = left.at(-1); end !== undefined; end = left.at(-1)) {
      if (end - length >= from) return end;
      left.pop();
    }
    return null;
  };
}
