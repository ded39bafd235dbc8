import type { Configuration } from '../../config/repository.schema.ts';
import { sortedIds } from '../observations.ts';
import { expectedStatus } from '../samples.ts';
import { signal } from '../signals.ts';
import type { Series, Snapshot } from '../snapshot.ts';

/**
 * Whether it gets better, from the samples of the last 60 minutes: the newest third of them against the oldest. Values
 * in milliseconds, and the share by which endpoints count; expert settings.
 */
const reach = 60 * 60_000;
const third = reach / 3;
/** A figure of the newest minutes covers five: samples that are closer count the same requests twice. */
const apart = 5 * 60_000;
/** In each third at least. */
const fewestSamples = 2;
const materialShare = 0.1;

export type Direction = -1 | 0 | 1;

/** A direction: better is 1, worse is -1. */
export interface Sign {
  direction: Direction;
  evidence: readonly string[];
}

interface SampledInput {
  snapshot: Snapshot;
  configuration: Configuration;
}

interface Counted {
  hits: number;
  all: number;
}

/** The trend and the series that tell it; null where too few samples do. Opposite signs are steady. */
export function sampledTrend({
  snapshot,
  configuration,
}: SampledInput): { word: TrendWord; evidence: readonly string[] } | null {
  const endpoints = (id: string) => expectedStatus(configuration, id);
  const signs = [errorSign(snapshot), endpointSign(snapshot, endpoints)].filter((sign) => sign !== null);
  if (signs.length === 0) return null;
  return { word: trendWord(signs), evidence: sortedIds(signs.flatMap(({ evidence }) => evidence)) };
}

type TrendWord = 'improving' | 'steady' | 'worsening';

/** What several signs come to. */
export function trendWord(signs: readonly Sign[]): TrendWord {
  const sum = signs.reduce((total, sign) => total + sign.direction, 0);
  if (sum === 0) return 'steady';
  return sum > 0 ? 'improving' : 'worsening';
}

/** Two proportions: what lies within two standard errors is chance. */
function errorSign(snapshot: Snapshot): Sign | null {
  const requests = seriesOf(snapshot, signal.recentRequests);
  const errors = seriesOf(snapshot, signal.recentServerErrors);
  const used = timesApart(snapshot).map((at) => ({
    at,
    hits: valueAt(errors, at),
    all: valueAt(requests, at),
  }));
  const [old, recent] = thirds(
    snapshot,
    used.filter(({ all }) => all > 0),
  );
  if (old === null || recent === null) return null;
  const pooled = (old.hits + recent.hits) / (old.all + recent.all);
  const standardError = Math.sqrt(pooled * (1 - pooled) * (1 / old.all + 1 / recent.all));
  const difference = old.hits / old.all - recent.hits / recent.all;
  return {
    direction: Math.abs(difference) < 2 * standardError ? 0 : directionOf(difference),
    evidence: sortedIds([...requests, ...errors].map(({ id }) => id)),
  };
}

/** The share of answers that were as expected; a tenth more or less counts. */
function endpointSign(snapshot: Snapshot, expected: (id: string) => number | null): Sign | null {
  const statuses = seriesOf(snapshot, signal.status).filter(({ component }) => expected(component) !== null);
  const used = (snapshot.samples ?? []).map(([at]) => {
    const answers = statuses.flatMap(({ component, points }) =>
      points.filter(([time]) => time === at).map(([, value]) => value === expected(component)),
    );
    return { at, hits: answers.filter(Boolean).length, all: answers.length };
  });
  const [old, recent] = thirds(
    snapshot,
    used.filter(({ all }) => all > 0),
  );
  if (old === null || recent === null) return null;
  const difference = recent.hits / recent.all - old.hits / old.all;
  return {
    direction: Math.abs(difference) < materialShare ? 0 : directionOf(difference),
    evidence: sortedIds(statuses.map(({ id }) => id)),
  };
}

function seriesOf({ series = [] }: Snapshot, name: string): Series[] {
  return series.filter((one) => one.signal === name);
}

function valueAt(series: readonly Series[], at: string): number {
  return series.reduce((sum, { points }) => sum + (points.find(([time]) => time === at)?.[1] ?? 0), 0);
}

/** Times of samples that do not cover the same minutes, from the newest back. */
function timesApart({ samples = [] }: Snapshot): string[] {
  const newestFirst = samples.map(([at]) => at).toSorted((a, b) => Date.parse(b) - Date.parse(a));
  let last = Number.POSITIVE_INFINITY;
  return newestFirst.filter((at) => {
    if (last - Date.parse(at) < apart) return false;
    last = Date.parse(at);
    return true;
  });
}

/** The sums of the oldest and of the newest third of the last hour; null where too few samples lie in it. */
function thirds(
  { takenAt }: Snapshot,
  counted: readonly { at: string; hits: number; all: number }[],
): [Counted | null, Counted | null] {
  const ageOf = (at: string): number => Date.parse(takenAt) - Date.parse(at);
  return [
    sumOf(counted.filter(({ at }) => ageOf(at) <= reach && ageOf(at) >= reach - third)),
    sumOf(counted.filter(({ at }) => ageOf(at) < third)),
  ];
}

function sumOf(counted: readonly { hits: number; all: number }[]): Counted | null {
  if (counted.length < fewestSamples) return null;
  return counted.reduce<Counted>((sum, { hits, all }) => ({ hits: sum.hits + hits, all: sum.all + all }), {
    hits: 0,
    all: 0,
  });
}

/** The sign of a difference of which more is better. */
export function directionOf(difference: number): Direction {
  if (difference === 0) return 0;
  return difference > 0 ? 1 : -1;
}
