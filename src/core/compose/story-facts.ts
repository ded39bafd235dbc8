import type { Configuration } from '../../config/repository.schema.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { factsOf, type Facts, type StatusInput } from './facts.ts';

/** What an update told, as far as it may be told again. */
export type Telling = Pick<StatusInput, 'snapshot' | 'diagnosis' | 'redacted'>;

/** An update of an incident that is told of afterwards: how it was then, without criteria and promises. */
export function storyFacts(
  configuration: Configuration,
  record: readonly IncidentEvent[],
  { snapshot, diagnosis, redacted }: Telling,
): Facts {
  return factsOf({
    configuration,
    snapshot: { ...snapshot, record: [...record] },
    diagnosis,
    criteria: { success: [], escalation: [] },
    nextCheckpoint: null,
    version: '',
    ...(redacted === undefined ? {} : { redacted }),
  });
}
