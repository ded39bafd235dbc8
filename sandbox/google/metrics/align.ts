import { invalid } from '../errors.ts';
import type { Kind, ValueType } from './descriptors.ts';
import type { Point, Series } from './series.ts';
import { added, always, greatest, least, mean, numeric, percentile, same, sum } from './statistics.ts';

/**
 * Alignment, as google/monitoring/v3/common.proto describes it: which aligner a kind and a value type allow, and
 * what comes out. An aligned point stands at the end of its period; periods are
 * counted back from the end of the request's interval. A percentile is the nearest rank of the values themselves,
 * where the real API estimates it from buckets.
 */

export interface Interval {
  start: number;
  end: number;
}

interface Aligner {
  kinds: readonly Kind[];
  types: readonly ValueType[];
  kind: (given: Kind) => Kind;
  type: (given: ValueType) => ValueType;
  /** Values of one period to the value at its end; `seconds` is the length of the period. */
  align: (points: Point[], seconds: number, given: Series, before: Point | undefined) => number[];
}

function allValues(points: Point[]): number[] {
  return points.flatMap(({ values }) => values);
}

/** Growth over a period: of deltas their sum, of a running total its last value less the one before the period. */
function growth(points: Point[], { kind, valueType }: Series, before: Point | undefined): number[] {
  if (kind === 'DELTA') return added(allValues(points), valueType);
  if (valueType === 'DISTRIBUTION')
    throw invalid('The stand-in aligns no cumulative distributions.', 'aggregation');
  const last = points.at(-1)?.values[0] ?? 0;
  return [last - (before?.values[0] ?? 0)];
}

function ofGaugesAndDeltas(
  type: (given: ValueType) => ValueType,
  align: (values: number[]) => number,
): Aligner {
  return {
    kinds: ['GAUGE', 'DELTA'],
    types: numeric,
    kind: always<Kind>('GAUGE'),
    type,
    align: (points) => [align(allValues(points))],
  };
}

function percentileAligner(percent: number): Aligner {
  return {
    kinds: ['GAUGE', 'DELTA'],
    types: ['DISTRIBUTION'],
    kind: always<Kind>('GAUGE'),
    type: always<ValueType>('DOUBLE'),
    align: (points) => [percentile(allValues(points), percent)],
  };
}

const aligners: Record<string, Aligner> = {
  ALIGN_DELTA: {
    kinds: ['CUMULATIVE', 'DELTA'],
    types: [...numeric, 'DISTRIBUTION'],
    kind: always<Kind>('DELTA'),
    type: same,
    align: (points, _seconds, given, before) => growth(points, given, before),
  },
  ALIGN_RATE: {
    kinds: ['CUMULATIVE', 'DELTA'],
    types: numeric,
    kind: always<Kind>('GAUGE'),
    type: always<ValueType>('DOUBLE'),
    align: (points, seconds, given, before) => [sum(growth(points, given, before)) / seconds],
  },
  ALIGN_NEXT_OLDER: {
    kinds: ['GAUGE'],
    types: ['BOOL', ...numeric, 'DISTRIBUTION'],
    kind: same,
    type: same,
    align: (points) => points.at(-1)?.values ?? [],
  },
  ALIGN_SUM: {
    kinds: ['GAUGE', 'DELTA'],
    types: [...numeric, 'DISTRIBUTION'],
    kind: same,
    type: same,
    align: (points, _seconds, { valueType }) => added(allValues(points), valueType),
  },
  ALIGN_MEAN: ofGaugesAndDeltas(always<ValueType>('DOUBLE'), mean),
  ALIGN_MAX: ofGaugesAndDeltas(same, greatest),
  ALIGN_MIN: ofGaugesAndDeltas(same, least),
  ALIGN_PERCENTILE_99: percentileAligner(99),
  ALIGN_PERCENTILE_95: percentileAligner(95),
  ALIGN_PERCENTILE_50: percentileAligner(50),
};

/** Points of an interval by the end of the period that holds them, oldest first. */
function periodsOf(
  points: Point[],
  { start, end }: Interval,
  length: number,
): [end: number, points: Point[]][] {
  const periods = Map.groupBy(
    points.filter((point) => point.end > start && point.end <= end),
    (point) => end - Math.floor((end - point.end) / length) * length,
  );
  return [...periods].sort(([a], [b]) => a - b);
}

/**
 * Aligns a series, of which `points` hold all that is visible, over an interval (start, end].
 *
 * @throws GoogleError INVALID_ARGUMENT where the aligner does not go with the metric's kind and value type
 */
export function alignSeries(series: Series, name: string, seconds: number, interval: Interval): Series {
  const field = 'aggregation.perSeriesAligner';
  const aligner = Object.hasOwn(aligners, name) ? aligners[name] : undefined;
  if (aligner === undefined) throw invalid(`The stand-in does not calculate ${name}.`, field);
  if (!aligner.kinds.includes(series.kind) || !aligner.types.includes(series.valueType)) {
    throw invalid(
      `Field ${field} had an invalid value of "${name}": The aligner cannot be applied to metrics with kind ` +
        `${series.kind} and value type ${series.valueType}.`,
      field,
    );
  }
  const length = seconds * 1000;
  const kind = aligner.kind(series.kind);
  const points = periodsOf(series.points, interval, length).map(([end, within]) => {
    const before = series.points.findLast((point) => point.end <= Math.max(interval.start, end - length));
    const values = aligner.align(within, seconds, series, before);
    return { start: kind === 'GAUGE' ? end : end - length, end, values };
  });
  const unit = name === 'ALIGN_RATE' ? `${series.unit}/s` : series.unit;
  return { ...series, kind, valueType: aligner.type(series.valueType), unit, points };
}
