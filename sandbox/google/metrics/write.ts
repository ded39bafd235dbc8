import type { JsonObject } from '../json.ts';
import { writtenTimestamp } from '../scalars.ts';
import type { ValueType } from './descriptors.ts';
import type { Point, Series } from './series.ts';

/** Time series in the JSON of google.monitoring.v3.TimeSeries. */

/** Finite buckets of every distribution: from 0.01 to 32 million, each a fifth wider than the one before. */
const buckets = { numFiniteBuckets: 120, growthFactor: 1.2, scale: 0.01 };

/** Bucket 0 lies below the scale; bucket n ends before scale × growth factor ^ n (google.api.Distribution). */
const bounds = Array.from(
  { length: buckets.numFiniteBuckets + 1 },
  (_, n) => buckets.scale * buckets.growthFactor ** n,
);

function bucketOf(value: number): number {
  const index = bounds.findIndex((bound) => value < bound);
  return index < 0 ? bounds.length : index;
}

function distributionJson(values: number[]): JsonObject {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const counts: number[] = Array.from({ length: Math.max(...values.map(bucketOf)) + 1 }, () => 0);
  for (const value of values) counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1;
  return {
    count: String(values.length),
    mean,
    sumOfSquaredDeviation: values.reduce((total, value) => total + (value - mean) ** 2, 0),
    bucketOptions: { exponentialBuckets: buckets },
    bucketCounts: counts.map(String),
  };
}

function valueJson(values: number[], type: ValueType): JsonObject {
  const [value = 0] = values;
  switch (type) {
    case 'INT64':
      return { int64Value: String(value) };
    case 'DOUBLE':
      return { doubleValue: value };
    case 'BOOL':
      return { boolValue: value !== 0 };
    case 'DISTRIBUTION':
      return { distributionValue: distributionJson(values) };
  }
}

function pointJson({ start, end, values }: Point, type: ValueType): JsonObject {
  return {
    interval: { startTime: writtenTimestamp(start), endTime: writtenTimestamp(end) },
    value: valueJson(values, type),
  };
}

/** A series as the API writes it, its points in the order in which they are given. */
export function seriesJson({ metric, resource, kind, valueType, unit, points }: Series): JsonObject {
  return {
    metric,
    resource,
    metricKind: kind,
    valueType,
    ...(points.length > 0 && { points: points.map((point) => pointJson(point, valueType)) }),
    unit,
  };
}
