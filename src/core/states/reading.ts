import { figure as written } from '../figures.ts';
import type { Gap, Observation, ComponentState } from '../snapshot.ts';
import { evidenceIds, gapsOf } from '../observations.ts';
import type { Observations } from '../observations.ts';

/** The state of one component as the snapshot shows it, with what shows it. */
export interface StateReading {
  state: ComponentState;
  /** Ids of the observations, and of the gaps where it is unknown. */
  evidence: string[];
  /** One short sentence with figures, for the component table: `503 in 4.3 s`. */
  why: string;
}

/** A reading from the observations that decided it. */
export function reading(
  state: ComponentState,
  why: string,
  ...observations: readonly (readonly Observation[])[]
): StateReading {
  return { state, evidence: evidenceIds(...observations), why };
}

/** Unknown, because nothing (or not enough) could be read: never healthy, and the gap says why. */
export function unread(
  index: Observations,
  component: string,
  signals: readonly string[] | 'any',
  seen: readonly Observation[] = [],
  what = '',
): StateReading {
  const gaps =
    signals === 'any' ? gapsOf(index, component) : signals.flatMap((name) => gapsOf(index, component, name));
  const reason = gaps[0] ? `not read: ${gapPhrase(gaps[0])}` : 'not read';
  return { state: 'unknown', evidence: evidenceIds(seen, gaps), why: what ? `${what}; ${reason}` : reason };
}

const gapPhrases: Record<Gap['reason'], string> = {
  denied: 'access denied',
  'api-disabled': 'the API is disabled',
  'not-found': 'no such resource',
  'no-credentials': 'no credentials',
  quota: 'rate limit',
  timeout: 'no answer in time',
  budget: 'the time for collecting ended',
  unavailable: 'the API is unavailable',
  'invalid-response': 'an answer that does not fit',
  'no-data': 'no data in the window',
  'invalid-query': 'the API does not understand the query',
  'not-granted': 'not granted by the operator',
  unsupported: 'no collector for this type',
};

/** Why a gap is one, in a few words. */
export function gapPhrase(gap: Gap): string {
  return gapPhrases[gap.reason];
}

/** The value with its unit as it is read aloud: `4.3 s`, `150 ms`, `92 %`, `120 messages`, `10`. */
export function figure({ value, unit }: Observation): string {
  const text = written(value, unit);
  // A unit that a table leaves to its heading is named here.
  return unit !== null && text === written(value, null) ? `${text} ${unit}` : text;
}
