import type { Scenario } from '../../scenario/schema.ts';
import type { Kind, ValueType } from './descriptors.ts';

/** Time series of a scenario: levels written out as points. */

export type Metric = Scenario['google']['metrics'][number];

/** Times are milliseconds since 1970. */
export interface Point {
  start: number;
  end: number;
  /** A distribution's values; of every other type one number. */
  values: number[];
}

export interface Series {
  metric: { type: string; labels: Record<string, string> };
  resource: { type: string; labels: Record<string, string> };
  kind: Kind;
  valueType: ValueType;
  unit: string;
  /** Oldest first. */
  points: Point[];
}

interface Sample {
  at: number;
  value: number;
}

/** A sample at every multiple of the interval at which a level holds; a level ends where the next one begins. */
function samplesOf({ levels, every_s }: Metric, until: number): Sample[] {
  const every = every_s * 1000;
  return levels.flatMap((level, index) => {
    const next = levels[index + 1];
    const ends = [until, level.to, next?.from].flatMap((end) => {
      if (end === undefined) return [];
      return typeof end === 'number' ? end : Date.parse(end);
    });
    const first = Math.ceil(Date.parse(level.from) / every) * every;
    const count = Math.max(0, Math.ceil((Math.min(...ends) - first) / every));
    return Array.from({ length: count }, (_, n) => ({ at: first + n * every, value: level.value }));
  });
}

/** A gauge is read at a moment; a delta covers the interval after it; a cumulative one all since the beginning. */
function pointsOf(metric: Metric, samples: Sample[]): Point[] {
  const every = metric.every_s * 1000;
  if (metric.kind === 'GAUGE')
    return samples.map(({ at, value }) => ({ start: at, end: at, values: [value] }));
  if (metric.kind === 'DELTA')
    return samples.map(({ at, value }) => ({ start: at, end: at + every, values: [value] }));
  const start = samples[0]?.at ?? 0;
  let total = 0;
  return samples.map(({ at, value }) => {
    total += value;
    return { start, end: at + every, values: [total] };
  });
}

/** A metric with the points that are visible at `now`: a point shows `delay_s` after its end. */
export function seriesOf(metric: Metric, now: Date): Series {
  const visible = now.getTime() - metric.delay_s * 1000;
  return {
    metric: { type: metric.type, labels: metric.labels },
    resource: metric.resource,
    kind: metric.kind,
    valueType: metric.value,
    unit: metric.unit,
    points: pointsOf(metric, samplesOf(metric, visible + 1)).filter(({ end }) => end <= visible),
  };
}
