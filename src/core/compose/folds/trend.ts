import { sampledTrend } from '../../criteria/series-trend.ts';
import { figure, number, share } from '../../figures.ts';
import { expectedStatus } from '../../samples.ts';
import { signal } from '../../signals.ts';
import type { Series } from '../../snapshot.ts';
import { code, ids, label, plain, type Plain, say, type Text } from '../../text.ts';
import type { Fold, TrendRow } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** Samples of the last hour that a chart needs, so that it shows a course and not a point. */
const fewest = 3;
const minute = 60_000;
const shownMs = 60 * minute;
/** A column stands for two minutes: thirty of them fit on a phone. */
const columnMs = 2 * minute;
const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const none = '·';

/** One figure at the times of the samples, the oldest first. */
interface Course {
  what: Text;
  points: readonly (readonly [at: string, value: number])[];
  write: (value: number) => string;
  evidence: readonly string[];
}

/** How the last hour went, as the samples tell it: the 5xx share, the endpoints, and the slowest one. */
export function trendFold(facts: Facts): Fold<TrendRow> | null {
  const courses = [errorShare(facts), failingEndpoints(facts), slowestEndpoint(facts)];
  const rows = courses
    .filter(({ points }) => points.length >= fewest)
    .map((course) => trendRow(course, facts.seen));
  const trend = sampledTrend(facts);
  return fold(trend === null ? label`Trend of the last hour` : headings[trend.word], rows);
}

const headings = {
  improving: label`Trend of the last hour: improving`,
  steady: label`Trend of the last hour: steady`,
  worsening: label`Trend of the last hour: worsening`,
};

function trendRow({ what, points, write, evidence }: Course, seen: string): TrendRow {
  const values = points.map(([, value]) => value);
  const written = (value: number): Plain => plain(write(value));
  return {
    what,
    chart: say`${code(chartOf(points, seen))}`,
    highest: say`${written(Math.max(...values))}`,
    last: say`${written(values.at(-1) ?? Number.NaN)}`,
    evidence: say`${ids(evidence)}`,
  };
}

/** The highest value of each column as a bar between zero and the highest of all; a dot where there is no value. */
function chartOf(points: Course['points'], seen: string): string {
  const most = Math.max(...points.map(([, value]) => value));
  const columns = Array.from({ length: shownMs / columnMs }, (_, column) => {
    const from = Date.parse(seen) - shownMs + column * columnMs;
    const inside = points.filter(([at]) => Date.parse(at) >= from && Date.parse(at) < from + columnMs);
    return inside.length === 0 ? null : Math.max(...inside.map(([, value]) => value));
  });
  return columns
    .map((value) => {
      if (value === null) return none;
      const level = most <= 0 ? 0 : Math.round((value / most) * (levels.length - 1));
      return levels[level] ?? none;
    })
    .join('');
}

/** 5xx ÷ requests of all services, each time over the newest five minutes that were measured. */
function errorShare(facts: Facts): Course {
  const requests = seriesOf(facts, signal.recentRequests);
  const errors = seriesOf(facts, signal.recentServerErrors);
  const points = timesOf(facts).flatMap((at): [string, number][] => {
    const all = sum(valuesAt(requests, at));
    return all > 0 ? [[at, sum(valuesAt(errors, at)) / all]] : [];
  });
  return { what: say`5xx share`, points, write: share, evidence: idsOf([...requests, ...errors]) };
}

function failingEndpoints(facts: Facts): Course {
  const statuses = endpointSeries(facts, signal.status);
  const points = timesOf(facts).flatMap((at): [string, number][] => {
    const answers = statuses.flatMap((one) =>
      valuesAt([one], at).map((value) => value === expectedStatus(facts.configuration, one.component)),
    );
    return answers.length === 0 ? [] : [[at, answers.filter((isRight) => !isRight).length]];
  });
  return { what: say`endpoints with a wrong status`, points, write: number, evidence: idsOf(statuses) };
}

function slowestEndpoint(facts: Facts): Course {
  const latencies = endpointSeries(facts, signal.latency);
  const points = timesOf(facts).flatMap((at): [string, number][] => {
    const values = valuesAt(latencies, at);
    return values.length === 0 ? [] : [[at, Math.max(...values)]];
  });
  return { what: say`slowest endpoint`, points, write: seconds, evidence: idsOf(latencies) };
}

function seconds(value: number): string {
  return figure(value.toFixed(2), 's');
}

function timesOf({ snapshot, seen }: Facts): string[] {
  return (snapshot.samples ?? [])
    .map(([at]) => at)
    .filter((at) => Date.parse(seen) - Date.parse(at) <= shownMs)
    .toSorted((a, b) => Date.parse(a) - Date.parse(b));
}

function seriesOf({ snapshot: { series = [] } }: Facts, name: string): Series[] {
  return series.filter((one) => one.signal === name);
}

function endpointSeries(facts: Facts, name: string): Series[] {
  return seriesOf(facts, name).filter(
    ({ component }) => expectedStatus(facts.configuration, component) !== null,
  );
}

function valuesAt(series: readonly Series[], at: string): number[] {
  return series.flatMap(({ points }) => points.filter(([time]) => time === at).map(([, value]) => value));
}

function idsOf(series: readonly Series[]): string[] {
  return series.map(({ id }) => id);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
