import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** Markdown as GitHub's own dialect reads it, for tests that look at what became of a text. */
export interface Node {
  type: string;
  value?: string;
  url?: string;
  lang?: string | null;
  depth?: number;
  children?: Node[];
}

const parser = unified().use(remarkParse).use(remarkGfm);

export function parseMarkdown(markdown: string): Node {
  return parser.runSync(parser.parse(markdown));
}

/** The node and all below it, in the order of the text. */
export function allNodes(node: Node): Node[] {
  return [node, ...(node.children ?? []).flatMap(allNodes)];
}

export function nodesOf(node: Node, type: string): Node[] {
  return allNodes(node).filter((found) => found.type === type);
}

/** The text that a reader sees below a node, code included. */
export function textOf(node: Node): string {
  return allNodes(node)
    .filter((found) => found.type === 'text' || found.type === 'inlineCode' || found.type === 'code')
    .map((found) => found.value ?? '')
    .join('');
}
