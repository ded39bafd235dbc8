import type { Configuration } from '../config/repository.schema.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { PreviousUpdate, Snapshot } from './snapshot.ts';
import { componentStates } from './states.ts';

/** What the next update compares itself with: the states, the figures and the cause of this one. */
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
    figures: snapshot.observations,
    root: diagnosis.root,
  };
}
