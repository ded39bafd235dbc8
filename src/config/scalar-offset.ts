/**
 * Where a character of a scalar's value stands in the text of the file. Quotes, escapes, indentation and folded
 * lines make the value differ from its source; both are walked side by side.
 *
 * @param source The scalar as it stands in the file, with its quotes or block header.
 * @param value What YAML makes of it.
 * @param offset Index into the value.
 * @returns Index into the source; 0 where the two cannot be aligned.
 */
export function offsetInSource(source: string, value: string, offset: number): number {
  const style = styleOf(source);
  let at = contentStart(source, style);
  for (let index = 0; index < offset;) {
    const step = advance(source, at, value, index, style);
    if (step === null) return 0;
    if (index + step.value > offset) break;
    at += step.source;
    index += step.value;
  }
  return at + (isBlank(value[offset]) ? 0 : lineBreak(source, at));
}

type Style = 'plain' | 'single' | 'double' | 'block';

function styleOf(source: string): Style {
  if (source.startsWith("'")) return 'single';
  if (source.startsWith('"')) return 'double';
  return /^[|>]/.test(source) ? 'block' : 'plain';
}

function contentStart(source: string, style: Style): number {
  if (style === 'plain') return 0;
  return style === 'block' ? Math.max(0, source.indexOf('\n')) : 1;
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || character === ' ' || character === '\n';
}

interface Step {
  source: number;
  value: number;
}

/** How far one character, escape or line break reaches on both sides; null where they do not fit. */
function advance(source: string, at: number, value: string, index: number, style: Style): Step | null {
  const broken = lineBreak(source, at);
  if (broken > 0) return { source: broken, value: blanks(value, index) };
  if (style === 'double' && source[at] === '\\') return escape(source, at);
  if (style === 'single' && source.startsWith("''", at)) return { source: 2, value: 1 };
  return source[at] === value[index] ? { source: 1, value: 1 } : null;
}

/** Length of a line break with the blanks around it, which YAML folds; 0 where there is none. */
function lineBreak(source: string, at: number): number {
  const run = /^[ \t]*\r?\n[ \t\r\n]*/.exec(source.slice(at));
  return run?.[0].length ?? 0;
}

function blanks(value: string, index: number): number {
  return /^[ \n]*/.exec(value.slice(index))?.[0].length ?? 0;
}

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** An escape of a double-quoted scalar (YAML 1.2.2, section 5.7); an escaped line break gives nothing. */
function escape(source: string, at: number): Step {
  const joined = /^\\\r?\n[ \t]*/.exec(source.slice(at));
  if (joined) return { source: joined[0].length, value: 0 };
  const length = escapeLengths[source[at + 1] ?? ''] ?? 2;
  const beyondBmp = length === 10 && Number.parseInt(source.slice(at + 2, at + 10), 16) > 0xffff;
  return { source: length, value: beyondBmp ? 2 : 1 };
}
