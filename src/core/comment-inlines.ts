/**
 * What begins within a line of a comment and may go on in the next: code between backticks, a tag or an HTML comment, a
 * link, mathematics. Where such a thing is open at the end of a line, what follows may be shown as code or not be seen at
 * all. Fails closed: only what ends on its line in a plain form counts as ended. What is left may be read in ways that this
 * does not follow, so any sign that ends any of them is taken for its end.
 */

/** Holds a sign that may end something which a line before it left open. */
const closer = /[`>\])$]/u;

/** Whether something that is open before this line may end in it. */
export function mayClose(line: string): boolean {
  return closer.test(line);
}

const token = /\\[\s\S]|`+|\$+|[<[\]]/gu;
/**
 * A tag or an address that ends on its line, and holds nothing that could mean something by itself. No instruction (`<?`)
 * and no declaration (`<!`), which other signs end.
 */
const plainTag = /<(?![?!])(?:[^<>"'`$[\]\\]|"[^<>"`$[\]\\]*"|'[^<>'`$[\]\\]*')*>/uy;
const plainComment = /<!--(?!-?>)[^<>`$[\]\\]*-->/uy;
/** Address and title of a link, of the usual form. */
const plainTarget = /\([^()<>"'`$[\]\\\s]*(?:[ \t]+"[^<>"`$[\]\\]*")?[ \t]*\)/uy;
const plainMath = /(?:\$[^$<>`[\]\\]+\$|\$\$[^$<>`[\]\\]+\$\$)(?!\$)/uy;

/** Whether anything may be open at the end of a line; in one pass. */
export function isOpenAtEnd(line: string): boolean {
  const closing = backtickRuns(line);
  let brackets = 0;
  token.lastIndex = 0;
  for (let found = token.exec(line); found !== null; found = token.exec(line)) {
    const [sign] = found;
    const end = found.index + sign.length;
    if (sign === '[') brackets += 1;
    else if (sign === ']') brackets = Math.max(0, brackets - 1);
    if (!mayOpen(sign, line.charAt(end))) continue;
    const to = sign.startsWith('`') ? closing(sign.length, end) : endOf(sign, line, found.index);
    if (to === null) return true;
    token.lastIndex = to;
  }
  return brackets > 0;
}

/** Whether a sign begins what must end; a bracket alone is counted. */
function mayOpen(sign: string, next: string): boolean {
  if (sign === ']') return next === '(';
  if (sign === '<') return /[A-Z/!?]/iu.test(next);
  return /^[`$]/u.test(sign);
}

/** Where that which a sign begins ends, if it does so in a plain form. */
function endOf(sign: string, line: string, from: number): number | null {
  if (sign === ']') return matched(plainTarget, line, from + 1);
  if (sign === '<') return matched(plainComment, line, from) ?? matched(plainTag, line, from);
  return matched(plainMath, line, from);
}

function matched(pattern: RegExp, line: string, from: number): number | null {
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
