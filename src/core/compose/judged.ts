import { holdTimeOf, type HoldTime } from '../criteria/hold-time.ts';
import type { CriterionReading } from '../criteria/types.ts';
import { gateCriteria } from '../incident/resolution-criteria.ts';
import type { Facts } from './facts.ts';

/** What the resolve gate judges, and how long each of it has stood as it does. */
export interface Judged {
  readings: readonly (CriterionReading & { holding: HoldTime })[];
  /** Whether the configuration names success criteria. */
  configured: boolean;
}

/** The criteria of a look for the gate. */
export function judgedOf({
  configuration,
  snapshot,
  diagnosis,
  criteria,
  states,
  journeys,
  redacted,
}: Pick<
  Facts,
  'configuration' | 'snapshot' | 'diagnosis' | 'criteria' | 'states' | 'journeys' | 'redacted'
>): Judged {
  const { readings, configured } = gateCriteria(criteria.success, states, journeys);
  const input = { configuration, snapshot, diagnosis };
  return {
    configured,
    readings: readings.map((reading) => ({
      ...reading,
      holding: redacted?.holding[reading.id] ?? holdTimeOf(input, reading),
    })),
  };
}
