import Handlebars from 'handlebars';
import type { Text } from '../core/text.ts';
import type { Update } from '../core/update.ts';
import { cutToFit, TooLongError } from './fit.ts';
import { type Rendered, toMarkdown } from './markdown.ts';
import { readTemplates } from './read-templates.ts';

/** GitHub takes 65,536 characters; the rest is left for the hidden marker and for surprises. */
export const longestComment = 60_000;

const templates = loadTemplates();

/**
 * The Markdown of an update, at most 60,000 code points long. Everything foreign in it is neutralised; where it
 * would be longer, folded parts are cut row by row from the last to the first, and say how much is missing.
 *
 * @param notTemplate Why the repository's own template was not used; null where that is not so.
 * @throws where an update is too long even without its folds, which no composed update is.
 */
export function renderUpdate(
  update: Update,
  limit: number = longestComment,
  notTemplate: Text | null = null,
): string {
  const template = templates.get(update.kind);
  if (template === undefined) throw new Error(`there is no template for the kind ${update.kind}`);
  return cutToFit(
    toMarkdown({ ...update, notTemplate }),
    (model: Rendered) => `${template(model).trimEnd()}\n`,
    limit,
  );
}

/** Whether an update without folds is short enough to be posted. */
export function mayBePosted(update: Update): boolean {
  try {
    renderUpdate(update);
    return true;
  } catch (error) {
    if (error instanceof TooLongError) return false;
    throw error;
  }
}

/** All templates by their names, with the partials at their service. */
function loadTemplates(): Map<string, (model: Rendered) => string> {
  const engine = Handlebars.create();
  const options = { strict: true, knownHelpersOnly: true, preventIndent: true };
  for (const [name, text] of readTemplates('partials')) {
    engine.registerPartial(name, engine.compile<Rendered>(text, options));
  }
  return new Map(readTemplates('.').map(([name, text]) => [name, engine.compile<Rendered>(text, options)]));
}
