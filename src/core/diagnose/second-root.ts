import type { Case } from './case.ts';
import { conclude } from './conclude.ts';
import type { Conclusion } from './conclude.ts';
import { resourceTwins } from './identities.ts';
import type { WhySaid } from './stated-whys.ts';
import { missedByUsers, reachedFrom, sourcesOf, walkFrom } from './walk.ts';

/**
 * What fails beside the failure that the first cause explains: where users miss more than follows from it, the rest
 * is walked for itself. Null where nothing is left, or where no cause of the rest can be named.
 */
export function concludeOnRest(found: Case, first: Conclusion, said: readonly WhySaid[]): Conclusion | null {
  if (first.root.verdict === 'unknown') return null;
  const rest = unexplainedBy(found, [first]);
  if (rest.length === 0) return null;
  const journey = found.journeys.find(({ steps }) => steps.some(({ component }) => rest.includes(component)));
  const steps = journey?.steps.map(({ component }) => component).filter((id) => rest.includes(id)) ?? [];
  const second = conclude(found, walkFrom(found, journey ?? null, steps.length > 0 ? steps : rest), said);
  const isOne = resourceTwins(found);
  const isSame = second.root.cause === first.root.cause && isOne(second.root.component, first.root.component);
  return second.root.verdict === 'unknown' || isSame ? null : second;
}

/**
 * What users miss that does not lead to the root of any of these conclusions; and of what fails behind what they miss,
 * that to which nothing unexplained leads.
 */
export function unexplainedBy(found: Case, conclusions: readonly Conclusion[]): string[] {
  const known = conclusions.filter(({ root }) => root.verdict !== 'unknown');
  const isOne = resourceTwins(found);
  const explained = known.map(({ way, root }) => ({ root, sources: sourcesOf(way.links, root.component) }));
  const isOpen = (id: string): boolean =>
    explained.every(({ root, sources }) => !isOne(id, root.component) && !sources.has(id));
  const missed = missedByUsers(found).filter(isOpen);
  const [first] = conclusions;
  if (!first) return missed;
  const told = reachedFrom(first.way.links, missed);
  return [...missed, ...first.way.symptom.filter((id) => isOpen(id) && !told.has(id))];
}
