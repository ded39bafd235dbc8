import { shortened, visible } from './neutralise-characters.ts';
import { withoutSecrets } from './neutralise-secrets.ts';

/**
 * Text from outside as Markdown in which nothing acts: no mention, reference, link, image, HTML, math or
 * command, and no break of the line, table or fence that it stands in. One form for every place, table cells
 * included, so that no place needs to remember a rule of its own.
 */

const zeroWidthSpace = '\u200B';

/** Stands where a text is empty, or was nothing but hidden characters: an empty place would break a list or a row. */
const nothing = '(empty)';

/** Longest texts that are shown, in code points. */
export const longest = { code: 160, prose: 700, command: 700, fence: 6_000 };

/** A short value as a code span that outlasts the backticks inside. */
export function inlineCode(text: string, limit: number = longest.code): string {
  const line = shortened(oneLine(withoutSecrets(visible(text))), limit).replaceAll('|', '│');
  if (line === '') return nothing;
  const ticks = '`'.repeat(longestRun(line) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${space}${line}${space}${ticks}`;
}

/** Sentences of others. Their code spans stay code spans. */
export function foreignProse(text: string, limit: number = longest.prose): string {
  const line = shortened(oneLine(withoutSecrets(visible(text))), limit);
  if (line === '') return nothing;
  const parts = line.split(/`([^`]{1,200})`/);
  return parts
    .map((part, index) => (index % 2 === 1 ? inlineCode(part) : inert(part)))
    .reduce((before, part) => before + gap(before, part) + part, '')
    .replace(/^[-+=/]/, (sign) => entity(sign))
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, (_all, digits: string, sign: string) => digits + entity(sign));
}

/** Several lines as they are, in a fence that outlasts those inside. */
export function fenced(text: string, language: 'bash' | 'text', limit: number = longest.fence): string {
  const lines = withoutLastBreaks(shortened(withoutSecrets(visible(text)), limit)).split('\n');
  const body = lines.map((line) => (/^\s*\//.test(line) ? notACommand(line, language) : line)).join('\n');
  const ticks = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${ticks}${language}\n${body}\n${ticks}`;
}

/** A space where two code spans meet, which would otherwise become one. */
export function gap(before: string, after: string): string {
  return before.endsWith('`') && after.startsWith('`') ? ' ' : '';
}

function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === '\n') end -= 1;
  return text.slice(0, end);
}

/** Other bots read `/word` at the start of any line as a command, even in a fence. */
function notACommand(line: string, language: 'bash' | 'text'): string {
  return language === 'bash' ? ` ${line}` : zeroWidthSpace + line;
}

function inert(text: string): string {
  return text
    .replaceAll(/@/g, `@${zeroWidthSpace}`)
    .replaceAll(/#(?=\d)/g, `#${zeroWidthSpace}`)
    .replaceAll(/(?<![A-Za-z0-9])GH-(?=\d)/gi, (found) => found + zeroWidthSpace)
    .replaceAll(/(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])/gi, (found) =>
      found.replaceAll(/.{6}(?=.)/g, `$&${zeroWidthSpace}`),
    )
    .replaceAll('://', `:${zeroWidthSpace}//`)
    .replaceAll(/www\./gi, (found) => found.slice(0, 3) + zeroWidthSpace + found.slice(3))
    .replaceAll(/:(?!\d\d:)(?=[\w+-]{1,700}:)/g, `:${zeroWidthSpace}`)
    .replaceAll(/[&<>\\`*[\]~|#!$^@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (sign) => entity(sign));
}

function entity(sign: string): string {
  return `&#${sign.codePointAt(0) ?? 0xfffd};`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
