import { z } from 'zod';
import { GoogleError, invalid } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { openPage, pageSize, pageToken } from '../pages.ts';
import type { Page } from '../pages.ts';
import { parseDuration, parseTimestamp } from '../scalars.ts';
import { alignSeries } from './align.ts';
import type { Interval } from './align.ts';
import { descriptorOf } from './descriptors.ts';
import { labelAt, labelValue, metricFilter } from './filter.ts';
import { reduceSeries } from './reduce.ts';
import { seriesOf } from './series.ts';
import type { Metric, Series } from './series.ts';
import { seriesJson } from './write.ts';

/** `timeSeries.list` of Cloud Monitoring. */

const method = 'google.monitoring.v3.MetricService.ListTimeSeries';

/** The request, which has been judged by its message type already; enums are what the type allows. */
const requestSchema = z.object({
  name: z.string(),
  filter: z.string().default(''),
  interval: z.object({ startTime: z.string().optional(), endTime: z.string().default('') }).prefault({}),
  aggregation: z
    .object({
      alignmentPeriod: z.string().default('0s'),
      perSeriesAligner: z.string().default('ALIGN_NONE'),
      crossSeriesReducer: z.string().default('REDUCE_NONE'),
      groupByFields: z.array(z.string()).default([]),
    })
    .prefault({}),
  secondaryAggregation: z.unknown().optional(),
  orderBy: z.string().default(''),
  view: z.string().default('FULL'),
  pageSize: z.number().default(0),
});
type Request = z.infer<typeof requestSchema>;

interface Aggregation {
  aligner: string;
  seconds: number;
  reducer: string;
  groupBy: string[];
}

/** (start, end]; a request without a start asks for the moment of the end. */
function intervalOf({ interval }: Request): Interval {
  const end = parseTimestamp(interval.endTime);
  if (end === null) throw invalid('Field interval.endTime is required.', 'interval.endTime');
  const start = interval.startTime === undefined ? end : parseTimestamp(interval.startTime);
  if (start === null || start > end) {
    throw invalid(
      'Field interval.startTime had an invalid value: it is later than the end time.',
      'interval.startTime',
    );
  }
  return { start: start === end ? end - 1 : start, end };
}

function aggregationOf({ aggregation }: Request): Aggregation {
  const { perSeriesAligner: aligner, crossSeriesReducer: reducer, groupByFields: groupBy } = aggregation;
  const seconds = parseDuration(aggregation.alignmentPeriod) ?? 0;
  if (aligner !== 'ALIGN_NONE' && seconds < 60) {
    throw invalid(
      'Field aggregation.alignmentPeriod had an invalid value: it is at least 60 seconds.',
      'aggregation.alignmentPeriod',
    );
  }
  if (aligner === 'ALIGN_NONE' && reducer !== 'REDUCE_NONE') {
    throw invalid(
      'Field aggregation.perSeriesAligner is required where there is a cross-series reducer.',
      'aggregation.perSeriesAligner',
    );
  }
  return { aligner, seconds, reducer, groupBy };
}

function demandSupported({ filter, secondaryAggregation, orderBy }: Request): void {
  if (filter.length > 2_048) throw invalid('Field filter is longer than 2048 characters.', 'filter');
  if (secondaryAggregation !== undefined) {
    throw invalid('The stand-in knows no secondary aggregation.', 'secondaryAggregation');
  }
  if (orderBy !== '') throw invalid('Field orderBy is unsupported: it must be left blank.', 'orderBy');
}

/** Reduces each group to one series; `resource.type` always parts groups. */
function grouped(aligned: Series[], { reducer, groupBy }: Aggregation): Series[] {
  const field = 'aggregation.groupByFields';
  const labels = groupBy.map((path) => labelAt(path.replaceAll('"', '').split('.'), field));
  const groups = new Map<string, Series[]>();
  for (const series of aligned) {
    const facts = { type: series.metric.type, labels: series.metric.labels, resource: series.resource };
    const key = JSON.stringify([series.resource.type, ...labels.map((label) => labelValue(label, facts))]);
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  const kept = (of: 'metric' | 'resource', all: Record<string, string>) => {
    const names = new Set(
      labels.flatMap((label) => (label.of === of && 'name' in label ? [label.name] : [])),
    );
    return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
  };
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return reduceSeries(group, reducer, {
      metric: { type: first.metric.type, labels: kept('metric', first.metric.labels) },
      resource: { type: first.resource.type, labels: kept('resource', first.resource.labels) },
    });
  });
}

function withinInterval(series: Series, { start, end }: Interval): Series {
  return { ...series, points: series.points.filter((point) => point.end > start && point.end <= end) };
}

function aggregated(all: Series[], aggregation: Aggregation, interval: Interval): Series[] {
  const { aligner, seconds, reducer } = aggregation;
  const aligned = all.map((series) =>
    aligner === 'ALIGN_NONE'
      ? withinInterval(series, interval)
      : alignSeries(series, aligner, seconds, interval),
  );
  const result = reducer === 'REDUCE_NONE' ? aligned : grouped(aligned, aggregation);
  return result.filter(({ points }) => points.length > 0);
}

/** Aligner and reducer have to fit the metric also where it has no data that could show it. */
function demandFit(
  type: string,
  metrics: readonly Metric[],
  aggregation: Aggregation,
  interval: Interval,
): void {
  const [metric] = metrics;
  const descriptor = descriptorOf(type);
  const kind = metric?.kind ?? descriptor?.kinds[0];
  const valueType = metric?.value ?? descriptor?.valueType;
  if (kind === undefined || valueType === undefined) {
    throw new GoogleError('NOT_FOUND', `Cannot find metric(s) that match type = "${type}".`, {
      refused: true,
    });
  }
  const resource = { type: descriptor?.resource ?? '', labels: {} };
  const empty: Series = { metric: { type, labels: {} }, resource, kind, valueType, unit: '1', points: [] };
  aggregated([empty], aggregation, interval);
}

/** One page: of the points, newest first in each series, or of the series where only headers are asked for. */
function pageOf(
  all: Series[],
  page: Page,
  size: number,
  headers: boolean,
): { shown: Series[]; more: boolean } {
  if (headers) {
    const end = page.offset + size;
    return {
      shown: all.slice(page.offset, end).map((series) => ({ ...series, points: [] })),
      more: end < all.length,
    };
  }
  let skip = page.offset;
  let room = size;
  const shown: Series[] = [];
  for (const series of all) {
    const points = series.points.toReversed().slice(skip, skip + room);
    skip = Math.max(0, skip - series.points.length);
    room -= points.length;
    if (points.length > 0) shown.push({ ...series, points });
  }
  const total = all.reduce((count, { points }) => count + points.length, 0);
  return { shown, more: page.offset + size < total };
}

/**
 * Answers `timeSeries.list` from the scenario's metrics as they are visible at `now`.
 *
 * @throws GoogleError INVALID_ARGUMENT for a request that the API refuses; NOT_FOUND for an unknown metric type
 */
export function listTimeSeries(metrics: readonly Metric[], message: JsonObject, now: Date): JsonObject {
  const request = requestSchema.parse(message);
  demandSupported(request);
  const { type, keeps } = metricFilter(request.filter);
  const interval = intervalOf(request);
  const aggregation = aggregationOf(request);
  const size = pageSize(request.pageSize, { usual: 100_000, most: 100_000 });
  const page = openPage(method, message, now);
  const ofType = metrics.filter((metric) => metric.type === type);
  demandFit(type, ofType, aggregation, interval);
  const ofProject = ofType.filter(
    ({ resource }) => `projects/${resource.labels['project_id']}` === request.name,
  );
  const series = ofProject.filter(keeps).map((metric) => seriesOf(metric, page.asOf));
  const all = aggregated(series, aggregation, interval);
  const { shown, more } = pageOf(all, page, size, request.view === 'HEADERS');
  const units = new Set(shown.map(({ unit }) => unit));
  const [unit] = units;
  return {
    ...(shown.length > 0 && { timeSeries: shown.map(seriesJson) }),
    ...(unit !== undefined && { unit: units.size === 1 ? unit : '{not_a_unit}' }),
    ...(more && { nextPageToken: pageToken(method, message, page, page.offset + size) }),
  };
}
