import type { Path } from './configuration-error.ts';
import type { ReferenceProblem } from './references.ts';
import { componentGroups, fieldsAt, idsAt, listAt } from './written.ts';
import type { Written } from './written.ts';

/** Names that may stand once and stand twice: ids of criteria and rules, labels, edges of one component. */
export function doubleProblems(data: unknown): ReferenceProblem[] {
  const severities = idsAt(data, ['labels', 'severity']);
  const components = componentGroups(data).flatMap((path) =>
    idsAt(data, path).map((id): Path => [...path, id]),
  );
  return [
    fieldsAt(data, ['success_criteria'], 'id'),
    fieldsAt(data, ['escalation'], 'id'),
    fieldsAt(data, ['labels', 'apply'], 'label'),
    severities.flatMap((severity) => listAt(data, ['labels', 'severity', severity])),
    ...components.map((path) => listAt(data, [...path, 'depends_on'])),
  ].flatMap(doubles);
}

/** All but the first of equal names; GitHub's labels know no upper and lower case, and ids have none. */
function doubles(names: readonly Written[]): ReferenceProblem[] {
  const groups = Map.groupBy(names, ({ text }) => text.toLowerCase()).values();
  return [...groups].flatMap((group) =>
    group.slice(1).map(({ text, path }): ReferenceProblem => ({
      path,
      at: 'value',
      code: 'duplicate',
      message: `${text} stands here for the second time`,
      remedy: 'keep one of them, or give this one another name',
    })),
  );
}
