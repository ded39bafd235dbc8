import type { IncidentState, Resolution } from './state.ts';

/** A length of time between two things of the record. */
export interface TimeTo {
  /** UTC, ISO 8601; null where the record does not tell. */
  from: string | null;
  to: string | null;
  /** Milliseconds; null where one end is missing, or the second lies before the first. */
  ms: number | null;
  /** Who did what it ends with; null where nobody or nothing is known. */
  by: string | null;
}

/** The times by which an incident is judged. What the record does not tell is null, and never a guess. */
export interface Durations {
  /** From the beginning of the failure, as the readings tell, to the declaration. */
  detect: TimeTo;
  /** From the declaration to the first acknowledgement. */
  acknowledge: TimeTo;
  /** From the declaration until people first said that users are served again. */
  mitigate: TimeTo;
  /** From the declaration to the resolution. */
  resolve: TimeTo;
  /** From the beginning of the failure until people first said that users are served again, or else to the resolution. */
  outage: TimeTo;
}

/** The times of an incident, from how it stands. */
export function durationsOf(
  state: Pick<IncidentState, 'beganAt' | 'mitigatedAt' | 'declared' | 'acknowledged'> & {
    resolution: Pick<Resolution, 'at' | 'by'> | null;
  },
): Durations {
  const { beganAt, mitigatedAt, declared, acknowledged, resolution } = state;
  const declaredAt = declared?.at ?? null;
  return {
    detect: between(beganAt, declaredAt, declared?.by ?? null),
    acknowledge: between(declaredAt, acknowledged?.at ?? null, acknowledged?.by ?? null),
    mitigate: between(declaredAt, mitigatedAt, null),
    resolve: between(declaredAt, resolution?.at ?? null, resolution?.by ?? null),
    outage: between(beganAt, mitigatedAt ?? resolution?.at ?? null, null),
  };
}

function between(from: string | null, to: string | null, by: string | null): TimeTo {
  const ms = from === null || to === null ? null : Date.parse(to) - Date.parse(from);
  return { from, to, ms: ms === null || ms < 0 ? null : ms, by };
}
