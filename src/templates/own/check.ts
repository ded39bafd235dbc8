import type { OwnTemplates } from '../../core/own-templates/own-templates.ts';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';
import { sampleModel, type Fullness } from '../../core/view-model/sample.ts';
import { longestComment } from '../render.ts';
import { problemsIn } from './engine.ts';
import type { TemplateThreads } from './threads.ts';

const samples: readonly Fullness[] = ['full', 'bare'];

/**
 * All that is wrong with a repository's templates, by file and place: what is not accepted, what does not parse or can
 * only fail, and what fails with a sample of its kind, one that holds everything and one that holds the least.
 */
export async function checkTemplates(
  threads: TemplateThreads,
  templates: OwnTemplates,
): Promise<TemplateProblem[]> {
  const found = [...templates.refused, ...problemsIn(templates)];
  const broken = new Set(found.map(({ file }) => file));
  for (const kind of Object.keys(templates.kinds).filter((name) => !broken.has(`${name}.hbs`)))
    for (const fullness of samples) {
      const model = sampleModel(kind, fullness);
      const result = await threads.render({ kind, templates, model, limit: longestComment });
      if ('problem' in result) found.push(result.problem);
    }
  const once = new Map(found.map((problem) => [JSON.stringify(problem), problem]));
  return [...once.values()].toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : Number(a.file > b.file)) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}
