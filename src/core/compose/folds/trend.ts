import { sampledTrend } from '../../criteria/series-trend.ts';
import type { Picture } from '../../diagram.ts';
import { trendColumns, type TrendColumns } from '../../diagrams/trend-columns.ts';
import { clock, span } from '../../figures.ts';
import { cite, code, ids, join, label, plain, say, type Plain, type Text } from '../../text.ts';
import type { Drawn, Fold, TrendRow } from '../../update.ts';
import { type Course, coursesOf } from '../courses.ts';
import type { Facts } from '../facts.ts';
import { drawn, fold } from './fold.ts';

/** Samples that a chart needs, so that it shows a course and not a point. */
const fewest = 3;
const minute = 60_000;
const shownMs = 60 * minute;
/** A column of blocks stands for two minutes: thirty of them fit on a phone. */
const columnMs = 2 * minute;
const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const none = '·';

/** How it went: drawn since the declaration, and the last hour figure by figure. */
export function trendFold(facts: Facts): Drawn<Fold<TrendRow>> | null {
  const { errors, endpoints, slowest } = coursesOf(facts);
  const rows = [errors, endpoints, slowest]
    .map((course) => ({ ...course, points: course.points.filter(([at]) => isOfLastHour(at, facts.seen)) }))
    .filter(({ points }) => points.length >= fewest)
    .map((course) => trendRow(course, facts.seen));
  const trend = sampledTrend(facts);
  const summary = trend === null ? label`Trend of the last hour` : headings[trend.word];
  return drawn(fold(summary, rows), trendPicture(facts));
}

const headings = {
  improving: label`Trend of the last hour: improving`,
  steady: label`Trend of the last hour: steady`,
  worsening: label`Trend of the last hour: worsening`,
};

/** Errors and latency since the declaration; null where too few samples tell of either. */
function trendPicture(facts: Facts): Picture | null {
  const from = facts.snapshot.incident?.declaredAt;
  if (from === undefined) return null;
  const { errors, endpoints, slowest } = coursesOf(facts);
  const isLong = ({ points }: Course): boolean =>
    points.filter(([at]) => Date.parse(at) >= Date.parse(from)).length >= fewest;
  const time = { from, to: facts.seen };
  const charts = [
    isLong(errors)
      ? { course: errors, chart: trendColumns({ ...time, ...errors, ...asShare }) }
      : {
          course: endpoints,
          chart: isLong(endpoints) ? trendColumns({ ...time, ...endpoints, ...asCount }) : null,
        },
    { course: slowest, chart: isLong(slowest) ? trendColumns({ ...time, ...slowest, ...asSeconds }) : null },
  ].flatMap(({ course, chart }) => (chart === null ? [] : [{ course, chart }]));
  if (charts.length === 0) return null;
  return {
    diagrams: charts.map(({ chart }) => chart.diagram),
    caption: captionOf(charts, facts.seen, from),
  };
}

const asShare = {
  title: say`5xx share`,
  unit: say`%`,
  colour: 'errors',
  scaled: (value: number) => rounded(value * 100),
} as const;
const asCount = {
  title: say`Endpoints with a wrong status`,
  unit: say`endpoints`,
  colour: 'errors',
  scaled: rounded,
} as const;
const asSeconds = {
  title: say`Slowest endpoint`,
  unit: say`s`,
  colour: 'time',
  scaled: rounded,
} as const;

/** As the figures beside it are written: whole from 100 on, three digits that count below. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** What the charts show in words: what a column is, and of each figure the highest and the last. */
function captionOf(
  charts: readonly { course: Course; chart: TrendColumns }[],
  seen: string,
  from: string,
): Text {
  const [first] = charts;
  const width = plain(span((first?.chart.minutes ?? 0) * minute));
  const holes = charts.some(({ chart }) => chart.hasHoles)
    ? say`; ${code('?')}: nothing was measured`
    : say``;
  const figures = charts.map(({ course, chart: { highest, last } }) => {
    const [most, now] = [highest, last].map(({ value }) => plain(course.write(value)));
    return say`**${course.what}** highest ${most ?? plain('')} at ${plain(clock(highest.at, seen))}, last ${now ?? plain('')} at ${plain(clock(last.at, seen))} ${cite(course.evidence)}`;
  });
  return say`Since the declaration, ${plain(clock(from, seen))} to ${plain(clock(seen, seen))} UTC, the highest of each ${width}${holes}. ${join(figures, say`; `)}`;
}

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

function isOfLastHour(at: string, seen: string): boolean {
  return Date.parse(seen) - Date.parse(at) <= shownMs;
}
