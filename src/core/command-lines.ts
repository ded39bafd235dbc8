import remarkParse from 'remark-parse';
import { unified } from 'unified';

/**
 * Finds the command lines of a comment.
 *
 * A command is a line of its own that starts with `/status` or `/sitrep`; not in a quote (a line that starts with
 * `>`), a fence, an indented block or an HTML comment. Other bots' slash commands are left alone. People type on
 * phones: case does not matter, a dash that the keyboard joined (`—override`) counts as two hyphens, and surplus
 * spaces are forgiven.
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

const ours = /^[ \t]*\/(?:status|sitrep)(?![\w/-])/imu;

/** A cheap test without parsing Markdown: false means that `commandLines` would give nothing. */
export function mayHoldCommand(body: string): boolean {
  return ours.test(body);
}

/** The commands of a comment's body, in order; all of them: the caller says what happens beyond the limit. */
export function commandLines(body: string): CommandLine[] {
  if (!mayHoldCommand(body)) return [];
  const silent = silentRanges(body);
  const found: CommandLine[] = [];
  let offset = 0;
  for (const line of body.split('\n')) {
    const start = offset + (line.length - line.trimStart().length);
    offset += line.length + 1;
    if (!ours.test(line) || silent.some(([from, to]) => start >= from && start < to)) continue;
    found.push(parseLine(line.trim()));
  }
  return found;
}

function parseLine(written: string): CommandLine {
  const words = written
    .replaceAll(/(^|\s)[\u2013\u2014](?=\w)/gu, '$1--')
    .split(/\s+/u)
    .filter((word) => word !== '');
  const isStatus = words[0]?.toLowerCase() === '/status';
  const rest = words.slice(1);
  if (isStatus) return { name: 'status', words: rest, written };
  return { name: rest[0]?.toLowerCase() ?? '', words: rest.slice(1), written };
}

type Range = [from: number, to: number];

interface Point {
  offset?: number | undefined;
}

interface Node {
  type: string;
  value?: string;
  children?: Node[];
  position?: { start: Point; end: Point } | undefined;
}

const parser = unified().use(remarkParse);

/** Parts of the text in which no command counts, as half-open ranges of offsets. */
function silentRanges(body: string): Range[] {
  const ranges: Range[] = [];
  const open: Node[] = [parser.parse(body)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const from = node.position?.start.offset;
    const to = node.position?.end.offset;
    if (from !== undefined && to !== undefined) {
      if (node.type === 'code' || node.type === 'inlineCode') ranges.push([from, to]);
      if (node.type === 'html') ranges.push(...htmlComments(body.slice(from, to), from));
    }
    open.push(...(node.children ?? []));
  }
  return ranges;
}

/** Ranges of the comments in a piece of HTML; one that is not closed reaches to the piece's end. */
function htmlComments(html: string, base: number): Range[] {
  const ranges: Range[] = [];
  let from = html.indexOf('<!--');
  while (from !== -1) {
    const end = html.indexOf('-->', from);
    const to = end === -1 ? html.length : end + 3;
    ranges.push([base + from, base + to]);
    from = html.indexOf('<!--', to);
  }
  return ranges;
}
