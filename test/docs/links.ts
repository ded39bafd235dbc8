import { dirname, join, normalize } from 'node:path/posix';
import GithubSlugger from 'github-slugger';
import { allNodes, nodesOf, parseMarkdown, textOf, type Node } from '../templates/markdown-tree.ts';

/** What is known of a repository, to follow its links by. */
export interface LinkWorld {
  /** Every file, from the root, in its exact case. */
  files: ReadonlySet<string>;
  /** Pages with the fragments that lead into them. */
  fragments: ReadonlyMap<string, ReadonlySet<string>>;
  /** Hosts that an absolute link may go to. */
  hosts: ReadonlySet<string>;
}

/** Attributes of HTML that lead somewhere. */
const attribute = /\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/giu;

/** An element that a fragment may name. */
const anchor = /<[a-z][^>]*?\b(?:id|name)\s*=\s*["']([^"']+)["']/giu;

/** What a page has to do with links. */
export interface PageLinks {
  /** Where its links and pictures lead, in the order of the text: those of Markdown, bare ones, and those of HTML. */
  targets: string[];
  /** The fragments that lead into it: of its headings, as GitHub makes them, and of anchors that it sets itself. */
  fragments: Set<string>;
}

/** Reads a page's links. */
export function linksOf(markdown: string): PageLinks {
  const tree = parseMarkdown(markdown);
  const slugger = new GithubSlugger();
  const headings = nodesOf(tree, 'heading').map((heading) => slugger.slug(textOf(heading)));
  const anchors = nodesOf(tree, 'html').flatMap(({ value = '' }) =>
    [...value.matchAll(anchor)].map(([, name = '']) => name),
  );
  return {
    targets: allNodes(tree).flatMap((node) => {
      if (node.type !== 'html') return isLink(node) ? [node.url ?? ''] : [];
      return [...(node.value ?? '').matchAll(attribute)].map(([, double, single]) => double ?? single ?? '');
    }),
    fragments: new Set([...headings, ...anchors]),
  };
}

function isLink({ type }: Node): boolean {
  return type === 'link' || type === 'image' || type === 'definition';
}

/** What is wrong with the links of a page, one line each. */
export function wrongLinks(path: string, targets: readonly string[], world: LinkWorld): string[] {
  return targets.flatMap((target) => {
    const why = /^[a-z][a-z\d+.-]*:/iu.test(target)
      ? whyNotOutside(target, world)
      : whyNotInside(path, target, world);
    return why === null ? [] : [`${path}: ${target} ${why}`];
  });
}

function whyNotOutside(target: string, { hosts }: LinkWorld): string | null {
  if (!URL.canParse(target)) return 'cannot be read';
  const { protocol, host } = new URL(target);
  // The page of a server of one's own is the one thing without a certificate.
  const isOwn = host === '127.0.0.1:3000' && protocol === 'http:';
  if (!isOwn && protocol !== 'https:') return 'is not https';
  return hosts.has(host) ? null : `goes to ${host}, which is not in the list`;
}

function whyNotInside(from: string, target: string, { files, fragments }: LinkWorld): string | null {
  const [written = '', fragment] = target.split('#', 2);
  if (written.startsWith('/')) return 'is a path of a machine, or of a host; write it from the page';
  const path = written === '' ? from : normalize(join(dirname(from), decodeURI(written))).replace(/\/$/u, '');
  const isFolder = [...files].some((file) => file.startsWith(`${path}/`));
  if (!files.has(path) && !isFolder) return `leads to ${path}, which is no file of the repository`;
  if (fragment === undefined) return null;
  return fragments.get(path)?.has(fragment) === true ? null : `has no heading #${fragment} to lead to`;
}
