import type { Configuration } from '../../config/repository.schema.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { Snapshot } from '../snapshot.ts';
import { factsOf, type Facts } from './facts.ts';

/** An update of an incident that is told of afterwards: how it was then, without criteria and promises. */
export function storyFacts(
  configuration: Configuration,
  record: readonly IncidentEvent[],
  { snapshot, diagnosis }: { snapshot: Snapshot; diagnosis: Diagnosis },
): Facts {
  return factsOf({
    configuration,
    snapshot: { ...snapshot, record: [...record] },
    diagnosis,
    criteria: { success: [], escalation: [] },
    nextCheckpoint: null,
    version: '',
  });
}
