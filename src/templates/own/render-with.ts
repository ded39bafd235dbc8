import Handlebars from 'handlebars';
import { templateLine } from '../../core/compose/template-line.ts';
import { refusalOf, type OwnTemplates } from '../../core/own-templates/own-templates.ts';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';
import type { Update } from '../../core/update.ts';
import { toMarkdown, type Rendered } from '../markdown.ts';
import { longestComment, renderUpdate } from '../render.ts';
import type { PlainModel } from './job.ts';
import type { TemplateThreads } from './threads.ts';

/** An update as it is posted. */
export interface Laid {
  text: string;
  /** Why the repository's template of its kind was not used; null where it was, or where there is none. */
  problem: TemplateProblem | null;
}

/**
 * The Markdown of an update by the repository's own template of its kind. Where there is none, or it fails, by the
 * built-in one, which then says why.
 */
export async function renderWith(
  threads: TemplateThreads,
  templates: OwnTemplates,
  update: Update,
  limit: number = longestComment,
): Promise<Laid> {
  const problem = refusalOf(templates, `${update.kind}.hbs`);
  if (problem !== null) return { text: renderUpdate(update, limit, templateLine(problem)), problem };
  if (!Object.hasOwn(templates.kinds, update.kind)) return { text: renderUpdate(update, limit), problem };
  const { kind } = update;
  const result = await threads.render({ kind, templates, model: viewOf(update), limit });
  return 'text' in result
    ? { text: result.text, problem: null }
    : { text: renderUpdate(update, limit, templateLine(result.problem)), problem: result.problem };
}

/** What a template of a repository sees of an update: plain data, every text neutralised already. */
export function viewOf(update: Update): PlainModel {
  return plain(toMarkdown(update));
}

function plain(model: Rendered): PlainModel {
  if (model instanceof Handlebars.SafeString) return model.toHTML();
  if (Array.isArray(model)) return model.map(plain);
  if (typeof model !== 'object' || model === null) return model;
  return Object.fromEntries(Object.entries(model).map(([key, value]) => [key, plain(value)]));
}
