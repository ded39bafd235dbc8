import type { Configuration } from '../config/repository.schema.ts';
import { expectationsOf } from './contradictions/expectations.ts';
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
 * over time or asked of an endpoint. Of the settings, which are compared revision by revision, those that the
 * configuration expects are kept: a revision with two values of one is a contradiction.
 */
export function asPrevious(
  configuration: Configuration,
  snapshot: Snapshot,
  diagnosis: Diagnosis,
  url: string | null,
): PreviousUpdate {
  const expected = new Map(
    Object.entries(configuration.components).map(([id, component]) => [
      id,
      new Set(expectationsOf(component).map(({ name }) => name)),
    ]),
  );
  const states = Object.entries(componentStates(configuration, snapshot));
  return {
    takenAt: snapshot.takenAt,
    url,
    states: Object.fromEntries(states.map(([id, reading]) => [id, reading.state])),
    figures: snapshot.observations.filter(
      ({ component, window, signal: name, revision }) =>
        window !== null ||
        kept.has(name) ||
        (revision !== undefined && expected.get(component)?.has(name) === true),
    ),
    root: diagnosis.root,
  };
}
