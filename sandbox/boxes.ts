import type { ListItem, Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** A box of a task list in a text of Markdown. */
export interface TaskBox {
  /** What stands beside it, without markup. */
  text: string;
  ticked: boolean;
  /** Where the mark stands in the text, between its brackets. */
  at: number;
}

const parser = unified().use(remarkParse).use(remarkGfm).freeze();

/** The boxes of a text in their order, as GitHub's page counts them. */
export function boxesOf(markdown: string): TaskBox[] {
  return items(parser.parse(markdown)).map((item) => {
    const start = item.position?.start.offset ?? 0;
    // The marker of the list, then the box.
    const at = start + markdown.slice(start).search(/\[[ xX\t\r\n]\]/u) + 1;
    const text = plainText(item.children[0]).replaceAll('\u200b', '').replaceAll(/\s+/gu, ' ').trim();
    return { text, ticked: item.checked === true, at };
  });
}

/** The text with this one box ticked, or cleared, and nothing else changed. */
export function withBox(markdown: string, { at }: TaskBox, ticked: boolean): string {
  return `${markdown.slice(0, at)}${ticked ? 'x' : ' '}${markdown.slice(at + 1)}`;
}

function items(node: Nodes): ListItem[] {
  const inside = 'children' in node ? node.children.flatMap(items) : [];
  return node.type === 'listItem' && typeof node.checked === 'boolean' ? [node, ...inside] : inside;
}

function plainText(node: Nodes | undefined): string {
  if (node === undefined || node.type === 'html') return '';
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(plainText).join('') : '';
}
