import type { MetricComponent } from '../config/repository.schema.ts';
import { signal } from '../core/signals.ts';
import type { Source, Window } from '../core/snapshot.ts';
import { worstOf } from '../core/states/thresholds.ts';
import type { Measured, Missed, Reading } from './collector.ts';
import { decimal } from './decimal.ts';
import { instant } from './metric-read.ts';
import type { RangeSeries } from './prometheus.schema.ts';
import { filterString } from './provenance.ts';

/** What the series of a configured query say. */

interface Metric {
  id: string;
  component: MetricComponent;
  source: Source;
  window: Window;
  before: Window;
  redact: (text: string) => Promise<string>;
}

/** A last value that is older than this says nothing of the present, ms: the metrics themselves are some 3 min late. */
const fresh = 600_000;

/** Longest list of labels that is kept, in characters. */
const longest = 300;

/** Digits that count; a rate of 0.000412 must not become 0. */
const significant = 6;

/** A series within one window. */
interface Part {
  /** Its labels as PromQL writes them: what tells it from others, and the order of equal ones. */
  labels: string;
  /** In order of time; not all are finite numbers. */
  samples: RangeSeries['values'];
}

/** Last, highest and lowest value of both windows, and what keeps them from being known. */
export async function metricReading(series: readonly RangeSeries[], metric: Metric): Promise<Reading> {
  const [now, then] = [metric.window, metric.before].map((window) => partsOf(series, window));
  return {
    observations: [
      ...(await figuresOf(now ?? [], metric.window, metric)),
      ...(await figuresOf(then ?? [], metric.before, metric)),
    ],
    gaps: await gapsOf(now ?? [], metric),
  };
}

function partsOf(series: readonly RangeSeries[], window: Window): Part[] {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  return series
    .map(({ metric, values }) => ({
      labels: labelsOf(metric),
      samples: values.filter(({ at }) => at > from && at <= to).toSorted((a, b) => a.at - b.at),
    }))
    .filter(({ samples }) => samples.length > 0)
    .toSorted((a, b) => (a.labels < b.labels ? -1 : 1));
}

/** `requests{revision="web-2"}`. */
function labelsOf({ __name__: name = '', ...labels }: RangeSeries['metric']): string {
  const pairs = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${filterString(value)}`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(', ')}}`;
}

interface Sample {
  labels: string;
  at: number;
  value: number;
}

/** The last sample of each series that has not ended. */
function lastOf(parts: readonly Part[], window: Window): Sample[] {
  const end = Date.parse(window.to);
  return parts.flatMap(({ labels, samples }) => {
    const last = samples.at(-1);
    return last !== undefined && last.at > end - fresh ? [{ labels, ...last }] : [];
  });
}

function isNumber({ value }: Sample): boolean {
  return Number.isFinite(value);
}

async function figuresOf(
  parts: readonly Part[],
  window: Window,
  { id, component, source, redact }: Metric,
): Promise<Measured[]> {
  if (parts.length === 0) return [];
  const unit = component.unit ?? null;
  const last = lastOf(parts, window).filter(isNumber);
  const all = parts.flatMap(({ labels, samples }) =>
    samples.map((sample) => ({ labels, ...sample })).filter(isNumber),
  );
  const figure = async (name: string, found: Sample | undefined): Promise<Measured[]> => {
    if (!found) return [];
    const text = (await redact(found.labels)).slice(0, longest);
    return [
      {
        component: id,
        signal: name,
        value: shortened(found.value),
        unit,
        window,
        source,
        last: instant(found.at),
        ...(text === '' ? {} : { text }),
      },
    ];
  };
  return [
    ...(await figure(
      signal.value,
      worstOf(last, component, ({ value }) => value),
    )),
    ...(await figure(
      signal.valueHighest,
      extreme(all, (a, b) => a > b),
    )),
    ...(await figure(
      signal.valueLowest,
      extreme(all, (a, b) => a < b),
    )),
    { component: id, signal: signal.series, value: String(parts.length), unit: null, window, source },
  ];
}

/** The sample that is further out than all others; of equal ones the latest. */
function extreme(
  samples: readonly Sample[],
  isFurther: (a: number, b: number) => boolean,
): Sample | undefined {
  const byTime = samples.toSorted((a, b) => b.at - a.at);
  const [first, ...rest] = byTime;
  return rest.reduce<Sample | undefined>(
    (found, next) => (found !== undefined && isFurther(next.value, found.value) ? next : found),
    first,
  );
}

/** Why the present value is not known, or not of all series. */
async function gapsOf(parts: readonly Part[], { id, source, window, redact }: Metric): Promise<Missed[]> {
  const last = lastOf(parts, window);
  const odd = last.find((sample) => !isNumber(sample));
  const gap = (detail: string): Missed[] => [
    { component: id, signal: signal.value, reason: 'no-data', detail, source },
  ];
  if (parts.length === 0) {
    return gap(`the query gave no series with a value between ${window.from} and ${window.to}`);
  }
  if (last.length === 0) {
    const ends = parts.flatMap(({ samples }) => samples.at(-1)?.at ?? []);
    return gap(`the last value is of ${instant(Math.max(...ends))}`);
  }
  if (!odd) return [];
  const without = last.filter((sample) => !isNumber(sample)).length;
  const labels = (await redact(odd.labels)).slice(0, longest);
  return gap(
    `${without} of ${last.length} series have no number now: ${wordOf(odd.value)}${labels === '' ? '' : ` for ${labels}`}`,
  );
}

/** How Prometheus writes it. */
function wordOf(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function shortened(value: number): string {
  const whole = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return decimal(value, Math.min(100, Math.max(0, significant - whole)));
}
