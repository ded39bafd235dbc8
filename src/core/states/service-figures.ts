import { before, latest, numberOf, time } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';

/** One figure of a service: over the window, and over the window before; null where it was not read. */
export interface Figure {
  now: number | null;
  was: number | null;
  /** The observations behind both. */
  seen: readonly Observation[];
}

/** What is known of a service that a snapshot file brings. */
export interface ServiceFigures {
  /** Mean latency, s. */
  latency: Figure;
  /** Share of requests answered, 0 to 1. */
  availability: Figure;
  /** Count of requests. */
  requests: Figure;
}

/** The figures of a service. One in a unit that is not documented (docs/diagnosis.md) was not read. */
export function serviceFigures(index: Observations, id: string): ServiceFigures {
  return {
    latency: figureOf(index, id, signal.latency, secondsOf),
    availability: figureOf(index, id, signal.availability, shareOf),
    requests: figureOf(index, id, signal.requests, countOf),
  };
}

function figureOf(
  index: Observations,
  id: string,
  name: string,
  valueOf: (observation: Observation) => number | null,
): Figure {
  const now = latest(index, id, name);
  const was = lastBefore(index, id, name);
  const read = (observation: Observation | undefined): number | null =>
    observation === undefined ? null : valueOf(observation);
  return {
    now: read(now),
    was: read(was),
    seen: [now, was].filter((observation) => observation !== undefined),
  };
}

/** Of several earlier windows the one that ended last. */
function lastBefore(index: Observations, id: string, name: string): Observation | undefined {
  const [first, ...rest] = before(index, id, name);
  return rest.reduce((last, next) => (last && endOf(next) > endOf(last) ? next : last), first);
}

function endOf({ window }: Observation): number {
  return time(window?.to ?? '');
}

function secondsOf(observation: Observation): number | null {
  const value = numberOf(observation);
  if (value === null || value < 0) return null;
  if (observation.unit === 'ms') return value / 1_000;
  return observation.unit === 's' ? value : null;
}

function shareOf(observation: Observation): number | null {
  const value = numberOf(observation);
  const share = value !== null && observation.unit === '%' ? value / 100 : value;
  const known = observation.unit === '%' || observation.unit === null;
  return known && share !== null && share >= 0 && share <= 1 ? share : null;
}

function countOf(observation: Observation): number | null {
  const value = numberOf(observation);
  return value !== null && value >= 0 ? value : null;
}
