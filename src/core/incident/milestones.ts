import { durationsOf, type TimeTo } from './durations.ts';
import type { IncidentEvent } from './events.ts';
import type { IncidentState } from './state.ts';

/** One step in the life of an incident: when it was, whose word or reading tells so, and how long after the one before it. */
export interface Milestone {
  step: 'began' | 'declared' | 'acknowledged' | 'mitigated' | 'resolved';
  /** UTC; null where the record does not tell. */
  at: string | null;
  /** Who recorded it; null for what readings tell. */
  by: string | null;
  evidence: readonly string[];
  /** Milliseconds since the beginning, for the declaration; since the declaration, for what follows. Null where one is not known. */
  afterMs: number | null;
}

/**
 * The times by which people judge how an incident was dealt with: to detect, to acknowledge, to mitigate, to resolve. Each
 * follows from events of the record; what the record does not tell is null, never a guess.
 */
export function milestones(
  record: readonly IncidentEvent[],
  state: Pick<IncidentState, 'beganAt' | 'declared' | 'acknowledged' | 'mitigatedAt'>,
  resolved: { at: string; by: string },
): Milestone[] {
  const { beganAt, mitigatedAt } = state;
  const began = record.find(({ body, at }) => body.kind === 'began' && at === beganAt);
  const mitigated = record.find(({ body, at }) => body.kind === 'stage' && at === mitigatedAt);
  const { detect, acknowledge, mitigate, resolve } = durationsOf({ ...state, resolution: resolved });
  return [
    {
      step: 'began',
      at: beganAt,
      by: null,
      evidence: began?.body.kind === 'began' ? began.body.evidence : [],
      afterMs: null,
    },
    step('declared', detect),
    step('acknowledged', acknowledge),
    step('mitigated', { ...mitigate, by: mitigated?.by ?? null }),
    step('resolved', resolve),
  ];
}

function step(name: Milestone['step'], { to, by, ms }: TimeTo): Milestone {
  return { step: name, at: to, by, evidence: [], afterMs: ms };
}
