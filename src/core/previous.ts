import type { Configuration } from '../config/repository.schema.ts';
import type { Diagnosis } from './diagnosis.ts';
import { scaledLimits } from './scaled-limits.ts';
import { signal } from './signals.ts';
import type { PreviousUpdate, Snapshot } from './snapshot.ts';
import { componentStates } from './states.ts';

/** Present states that the next update compares: what an endpoint answers, which revision serves, and limits. */
const kept: ReadonlySet<string> = new Set([
  signal.status,
  signal.latency,
  signal.servingRevision,
  signal.traffic,
  ...scaledLimits,
]);

/**
 * What the next update compares itself with: the states, the cause the serving revisions, and the figures that were measured
 * over time or asked of an endpoint. Settings of revisions are left out: they are compared revision by revision.
 */
export function asPrevious(
  configuration: Configuration,
  snapshot: Snapshot,
  diagnosis: Diagnosis,
  url: string | null,
): PreviousUpdate {
  const states = Object.entries(componentStates(configuration, snapshot));
  return {
    takenAt: snapshot.takenAt,
    url,
    states: Object.fromEntries(states.map(([id, reading]) => [id, reading.state])),
    figures: snapshot.observations.filter(({ window, signal: name }) => window !== null || kept.has(name)),
    root: diagnosis.root,
  };
}
