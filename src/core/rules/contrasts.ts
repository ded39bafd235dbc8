import { readingOf, stateOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import { componentOf, dependenciesOf } from '../graph.ts';
import { sortedIds } from '../observations.ts';
import type { Item } from './rule.ts';

/** Whether one of some components is seen to work; null where none of them was read. */
export function worksForOthers(found: Case, components: readonly string[]): Omit<Item, 'key'> {
  const healthy = components.filter((id) => stateOf(found, id) === 'healthy');
  if (healthy.length > 0) {
    return { holds: true, evidence: sortedIds(healthy.flatMap((id) => readingOf(found, id).evidence)) };
  }
  const read = components.filter((id) => stateOf(found, id) !== 'unknown');
  return { holds: read.length > 0 ? false : null, evidence: [] };
}

/** Services beside one that need the same thing and are seen to work. */
export function workingPeers(found: Case, service: string, shared: string): string[] {
  return workingUsers(found, shared).filter((id) => id !== service);
}

/** Services that need a thing and are seen to work. */
export function workingUsers(found: Case, shared: string): string[] {
  return Object.keys(found.configuration.components).filter(
    (id) =>
      componentOf(found.configuration, id)?.type === 'cloud-run' &&
      stateOf(found, id) === 'healthy' &&
      dependenciesOf(found.graph, id).some(({ to }) => to === shared),
  );
}
