import { createBlockReader, lineOf, type Line } from './comment-blocks.ts';
import { isOpenAtEnd, mayClose } from './comment-inlines.ts';

/**
 * Finds the command lines of a comment.
 *
 * A command is a line of its own that starts with `/status` or `/sitrep`; not in a quote, a fence, an indented block, an
 * HTML block or comment, a table, or anything that began on a line before and goes on. Other bots' slash commands are left
 * alone. People type on phones: case does not matter, a dash that the keyboard joined (`—override`) counts as two hyphens,
 * and surplus spaces are forgiven.
 *
 * Read line by line, in time linear in the text: anybody may write a comment, and Markdown parsers take minutes for
 * some 65,000 characters. Where a line is in doubt, it is no command; an empty line before it ends most doubts.
 */

/** At most so many commands of one comment are carried out. */
export const commandsPerComment = 5;

export interface CommandLine {
  /** `status`, or the word after `/sitrep`, in lower case; empty for a bare `/sitrep`. */
  name: string;
  /** The words after it, as written. */
  words: string[];
  /** The line as written, without surrounding white space. */
  written: string;
}

/**
 * The word alone: of `/status:` it is not known what it is. Three spaces before it at most: four make an indented block.
 * Without `i`, which would take letters of other alphabets for these.
 */
const ours = /^ {0,3}\/(?:[Ss][Tt][Aa][Tt][Uu][Ss]|[Ss][Ii][Tt][Rr][Ee][Pp])(?=\s|$)/u;

/** Most comments hold nothing of ours, and need not be read line by line. A break between lines may be any that `m` knows. */
const anyOurs = new RegExp(ours, 'mu');

/** The commands of a comment's body, in order; all of them: the caller says what happens beyond the limit. */
export function commandLines(body: string): CommandLine[] {
  if (!anyOurs.test(body)) return [];
  // A mark of the order of bytes is no part of the text.
  const lines = body
    .replace(/^\uFEFF/u, '')
    .split(/\r\n|\n|\r/u)
    .map(lineOf);
  const blocks = createBlockReader();
  const found: CommandLine[] = [];
  let paragraph: Paragraph | null = null;
  let mayBeInFootnote = false;
  for (const [index, line] of lines.entries()) {
    const kind = blocks.next(line);
    if (line.isBlank) {
      paragraph = null;
      continue;
    }
    paragraph ??= { lastCloser: lastCloser(lines, index), isDoubtful: false };
    mayBeInFootnote ||= beginsFootnote(line);
    const isTable = isTableRule(lines[index + 1]);
    if (kind === 'plain' && !isTable && !paragraph.isDoubtful && ours.test(line.text))
      found.push(parseLine(line.text.trim()));
    // A block ends the paragraph, and what was open in it.
    if (kind === 'block') paragraph.isDoubtful = false;
    else
      paragraph.isDoubtful ||=
        isTable || goesOn(line, mayBeInFootnote) || (index < paragraph.lastCloser && isOpenAtEnd(line.text));
  }
  return found;
}

function parseLine(written: string): CommandLine {
  const [called = '', ...rest] = written
    .replaceAll(/(^|\s)[\u2013\u2014](?=\w)/gu, '$1--')
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (called.toLowerCase() === '/status') return { name: 'status', words: rest, written };
  return { name: rest[0]?.toLowerCase() ?? '', words: rest.slice(1), written };
}

/** Lines up to an empty one: a paragraph and what follows it without a break. */
interface Paragraph {
  /** The last line that may close what a line before it opened; -1 for none. */
  lastCloser: number;
  /** Whether something before may go on in the next line. */
  isDoubtful: boolean;
}

function lastCloser(lines: readonly Line[], from: number): number {
  let last = -1;
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined || line.isBlank) break;
    if (mayClose(line.text)) last = index;
  }
  return last;
}

function beginsFootnote({ behind: { text, isFootnote } }: Line): boolean {
  return isFootnote || (text.startsWith('[^') && text.includes(']:'));
}

/**
 * Whether the next line may belong to a line in any case: to a footnote, a paragraph further down in one (four columns in),
 * a quote, the definition of a link.
 */
function goesOn(line: Line, mayBeInFootnote: boolean): boolean {
  const { text } = line.behind;
  if (beginsFootnote(line) || (mayBeInFootnote && line.column > 3)) return true;
  return text.startsWith('>') || (text.startsWith('[') && text.includes(']:'));
}

/** The line below the head of a table, which makes rows of all lines that follow. */
function isTableRule(line: Line | undefined): boolean {
  if (line === undefined || line.isBlank || !/[|:]/u.test(line.rest) || !line.rest.includes('-'))
    return false;
  return /^[|:\-\s]+$/u.test(line.rest);
}
