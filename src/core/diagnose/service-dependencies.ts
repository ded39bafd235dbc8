import { dependenciesOf } from '../graph.ts';
import { stateOf } from './case.ts';
import type { Case } from './case.ts';
import { beganBefore, onsetOf } from './onset.ts';
import { partOf, serviceOf } from './service-links.ts';
import type { Symptom } from './service-links.ts';
import { sufficientShare } from './traversal.ts';

/**
 * The dependencies of a service that may be behind its symptom for all that is known: a figure of them was not read,
 * or it accounts for half of the symptom and yet is within its own bounds.
 */
export function openDependencies(found: Case, id: string, symptom: Symptom): string[] {
  return dependenciesOf(found.graph, id)
    .map(({ to }) => to)
    .filter((to) => partRuledOut(found, id, to, symptom) === null);
}

/**
 * Whether at least half of a service's symptom is its own: no dependency is left open, and those that have a part in
 * it have less than half of it together.
 */
export function isOwn(found: Case, id: string, symptom: Symptom): boolean {
  const parts = dependenciesOf(found.graph, id).map(({ to }) => partRuledOut(found, id, to, symptom));
  const known = parts.filter((part) => part !== null);
  const together = known.reduce((sum, part) => sum + part, 0);
  return known.length === parts.length && together < sufficientShare;
}

/** The part of a dependency that is not the cause: 0 where it began later; null where it may be the cause. */
function partRuledOut(found: Case, from: string, to: string, symptom: Symptom): number | null {
  if (!serviceOf(found, to)) return stateOf(found, to) === 'healthy' ? 0 : null;
  if (beganBefore(onsetOf(found, to), onsetOf(found, from)) === false) return 0;
  const edge = dependenciesOf(found.graph, from).find((one) => one.to === to);
  const part = edge ? partOf(found, edge, symptom) : null;
  return part === null || part.share >= sufficientShare ? null : part.share;
}
