import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/**
 * The judge of the command parser: remark, a full Markdown parser, with GitHub's extensions. What stands in none of these
 * is a line of a paragraph that its author wrote as such.
 */

const parser = unified().use(remarkParse).use(remarkGfm);

/** What a text may stand in for a line of it to be a command. A heading of a line below (`===`) is a paragraph till then. */
const open: ReadonlySet<string> = new Set([
  'root',
  'list',
  'listItem',
  'paragraph',
  'heading',
  'emphasis',
  'strong',
  'delete',
]);

/**
 * Whether the sign at an offset is plain text of a paragraph: within one that nothing else holds, and in nothing else that
 * it holds. By what has a place: links that GitHub makes of bare addresses have none, and begin no line.
 */
export function shownAsText(body: string): (offset: number) => boolean {
  const paragraphs: Range[] = [];
  const others: Range[] = [];
  // A mark of the order of bytes is no part of the text.
  const shift = body.startsWith('\uFEFF') ? 1 : 0;
  const waiting: Nodes[] = [parser.parse(body.slice(shift))];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const range = rangeOf(node, shift);
    if (range !== null && (node.type === 'paragraph' || node.type === 'heading')) paragraphs.push(range);
    if (open.has(node.type) && 'children' in node) waiting.push(...node.children);
    else if (range !== null && node.type !== 'text' && node.type !== 'break') others.push(range);
  }
  return (offset) => paragraphs.some(holding(offset)) && !others.some(holding(offset));
}

type Range = [from: number, to: number];

function rangeOf({ position }: Nodes, shift: number): Range | null {
  const [from, to] = [position?.start.offset, position?.end.offset];
  return from === undefined || to === undefined ? null : [from + shift, to + shift];
}

function holding(offset: number): (range: Range) => boolean {
  return ([from, to]) => offset >= from && offset < to;
}

/** A line of a comment that begins like a command of ours, whatever it stands in. */
export interface Candidate {
  /** Of its slash. */
  offset: number;
  text: string;
}

/** All of them, by the line ends of CommonMark. */
export function candidates(body: string): Candidate[] {
  return [...body.matchAll(/(?:^\uFEFF?|(?<=[\n\r])) {0,3}(\/(?:status|sitrep)(?:[^\n\r]*))/giu)].map(
    ({ index, 0: whole, 1: text = '' }) => ({ offset: index + whole.length - text.length, text }),
  );
}
