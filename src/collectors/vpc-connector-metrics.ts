import { signal } from '../core/signals.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Read } from './collector.ts';
import { throughputFigures } from './connector-throughput.ts';
import { decimal } from './decimal.ts';
import {
  askOnce,
  fineWindows,
  highestFigure,
  inPercent,
  instant,
  lastFigure,
  metricRead,
  overBoth,
  wholeDay,
  within,
} from './metric-read.ts';
import type { AskSeries, Figure, Keyed, MetricRead, Windows } from './metric-read.ts';
import { consoleLink, segment } from './provenance.ts';
import { monitoring } from './time-series.ts';
import type { Series, SeriesAnswer, SeriesQuery } from './time-series.ts';

const day = 86_400_000;
const nameLabel = 'resource.labels.connector_name';

/** Load of Serverless VPC Access connectors over the window and the one before. */
export const vpcConnectorMetrics: GoogleCollector = {
  name: 'vpc-connector-metrics',
  kind: 'google',
  api: monitoring,
  role: 'roles/monitoring.viewer',
  types: ['vpc-connector'],
  signals: [
    {
      signal: signal.instances,
      unit: null,
      example: '10',
      meaning: 'Instances, last minute measured; first is since when it is so within the window',
    },
    { signal: signal.instancesHighest, unit: null, example: '10', meaning: 'Most instances at a time' },
    {
      signal: signal.instancesSince,
      unit: null,
      example: '2025-09-15T17:07:00.000Z',
      meaning: 'Since when the number of instances is what it is, searched over 24 hours',
    },
    {
      signal: signal.cpu,
      unit: '%',
      example: '94',
      meaning: 'Highest CPU load of its instances (99th percentile of each minute)',
    },
    { signal: signal.sentBytes, unit: 'bytes', example: '41200000000', meaning: 'Bytes sent' },
    { signal: signal.receivedBytes, unit: 'bytes', example: '39800000000', meaning: 'Bytes received' },
    {
      signal: signal.throughput,
      unit: 'Mbit/s',
      example: '941',
      meaning:
        'Throughput of the busiest minute (of five minutes with more than 40 connectors) in the busier direction; last is its end. What passes is received and sent again, so the directions are not added',
    },
    {
      signal: signal.throughputInstances,
      unit: null,
      example: '10',
      meaning: 'Instances in that minute: with throughput.each they give what it could carry',
    },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'vpc-connector').map(({ id, component }) => ({
      id,
      key: component.name,
    }));
    if (components.length === 0) return [];
    const asking = (ask: Asked): Asking => askingFor(ask, components, context);
    const fine = fineWindows(context, components.length);
    const growth = { aligner: 'ALIGN_DELTA', reducer: 'REDUCE_SUM', ...fine };
    const instances = asking({
      metric: metric('instances'),
      aligner: 'ALIGN_MAX',
      reducer: 'REDUCE_SUM',
      ...wholeDay(components.length),
    });
    const cpu = asking({
      metric: metric('cpu/utilizations'),
      aligner: 'ALIGN_PERCENTILE_99',
      reducer: 'REDUCE_MAX',
      ...fine,
    });
    const sent = asking({ metric: metric('sent_bytes_count'), ...growth });
    const received = asking({ metric: metric('received_bytes_count'), ...growth });
    return [
      read(instances, { signal: signal.instances, figures: instanceFigures }),
      read(cpu, { signal: signal.cpu, figures: cpuFigures }),
      read(sent, { signal: signal.sentBytes, figures: byteFigures(signal.sentBytes) }),
      read(received, { signal: signal.receivedBytes, figures: byteFigures(signal.receivedBytes) }),
      throughput(sent, received, instances),
    ];
  },
};

function metric(name: string): string {
  return `vpcaccess.googleapis.com/connector/${name}`;
}

type Asked = Pick<SeriesQuery, 'metric' | 'aligner' | 'reducer' | 'period' | 'span'>;

/** A query whose answer several reads use. */
interface Asking extends Omit<MetricRead, 'signal' | 'figures' | 'ask'> {
  ask: AskSeries;
  context: GoogleContext;
}

function askingFor(asked: Asked, components: readonly Keyed[], context: GoogleContext): Asking {
  const { project, region } = context;
  const query: SeriesQuery = {
    ...asked,
    resource: 'vpc_access_connector',
    labels: { 'resource.labels.location': region, [nameLabel]: components.map(({ key }) => key) },
    groupBy: [nameLabel],
  };
  const consoleOf = (name: string) =>
    consoleLink(`networking/connectors/details/${segment(region)}/${segment(name)}`, project);
  return {
    query,
    components,
    keyLabel: 'connector_name',
    consoleOf,
    ask: askOnce(query, context),
    context,
  };
}

function read({ context, ...asking }: Asking, give: Pick<MetricRead, 'signal' | 'figures'>): Read {
  return metricRead({ ...asking, ...give }, context);
}

/** Asks for nothing that is not asked for already; that there is no traffic the reads of the bytes say. */
function throughput(sent: Asking, received: Asking, instances: Asking): Read {
  const { context, ...asking } = received;
  // Without the instances the throughput is still worth telling; their own gap says why they are missing.
  const counts: AskSeries = (abort) =>
    instances.ask(abort).catch((): SeriesAnswer => ({ series: [], partial: false }));
  const periods = { bytes: received.query.period, instances: instances.query.period };
  return metricRead(
    {
      ...asking,
      signal: signal.throughput,
      expectData: false,
      beside: [sent.ask, counts],
      figures: (into, windows, outOf = [], running = []) =>
        overBoth(windows, (window) => throughputFigures({ into, outOf, running }, window, periods)),
    },
    context,
  );
}

function instanceFigures(series: readonly Series[], windows: Windows): Figure[] {
  return [
    ...overBoth(windows, (window) => [
      ...lastFigure(signal.instances, within(series, window), window),
      ...highestFigure(signal.instancesHighest, within(series, window), window),
    ]),
    ...sinceFigures(series, windows),
  ];
}

/** Since when the last number of instances has held; at the latest since the first point of the 24 hours. */
function sinceFigures(series: readonly Series[], { current }: Windows): Figure[] {
  const window = { from: instant(Date.parse(current.to) - day), to: current.to };
  if (within(series, current).length === 0) return [];
  return lastFigure(signal.instancesSince, within(series, window), window).map((figure) => ({
    ...figure,
    value: figure.first ?? window.from,
  }));
}

function cpuFigures(series: readonly Series[], windows: Windows): Figure[] {
  return overBoth(windows, (window) =>
    highestFigure(signal.cpu, within(inPercent(series), window), window, '%'),
  );
}

function byteFigures(name: string): MetricRead['figures'] {
  return (series, windows) =>
    overBoth(windows, (window) => {
      const points = within(series, window);
      if (points.length === 0) return [];
      const sum = points.reduce((all, { value }) => all + value, 0);
      return [{ signal: name, value: decimal(sum), unit: 'bytes', window }];
    });
}
