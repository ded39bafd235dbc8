import type { Component, ComponentType, Configuration } from '../../../config/repository.schema.ts';

/** The components by the words with which people name them, under the first word of each. */
export type Subjects = ReadonlyMap<string, readonly Subject[]>;

interface Subject {
  words: readonly string[];
  component: string;
}

/** What people call a component of a type where there is only one of them. */
const typeWords: Partial<Record<ComponentType, readonly string[]>> = {
  'cloud-sql': ['cloud sql', 'cloudsql', 'database'],
  'vpc-connector': ['vpc connector', 'vpc access connector', 'connector'],
  'load-balancer': ['load balancer'],
};

/** Components by id, by the provider's name and, where there is one of the type only, by words for the type. */
export function subjectsOf(configuration: Configuration): Subjects {
  const components = Object.entries(configuration.components);
  const byType = Map.groupBy(components, ([, { type }]) => type);
  const subjects = components.flatMap(([id, component]): Subject[] => {
    const ofType = byType.get(component.type)?.length === 1 ? (typeWords[component.type] ?? []) : [];
    const names = [id, id.replaceAll(/[-_]/g, ' '), ...providerNames(component), ...ofType];
    return [...new Set(names.map((name) => name.toLowerCase()))].map((name) => ({
      words: name.split(' '),
      component: id,
    }));
  });
  return Map.groupBy(
    subjects.toSorted((a, b) => b.words.length - a.words.length),
    ({ words }) => words[0] ?? '',
  );
}

function providerNames(component: Component): string[] {
  switch (component.type) {
    case 'cloud-run':
      return [component.service];
    case 'vpc-connector':
    case 'secret':
      return [component.name];
    case 'cloud-sql':
      return [component.instance];
    case 'load-balancer':
      return [component.backend_service];
    case 'http':
    case 'websocket':
    case 'google-region':
    case 'terraform-state':
    case 'metric':
    case 'log-filter':
    case 'service':
    default:
      return [];
  }
}

/** The component that the words from a place on name, the longest name first, and the place after it; null for none. */
export function subjectAt(
  subjects: Subjects,
  words: readonly string[],
  at: number,
): { component: string; end: number } | null {
  const named = (subjects.get(words[at] ?? '') ?? []).find((subject) =>
    subject.words.every((word, offset) => words[at + offset] === word),
  );
  return named ? { component: named.component, end: at + named.words.length } : null;
}
