import type { Source } from '../core/snapshot.ts';
import type { GoogleContext } from './collector.ts';
import { parseAnswer } from './parse-answer.ts';
import { curlGoogle, filterString, segment } from './provenance.ts';
import { timeSeriesAnswer } from './time-series.schema.ts';
import type { Distribution, PointAnswer } from './time-series.schema.ts';

/** Host of Cloud Monitoring. */
export const monitoring = 'monitoring.googleapis.com';

/** What is asked of one metric, for all components at once. */
export interface SeriesQuery {
  /** Metric type, for example `run.googleapis.com/request_count`. */
  metric: string;
  /** Monitored resource, for example `cloud_run_revision`. */
  resource: string;
  /** Labels that must have this value, or one of these. */
  labels: Record<string, string | readonly string[]>;
  aligner: string;
  reducer: string;
  groupBy: readonly string[];
  /** Length of an aligned period, s. */
  period: number;
  /** How far before now it reaches, s: a multiple of the period. */
  span: number;
}

/** One series, its points oldest first. */
export interface Series {
  /** Value of a label by its name without `metric.labels.` or `resource.labels.`. */
  labels: Readonly<Record<string, string>>;
  unit: string | null;
  points: Point[];
}

/** One aligned value; it holds for the time after `start` up to `end`, in ms since 1970. */
export interface Point {
  start: number;
  end: number;
  /** NaN for a distribution. */
  value: number;
  distribution: Distribution | null;
}

export interface SeriesAnswer {
  series: Series[];
  /**
   * True where the page cap cut the answer, the API says that some data could not be read, or a counter restarted:
   * counts are lower bounds then.
   */
  partial: boolean;
}

/** Pages that are read at most; one holds 100,000 points. */
const pageCap = 3;

/** Names in a filter at most; with more of them all of the region are asked for. */
const nameCap = 100;

/** Reads the series of one metric that end at `now`. */
export async function readSeries(
  query: SeriesQuery,
  { project, google, now }: GoogleContext,
  signal: AbortSignal,
): Promise<SeriesAnswer> {
  const parameters = parametersOf(query, now);
  const series: Series[] = [];
  let pageToken: string | undefined;
  let partial = false;
  for (let page = 0; page < pageCap; page += 1) {
    const answer = await google.get({
      host: monitoring,
      path: pathOf(project),
      query: { ...parameters, ...(pageToken === undefined ? {} : { pageToken }) },
      signal,
    });
    const parsed = parseAnswer(timeSeriesAnswer, answer, 'time series');
    for (const { metric, resource, unit, points } of parsed.timeSeries) {
      const labels = { ...resource.labels, ...metric.labels };
      const found = pointsOf(points);
      const sound = query.aligner === 'ALIGN_DELTA' ? found.filter(isGrowth) : found;
      // What was counted before a restart is lost: the rest is a lower bound.
      partial ||= sound.length < found.length;
      series.push({ labels, unit: unit ?? parsed.unit ?? null, points: sound });
    }
    partial ||= parsed.executionErrors.length > 0;
    pageToken = parsed.nextPageToken;
    if (!pageToken) return { series, partial };
  }
  return { series, partial: true };
}

/** Where a query's values come from, with a command that reads them. */
export function seriesSource(query: SeriesQuery, { project, now }: GoogleContext, console: string): Source {
  const url = new URL(`https://${monitoring}${pathOf(project)}`);
  for (const [name, value] of Object.entries(parametersOf(query, now))) {
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  }
  return {
    api: monitoring,
    method: 'TimeSeries.List',
    query: `${filterOf(query)} ${query.aligner}/${query.period}s ${query.reducer}`,
    console,
    command: curlGoogle(url.href),
  };
}

function pathOf(project: string): string {
  return `/v3/projects/${segment(project)}/timeSeries`;
}

function parametersOf(query: SeriesQuery, now: Date): Record<string, string | readonly string[]> {
  return {
    filter: filterOf(query),
    'interval.startTime': new Date(now.getTime() - query.span * 1_000).toISOString(),
    'interval.endTime': now.toISOString(),
    'aggregation.alignmentPeriod': `${query.period}s`,
    'aggregation.perSeriesAligner': query.aligner,
    'aggregation.crossSeriesReducer': query.reducer,
    'aggregation.groupByFields': query.groupBy,
  };
}

function filterOf({ metric, resource, labels }: SeriesQuery): string {
  const conditions = Object.entries(labels).flatMap(([label, value]) => {
    if (typeof value === 'string') return [`${label}=${filterString(value)}`];
    const names = [...new Set(value)];
    if (names.length > nameCap) return [];
    const [only] = names;
    if (names.length === 1 && only !== undefined) return [`${label}=${filterString(only)}`];
    return [`${label}=one_of(${names.map(filterString).join(',')})`];
  });
  return [
    `metric.type=${filterString(metric)}`,
    `resource.type=${filterString(resource)}`,
    ...conditions,
  ].join(' AND ');
}

/** Nothing grows by less than nothing: such a point is the restart of a counter. */
function isGrowth({ value, distribution }: Point): boolean {
  return distribution === null ? value >= 0 : distribution.count >= 0;
}

/** The points that hold a number, oldest first. */
function pointsOf(answers: readonly PointAnswer[]): Point[] {
  return answers
    .map(({ interval: { start, end }, value }) => ({
      start,
      end,
      value:
        value.int64Value ??
        value.doubleValue ??
        (value.boolValue === undefined ? NaN : Number(value.boolValue)),
      distribution: value.distributionValue ?? null,
    }))
    .filter(({ value, distribution }) => Number.isFinite(value) || distribution !== null)
    .toSorted((a, b) => a.end - b.end);
}
