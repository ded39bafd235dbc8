import { figure, number, share } from '../figures.ts';
import { expectedStatus } from '../samples.ts';
import { signal } from '../signals.ts';
import type { Series } from '../snapshot.ts';
import { say, type Text } from '../text.ts';
import type { Facts } from './facts.ts';

/** One figure at the times of the samples since the declaration, the oldest first; of older ones the worst of each stretch. */
export interface Course {
  what: Text;
  points: readonly (readonly [at: string, value: number])[];
  write: (value: number) => string;
  evidence: readonly string[];
}

/** The courses that the samples of a snapshot tell of. */
export interface Courses {
  errors: Course;
  endpoints: Course;
  slowest: Course;
}

/** How it went, as the samples tell it: the 5xx share, the endpoints, and the slowest one. */
export function coursesOf(facts: Facts): Courses {
  return {
    errors: errorShare(facts),
    endpoints: failingEndpoints(facts),
    slowest: slowestEndpoint(facts),
  };
}

/** 5xx ÷ requests of all services, each time over the newest five minutes that were measured. */
function errorShare(facts: Facts): Course {
  const requests = seriesOf(facts, signal.recentRequests);
  const errors = seriesOf(facts, signal.recentServerErrors);
  const [asked, failed] = [byTime(requests), byTime(errors)];
  const points = timesOf(asked).flatMap((at): [string, number][] => {
    const all = sum(asked.get(at));
    return all > 0 ? [[at, sum(failed.get(at)) / all]] : [];
  });
  return { what: say`5xx share`, points, write: share, evidence: idsOf([...requests, ...errors]) };
}

function failingEndpoints(facts: Facts): Course {
  const statuses = endpointSeries(facts, signal.status);
  const wrong = byTime(statuses, ({ component }, value) =>
    value === expectedStatus(facts.configuration, component) ? 0 : 1,
  );
  const points = timesOf(wrong).map((at): [string, number] => [at, sum(wrong.get(at))]);
  return { what: say`endpoints with a wrong status`, points, write: number, evidence: idsOf(statuses) };
}

function slowestEndpoint(facts: Facts): Course {
  const latencies = endpointSeries(facts, signal.latency);
  const values = byTime(latencies);
  const points = timesOf(values).map((at): [string, number] => [at, Math.max(...(values.get(at) ?? []))]);
  return { what: say`slowest endpoint`, points, write: seconds, evidence: idsOf(latencies) };
}

function seconds(value: number): string {
  return figure(value.toFixed(2), 's');
}

/** What was read at each time, by the time. */
function byTime(
  series: readonly Series[],
  valueOf: (one: Series, value: number) => number = (_one, value) => value,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const one of series)
    for (const [at, value] of [...(one.earlier ?? []), ...one.points])
      found.set(at, [...(found.get(at) ?? []), valueOf(one, value)]);
  return found;
}

function timesOf(values: ReadonlyMap<string, unknown>): string[] {
  return [...values.keys()].toSorted((a, b) => Date.parse(a) - Date.parse(b));
}

function seriesOf({ snapshot: { series = [] } }: Facts, name: string): Series[] {
  return series.filter((one) => one.signal === name);
}

function endpointSeries(facts: Facts, name: string): Series[] {
  return seriesOf(facts, name).filter(
    ({ component }) => expectedStatus(facts.configuration, component) !== null,
  );
}

function idsOf(series: readonly Series[]): string[] {
  return series.map(({ id }) => id);
}

function sum(values: readonly number[] = []): number {
  return values.reduce((total, value) => total + value, 0);
}
