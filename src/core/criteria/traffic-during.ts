import { current, latest, numberOf, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation, Series, Snapshot } from '../snapshot.ts';
import { componentsOf, factsOf, type Facts } from './facts.ts';

/**
 * Traffic of a time that a criterion names. "30 minutes without errors" is about these 30 minutes: over the hour of the
 * window, an error would count for an hour more. Samples hold requests and 5xx of the newest five minutes each; laid end
 * to end they cover the time. Where they overlap, requests and errors count twice; none is left out.
 */

/** What a sample's newest minutes cover, ms. */
const partMs = 5 * 60_000;
/** Samples that are older than this are thinned: their minutes do not join. */
const longestMs = 2 * 3_600_000;

/** Requests and 5xx of one component over the time. */
interface Traffic {
  component: string;
  requests: number;
  errors: number;
  /** The series of requests, by which both are cited. */
  evidence: string;
  /** The newest sample whose minutes hold a 5xx; null for none. */
  lastError: string | null;
}

/** The traffic of the last `milliseconds`, for each Cloud Run component; null where samples do not tell all of it. */
export function trafficDuring(
  { snapshot, configuration, index }: Facts,
  milliseconds: number,
): Traffic[] | null {
  const times = partsOf(snapshot, milliseconds);
  if (times === null) return null;
  const found: Traffic[] = [];
  for (const component of componentsOf(configuration, 'cloud-run')) {
    const recent = (name: string): Series | undefined => seriesOf(snapshot, component, name);
    const [requests, errors] = [recent(signal.recentRequests), recent(signal.recentServerErrors)];
    if (requests === undefined || errors === undefined) return null;
    const traffic: Traffic = { component, requests: 0, errors: 0, evidence: requests.id, lastError: null };
    for (const at of times) {
      const now = at === snapshot.takenAt;
      const read = (name: string, series: Series): number | null =>
        now ? numberOf(latest(index, component, name)) : pointAt(series, at);
      // Where there was no request in five minutes there is no point, though the hour was read.
      const hour = now
        ? sumOf(current(index, component, signal.requests))
        : pointAt(seriesOf(snapshot, component, signal.requests), at);
      const all = read(signal.recentRequests, requests) ?? (hour === null ? null : 0);
      if (all === null) return null;
      const failed = read(signal.recentServerErrors, errors) ?? 0;
      traffic.requests += all;
      traffic.errors += failed;
      if (failed > 0) traffic.lastError ??= at;
    }
    found.push(traffic);
  }
  return found.length === 0 ? null : found;
}

/** The facts with this traffic instead of that of the window. */
export function withTraffic(
  facts: Facts,
  traffic: readonly Traffic[],
  window: { from: string; to: string },
): Facts {
  const { snapshot, configuration, diagnosis } = facts;
  const replaced: ReadonlySet<string> = new Set([signal.requests, signal.serverErrors]);
  const isNow = ({ window: own }: Observation): boolean =>
    own === null || Date.parse(own.to) > Date.parse(snapshot.window.from);
  const kept = snapshot.observations.filter((one) => !(replaced.has(one.signal) && isNow(one)));
  const figures = traffic.flatMap(({ component, requests, errors, evidence: id }): Observation[] => {
    const source = seriesOf(facts.snapshot, component, signal.recentRequests)?.source ?? {
      api: 'sitrep',
      method: 'Samples',
      query: `requests of ${component}`,
    };
    const one = { id, component, unit: null, window, at: snapshot.takenAt, source };
    return [
      { ...one, signal: signal.requests, value: String(requests) },
      { ...one, signal: signal.serverErrors, value: String(errors) },
    ];
  });
  const gaps = snapshot.gaps.filter((gap) => !replaced.has(gap.signal));
  const shown = { ...snapshot, window, observations: [...kept, ...figures], gaps };
  // States and journeys stay those of the window.
  return {
    ...factsOf({ configuration, snapshot: shown, diagnosis }),
    states: facts.states,
    journeys: facts.journeys,
  };
}

/** Times of the samples whose minutes cover the time, the newest first, from now on; null where they leave a hole. */
function partsOf({ takenAt, samples = [] }: Snapshot, milliseconds: number): string[] | null {
  if (!(milliseconds <= longestMs)) return null;
  const newestFirst = samples
    .map(([at]) => at)
    .filter((at) => Date.parse(at) < Date.parse(takenAt))
    .toSorted((a, b) => Date.parse(b) - Date.parse(a));
  const from = Date.parse(takenAt) - milliseconds;
  const times = [takenAt];
  for (let last = Date.parse(takenAt); last - partMs > from;) {
    const next = newestFirst.findLast((at) => Date.parse(at) < last && Date.parse(at) >= last - partMs);
    if (next === undefined) return null;
    times.push(next);
    last = Date.parse(next);
  }
  return times;
}

function seriesOf({ series = [] }: Snapshot, component: string, name: string): Series | undefined {
  return series.find(
    (one) => one.component === component && one.signal === name && one.revision === undefined,
  );
}

function pointAt(series: Series | undefined, at: string): number | null {
  return series?.points.find(([time]) => time === at)?.[1] ?? null;
}
