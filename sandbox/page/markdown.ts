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
