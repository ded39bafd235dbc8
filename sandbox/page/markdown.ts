import rehypeRaw from 'rehype-raw';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkBreaks from 'remark-breaks';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { trusted, type Html } from './html.ts';

/** GitHub's order: Markdown with its extensions, newlines as breaks, raw HTML parsed, then GitHub's own allow-list. */
const pipeline = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkBreaks)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize, defaultSchema)
  .use(() => leaveOutImages)
  .use(() => (tree: HtmlNode) => nameBoxes(tree))
  .use(rehypeStringify)
  .freeze();

const kept = 500;

/** A renderer of comments as GitHub shows them. Texts that it has seen lately come from its memory. */
export function markdownRenderer(): (text: string) => Html {
  const memory = new Map<string, Html>();
  return (text) => {
    const known = memory.get(text);
    if (known) return known;
    if (memory.size >= kept) memory.clear();
    const rendered = trusted(String(pipeline.processSync(text)));
    memory.set(text, rendered);
    return rendered;
  };
}

/** As much of a tree of HTML as is needed here. */
interface HtmlNode {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HtmlNode[];
}

/** GitHub fetches images itself; here nothing is fetched from elsewhere, so an image is told in words. */
function leaveOutImages(node: HtmlNode): void {
  const { tagName, properties = {} } = node;
  if (tagName === 'img' || tagName === 'source') {
    const alt = typeof properties['alt'] === 'string' ? properties['alt'] : '';
    node.tagName = 'span';
    node.properties = { className: ['image'] };
    node.children =
      tagName === 'img' ? [{ type: 'text', value: `[image${alt === '' ? '' : `: ${alt}`}]` }] : [];
  }
  for (const child of node.children ?? []) leaveOutImages(child);
}

/** Gives each box of a task list the name that a screen reader says: what stands beside it. */
function nameBoxes(node: HtmlNode, item?: HtmlNode): void {
  const inside = node.tagName === 'li' ? node : item;
  if (node.tagName === 'input') {
    node.properties = { ...node.properties, ariaLabel: inside ? besideBox(inside) : 'Box' };
  }
  for (const child of node.children ?? []) nameBoxes(child, inside);
}

const longestName = 120;

function besideBox(item: HtmlNode): string {
  const text = textOf(item).replaceAll('\u200b', '').replaceAll(/\s+/gu, ' ').trim();
  return text.slice(0, longestName) || 'Box';
}

function textOf(node: HtmlNode): string {
  if (node.type === 'text') return node.value ?? '';
  return (node.children ?? []).map(textOf).join('');
}
