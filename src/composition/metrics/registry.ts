import type { Counter, Gauge, Histogram } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { declaredMetrics, type Metrics, type Reading } from './catalogue.ts';

/**
 * The metrics of one process, on OpenTelemetry's SDK. Load this file only where they are wanted: the SDK takes time and
 * memory.
 */
export interface Registry extends Metrics {
  /** Everything, in the text format of Prometheus; gauges are read for it. */
  page(): Promise<string>;
  /** Reads the gauges for each page. */
  readFrom(read: () => Promise<readonly Reading[]>): void;
  close(): Promise<void>;
}

/** Combinations of a counter's labels that are told from the start: an alert sees the first one as an increase. */
const toldAtZero = 40;

export function openRegistry(): Registry {
  const reader = new PageReader();
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('sitrep');
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const unknown = new Map<Gauge, Record<string, string>[]>();
  const histograms = new Map<string, Histogram>();
  let read = nothing;
  for (const [name, { kind, help, labels, buckets }] of declaredMetrics()) {
    const description = plain(help);
    switch (kind) {
      case 'counter': {
        const counter = meter.createCounter(name, { description });
        const all = combinations(labels);
        if (all.length <= toldAtZero) for (const one of all) counter.add(0, one);
        counters.set(name, counter);
        break;
      }
      case 'gauge': {
        const gauge = meter.createGauge(name, { description });
        unknown.set(gauge, combinations(labels));
        gauges.set(name, gauge);
        break;
      }
      case 'histogram':
        histograms.set(
          name,
          meter.createHistogram(name, {
            description,
            advice: { explicitBucketBoundaries: [...(buckets ?? [])] },
          }),
        );
    }
  }
  return {
    count: (name, labels) => counters.get(name)?.add(1, labels),
    observe: (name, value, labels) => histograms.get(name)?.record(value, labels),
    readFrom(source) {
      read = source;
    },
    async page() {
      // What cannot be told now must not stand there as it was before.
      for (const [gauge, series] of unknown) for (const labels of series) gauge.record(Number.NaN, labels);
      for (const { name, value, labels } of await read()) gauges.get(name)?.record(value, labels);
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new AggregateError(errors, 'the metrics could not be collected');
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

const nothing = (): Promise<readonly Reading[]> => Promise.resolve([]);

/** Is read when somebody asks. */
class PageReader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

/** Without the signs of Markdown, which the documentation has. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** Every combination of the values of some labels. */
function combinations(labels: Readonly<Record<string, readonly string[]>>): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (so, [label, values]) => so.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
}
