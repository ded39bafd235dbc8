/**
 * Finds the command lines of a comment.
 *
 * A command is a line of its own that starts with `/status` or `/sitrep`; not in a quote (a line that starts with
 * `>`), a fence, an indented block or an HTML comment. Other bots' slash commands are left alone. People type on
 * phones: case does not matter, a dash that the keyboard joined (`—override`) counts as two hyphens, and surplus
 * spaces are forgiven.
 *
 * Read line by line, in time linear in the text: anybody may write a comment, and Markdown parsers take minutes for
 * some 65,000 characters. Where a line is in doubt, it is no command.
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

/** Three spaces at most: four make an indented block. */
const ours = /^ {0,3}\/(?:status|sitrep)(?![\w/-])/iu;

/** Most comments hold nothing of ours, and need not be read line by line. A break between lines may be any that `m` knows. */
const anyOurs = new RegExp(ours, 'imu');

/** The commands of a comment's body, in order; all of them: the caller says what happens beyond the limit. */
export function commandLines(body: string): CommandLine[] {
  if (!anyOurs.test(body)) return [];
  const found: CommandLine[] = [];
  let block: Block | null = null;
  for (const line of body.split(/\r\n|\n|\r/u)) {
    if (block !== null) {
      block = block.after(line);
      continue;
    }
    block = blockOpenedBy(line);
    if (block === null && ours.test(line)) found.push(parseLine(line.trim()));
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

/** Lines in which no command counts. */
interface Block {
  /** The block that the lines after this one stand in; null where it ends with this line. */
  after(line: string): Block | null;
}

function blockUntil(ends: (line: string) => boolean): Block {
  const block: Block = { after: (line) => (ends(line) ? null : block) };
  return block;
}

function blockOpenedBy(line: string): Block | null {
  return fenceOpenedBy(line) ?? htmlOpenedBy(line) ?? inlineCommentOpenedBy(line);
}

/**
 * A fence, however far it is indented: in a list item it may be far. What is indented by four columns more than its
 * opening stands in it and does not close it.
 */
function fenceOpenedBy(line: string): Block | null {
  const opened = /^\s*(`{3,}(?=[^`]*$)|~{3,})/u.exec(line)?.[1];
  if (opened === undefined) return null;
  const column = indentation(line);
  const block: Block = {
    after(later) {
      const text = later.trim();
      const isEnd = text.length >= opened.length && text === opened.charAt(0).repeat(text.length);
      if (!isEnd || indentation(later) > column + 3) return block;
      // Outside a list the first was an indented block, and this opens a fence.
      return column > 3 && indentation(later) <= 3 ? fenceOpenedBy(later) : null;
    },
  };
  return block;
}

/** Columns of white space before a line; a tab reaches to the next fourth one (CommonMark, "Tabs"). */
function indentation(line: string): number {
  let column = 0;
  for (const sign of line) {
    if (sign === '\t') column += 4 - (column % 4);
    else if (sign === ' ') column += 1;
    else break;
  }
  return column;
}

/** Tags whose contents are shown as they are, with what ends them (CommonMark, HTML blocks 1 and 2). */
const verbatim: readonly [opens: RegExp, closes: RegExp][] = [
  [/^ {0,3}<!--/u, /-->/u],
  [/^ {0,3}<(?:pre|script|style|textarea)(?:\s|>|$)/iu, /<\/(?:pre|script|style|textarea)>/iu],
];

function htmlOpenedBy(line: string): Block | null {
  const found = verbatim.find(([opens]) => opens.test(line));
  if (found === undefined || found[1].test(line)) return null;
  return blockUntil((later) => found[1].test(later));
}

/**
 * A comment that begins within a line; it cannot reach over the end of its paragraph, which other blocks end too. Whether
 * its beginning stands in a code span hangs on the lines before: that is not asked.
 */
function inlineCommentOpenedBy(line: string): Block | null {
  const from = line.lastIndexOf('<!--');
  if (from === -1 || line.includes('-->', from)) return null;
  const block: Block = {
    after: (later) =>
      fenceOpenedBy(later) ??
      htmlOpenedBy(later) ??
      (later.includes('-->') || later.trim() === '' ? null : block),
  };
  return block;
}
