import { allNodes, parseMarkdown } from '../templates/markdown-tree.ts';
import { documentPages } from './pages.ts';

/** A fenced block of a page. */
export interface Fence {
  page: string;
  /** Empty where the fence names none. */
  language: string;
  text: string;
}

/** Pages that a person reads for what to do: README and `docs/`, without the gallery's, which are updates. */
const pages = documentPages.filter(
  ({ path }) => path === 'README.md' || (path.startsWith('docs/') && !path.startsWith('docs/gallery/')),
);

/** The fenced blocks of these languages, in the order of the pages. */
export function fencesOf(...languages: string[]): Fence[] {
  return pages.flatMap(({ path, text }) =>
    allNodes(parseMarkdown(text))
      .filter(({ type, lang }) => type === 'code' && languages.includes(lang ?? ''))
      .map(({ lang, value }) => ({ page: path, language: lang ?? '', text: value ?? '' })),
  );
}

/** What stands as code within the text of these pages. */
export function inlineCodes(): { page: string; code: string }[] {
  return pages.flatMap(({ path, text }) =>
    allNodes(parseMarkdown(text))
      .filter(({ type }) => type === 'inlineCode')
      .map(({ value }) => ({ page: path, code: value ?? '' })),
  );
}
