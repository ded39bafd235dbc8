import type { Window } from '../core/snapshot.ts';
import type { GoogleContext, Measured, Missed, Read } from './collector.ts';
import { decimal } from './decimal.ts';
import { readSeries, seriesSource } from './time-series.ts';
import type { Point, Series, SeriesAnswer, SeriesQuery } from './time-series.ts';

/** A value of one component over one window, taken from its series. */
export type Figure = Pick<Measured, 'signal' | 'value' | 'unit' | 'revision' | 'first' | 'last'> & {
  window: Window;
};

/** The two windows of a collection. */
export interface Windows {
  current: Window;
  before: Window;
}

/** A component with the value that tells its series from those of others. */
export interface Keyed {
  id: string;
  key: string;
}

export interface MetricRead {
  query: SeriesQuery;
  /** Signal of the gap if it fails or has no data. */
  signal: string;
  components: readonly Keyed[];
  /** Label of the resource that holds the key. */
  keyLabel: string;
  consoleOf(key: string): string;
  /** The figures of one component, those of the current window first, from its series and those of `beside`. */
  figures: (series: readonly Series[], windows: Windows, ...beside: (readonly Series[])[]) => Figure[];
  /** False where it is normal that a component has no data. */
  expectData?: boolean;
  /** Asks for the series; several reads can share one answer. Default: asked for by this read alone. */
  ask?: AskSeries;
  /** Answers of other metrics that the figures need; the same label tells whose they are. */
  beside?: readonly AskSeries[];
}

/** Asks for the series of one metric. */
export type AskSeries = (abort: AbortSignal) => Promise<SeriesAnswer>;

/** Asks once, at the first use, however many reads need the answer. */
export function askOnce(query: SeriesQuery, context: GoogleContext): AskSeries {
  let asked: Promise<SeriesAnswer> | null = null;
  return (abort) => (asked ??= readSeries(query, context, abort));
}

/** A read of one metric for all components at once. A component without any point in the window gets a gap. */
export function metricRead(metric: MetricRead, context: GoogleContext): Read {
  const { query, components } = metric;
  return {
    components: components.map(({ id }) => id),
    signal: metric.signal,
    source: seriesSource(query, context, metric.consoleOf(components[0]?.key ?? '')),
    run: async (abort) => {
      const ask = metric.ask ?? askOnce(query, context);
      const answers = await Promise.all([ask, ...(metric.beside ?? [])].map((one) => one(abort)));
      const partial = answers.some((answer) => answer.partial);
      const byKey = answers.map(({ series }) =>
        Map.groupBy(series, ({ labels }) => labels[metric.keyLabel] ?? ''),
      );
      const readings = components.map((component) => {
        const [own = [], ...beside] = byKey.map((series) => series.get(component.key) ?? []);
        return readingOf(metric, component, own, beside, partial, context);
      });
      return {
        observations: readings.flatMap(({ observations }) => observations),
        gaps: readings.flatMap(({ gaps }) => gaps),
      };
    },
  };
}

function readingOf(
  metric: MetricRead,
  { id, key }: Keyed,
  series: readonly Series[],
  beside: readonly (readonly Series[])[],
  partial: boolean,
  context: GoogleContext,
): { observations: Measured[]; gaps: Missed[] } {
  const windows = { current: context.window, before: context.before };
  // The component's own part of what was asked: it gives the same values.
  const labels = { ...metric.query.labels, [`resource.labels.${metric.keyLabel}`]: key };
  const source = seriesSource({ ...metric.query, labels }, context, metric.consoleOf(key));
  const observations = metric
    .figures(series, windows, ...beside)
    .map((figure) => ({ component: id, ...figure, ...(partial ? { partial } : {}), source }));
  const silent = !observations.some(({ window }) => window.to === context.window.to);
  if (!silent || metric.expectData === false) return { observations, gaps: [] };
  const detail = `no point of ${metric.query.metric} for ${key} between ${context.window.from} and ${context.window.to}${partial ? '; the answer was cut off' : ''}`;
  return {
    observations,
    gaps: [{ component: id, signal: metric.signal, reason: 'no-data', detail, source }],
  };
}

/** The points that lie in a window, of all these series. */
export function within(series: readonly Series[], window: Window): Point[] {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  return series
    .flatMap(({ points }) => points)
    .filter(({ end }) => end > from && end <= to)
    .toSorted((a, b) => a.end - b.end);
}

/** The series without the points after a window: a clock that goes wrong writes into the future. */
export function pointsUpTo(series: readonly Series[], { to }: Window): Series[] {
  return series.map((one) => ({ ...one, points: one.points.filter(({ end }) => end <= Date.parse(to)) }));
}

/** Both windows' figures, the current ones first. */
export function overBoth(windows: Windows, figures: (window: Window) => Figure[]): Figure[] {
  return [...figures(windows.current), ...figures(windows.before)];
}

/** Figures that are taken of each window alike. */
export function perWindow(
  figures: (series: readonly Series[], window: Window) => Figure[],
): MetricRead['figures'] {
  return (series, windows) => overBoth(windows, (window) => figures(series, window));
}

/** The sum of a count's points; nothing where there is no point. With the first and last time of a value above 0. */
export function countFigure(signal: string, points: readonly Point[], window: Window): Figure[] {
  if (points.length === 0) return [];
  const value = points.reduce((sum, point) => sum + point.value, 0);
  const seen = points.filter((point) => point.value > 0);
  const [first, last] = [seen[0], seen.at(-1)];
  return [
    {
      signal,
      value: decimal(value),
      unit: null,
      window,
      ...(first && last ? { first: instant(first.start), last: instant(last.end) } : {}),
    },
  ];
}

/** A gauge's last point, with the time since when it has been so within the window. */
export function lastFigure(signal: string, points: readonly Point[], window: Window): Figure[] {
  const last = points.at(-1);
  if (!last) return [];
  const changed = points.findLastIndex(({ value }) => value !== last.value);
  const first = points[changed + 1] ?? last;
  return [
    {
      signal,
      value: decimal(last.value),
      unit: null,
      window,
      first: instant(first.start),
      last: instant(last.end),
    },
  ];
}

/** A gauge's highest point; `last` is when it was last so high. */
export function highestFigure(
  signal: string,
  points: readonly Point[],
  window: Window,
  unit: string | null = null,
): Figure[] {
  if (points.length === 0) return [];
  const highest = Math.max(...points.map(({ value }) => value));
  const last = points.findLast(({ value }) => value === highest);
  return [{ signal, value: decimal(highest), unit, window, ...(last ? { last: instant(last.end) } : {}) }];
}

/** Utilizations in per cent. Their unit is 10^2.%, 1 being 100 %; a series that says % is taken at its word. */
export function inPercent(series: readonly Series[]): Series[] {
  return series.map((one) => ({
    ...one,
    points: one.points.map((point) => ({
      ...point,
      value: one.unit === '%' ? point.value : point.value * 100,
    })),
  }));
}

/** ISO 8601 of milliseconds since 1970. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Lengths of a query in seconds: its aligned periods, and how far it reaches back. */
export type Extent = Pick<SeriesQuery, 'period' | 'span'>;

/** One value for each of the two windows. */
export function wholeWindows({ window }: GoogleContext): Extent {
  const length = secondsOf(window);
  return { period: length, span: 2 * length };
}

/** Both windows in periods of a minute, or of five where there are very many components. */
export function fineWindows({ window }: GoogleContext, components: number): Extent {
  return { period: components <= 40 ? 60 : 300, span: 2 * secondsOf(window) };
}

/** 24 hours, in periods that are the finer the fewer components there are. */
export function wholeDay(components: number): Extent {
  if (components <= 10) return { period: 60, span: day };
  return { period: components <= 60 ? 300 : 900, span: day };
}

const day = 86_400;

function secondsOf({ from, to }: Window): number {
  return Math.max(60, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
}
