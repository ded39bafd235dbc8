import type { CriterionReading } from '../criteria/types.ts';
import { sortedIds } from '../observations.ts';
import type { JourneyReading, StateReading } from '../states.ts';

/** What the resolve gate judges by. */
export interface GateCriteria {
  readings: readonly CriterionReading[];
  /** False where the configuration has no success criteria, and the states of components and journeys serve instead. */
  configured: boolean;
}

/**
 * The success criteria of the configuration. Where it has none: that every journey passes, and that no component is
 * failing or unknown. Nothing configured at all is nothing known.
 */
export function gateCriteria(
  success: readonly CriterionReading[],
  states: Readonly<Record<string, StateReading>>,
  journeys: readonly JourneyReading[],
): GateCriteria {
  if (success.length > 0) return { readings: success, configured: true };
  return { readings: [...journeys.map(journeyCriterion), componentCriterion(states)], configured: false };
}

const counted = { when: '', for: null, since: null };

function journeyCriterion({ id, title, blocked, at, evidence }: JourneyReading): CriterionReading {
  const named = { ...counted, id: `journey:${id}`, title: `${title} works`, evidence };
  if (blocked === true) return { ...named, result: 'failed', why: `it is blocked at \`${at ?? id}\`` };
  if (blocked === false) return { ...named, result: 'met', why: 'no step fails' };
  return { ...named, result: 'unknown', why: `the state of \`${at ?? id}\` is unknown` };
}

function componentCriterion(states: Readonly<Record<string, StateReading>>): CriterionReading {
  const named = { ...counted, id: 'components', title: 'No component is failing or unknown' };
  const all = Object.entries(states);
  const failing = all.filter(([, { state }]) => state === 'failing');
  const unknown = all.filter(([, { state }]) => state === 'unknown');
  const evidenceOf = (of: typeof all) => sortedIds(of.flatMap(([, { evidence }]) => evidence));
  if (failing.length > 0)
    return { ...named, result: 'failed', why: `${names(failing)} failing`, evidence: evidenceOf(failing) };
  if (unknown.length > 0)
    return { ...named, result: 'unknown', why: reasons(unknown), evidence: evidenceOf(unknown) };
  if (all.length === 0)
    return { ...named, result: 'unknown', why: 'nothing is configured to be read', evidence: [] };
  return { ...named, result: 'met', why: 'each is healthy or degraded', evidence: evidenceOf(all) };
}

/** Named in one sentence; what is beyond is counted. */
const shown = 4;

function names(of: readonly [string, StateReading][]): string {
  const more = of.length - shown;
  const first = of.slice(0, shown).map(([id]) => `\`${id}\``);
  return more > 0 ? `${first.join(', ')} and ${String(more)} more` : first.join(', ');
}

function reasons(of: readonly [string, StateReading][]): string {
  const more = of.length - shown;
  const first = of.slice(0, shown).map(([id, { why }]) => `\`${id}\` unknown: ${why}`);
  return more > 0 ? `${first.join('; ')}; and ${String(more)} more` : first.join('; ');
}
