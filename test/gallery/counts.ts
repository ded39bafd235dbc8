import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How many parts of each sort a page has, so that two renderers can be compared. */
export interface Counts {
  tables: number;
  rows: number;
  taskItems: number;
  details: number;
  codeBlocks: number;
}

/** Counts in HTML. Diagrams are code blocks for a renderer of Markdown, whatever a page makes of them. */
export function countsOf(html: string): Counts {
  const count = (pattern: RegExp): number => html.match(pattern)?.length ?? 0;
  return {
    tables: count(/<table[\s>]/gu),
    rows: count(/<tr[\s>]/gu),
    taskItems: count(/<input[^>]*type="checkbox"/gu),
    details: count(/<details[\s>]/gu),
    codeBlocks: count(/<pre[\s>]/gu),
  };
}

const run = promisify(execFile);
const cmark = 'cmark-gfm';
const extensions = ['table', 'tasklist', 'strikethrough', 'autolink'].flatMap((name) => ['-e', name]);

/** Whether GitHub's own parser is installed (Debian: `cmark-gfm`). */
export async function hasCmark(): Promise<boolean> {
  try {
    await run(cmark, ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** The HTML that GitHub's parser makes, raw HTML passed through. */
export async function cmarkHtml(markdown: string): Promise<string> {
  const child = run(cmark, ['--unsafe', ...extensions], { maxBuffer: 16 * 1_024 * 1_024 });
  child.child.stdin?.end(markdown);
  return (await child).stdout;
}
