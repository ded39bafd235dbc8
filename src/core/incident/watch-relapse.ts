import type { Configuration } from '../../config/repository.schema.ts';
import { evaluate } from '../criteria.ts';
import type { CriteriaInput } from '../criteria/types.ts';
import type { TakenSample } from '../samples.ts';
import type { Snapshot } from '../snapshot.ts';
import { componentStates, journeyReadings } from '../states.ts';
import { gateCriteria } from './resolution-criteria.ts';
import type { Resolution } from './state.ts';

/**
 * Whether a failure comes back after an incident was resolved: a criterion that held then fails, or a journey that worked
 * is blocked. What could not be read shows nothing.
 */

/** What was in order when the incident was resolved, and is not now. */
export interface Broken {
  title: string;
  why: string;
  evidence: readonly string[];
}

/** What is broken again. Criteria that need a time are judged by how they are now. */
export function brokenSince(
  { held, passed }: Pick<Resolution, 'held' | 'passed'>,
  input: CriteriaInput,
): Broken[] {
  const { configuration, snapshot } = input;
  const states = componentStates(configuration, snapshot);
  const journeys = Object.values(journeyReadings(configuration, states));
  const criteria = configuration.success_criteria.map(({ id, title, when }) => ({
    id,
    title,
    when,
    for: null,
    since: null,
    ...evaluate(when, input),
  }));
  const { readings } = gateCriteria(criteria, states, journeys);
  const failing = readings.filter(({ id, result }) => result === 'failed' && held.includes(id));
  const blocked = journeys.filter(
    ({ id, blocked: isBlocked }) =>
      isBlocked === true && passed.includes(id) && !failing.some((one) => one.id === `journey:${id}`),
  );
  return [
    ...failing.map(({ title, why, evidence }) => ({ title, why, evidence })),
    ...blocked.map(({ title, at, id, evidence }) => ({
      title: `${title} works`,
      why: `it is blocked at \`${at ?? id}\``,
      evidence,
    })),
  ];
}

/** Of samples that fail on end, the second is worth a full look; where that did not confirm it, each fifth after it. */
const atFirst = 2;
const thenEvery = 5;

/** Whether the newest of these samples is worth a full look. The oldest first, all after the resolution. */
export function relapseDue(
  configuration: Configuration,
  resolution: Pick<Resolution, 'held' | 'passed'>,
  samples: readonly TakenSample[],
): boolean {
  const whole = samples.findLastIndex(
    (sample) =>
      brokenSince(resolution, { configuration, snapshot: snapshotOf(sample), diagnosis: null }).length === 0,
  );
  const failing = samples.length - 1 - whole;
  return failing === atFirst || (failing > atFirst && failing % thenEvery === 0);
}

/** A sample as a snapshot of its figures only: what it lacks is unknown. */
function snapshotOf({ at, figures }: TakenSample): Snapshot {
  const hourMs = 3_600_000;
  return {
    version: 1,
    takenAt: at,
    window: { from: new Date(Date.parse(at) - hourMs).toISOString(), to: at },
    budgetMs: hourMs,
    observations: figures.map(([component, signal, unit, value, revision], place) => ({
      id: `E${String(place + 1)}`,
      component,
      signal,
      value: String(value).includes('e') ? value.toFixed(12) : String(value),
      unit,
      window: null,
      at,
      ...(revision === undefined ? {} : { revision }),
      source: { api: 'sitrep', method: 'Samples', query: signal },
    })),
    gaps: [],
    statements: [],
    changes: [],
    history: [],
    previous: null,
  };
}
