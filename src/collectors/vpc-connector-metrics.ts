import { signal } from '../core/signals.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Read } from './collector.ts';
import { decimal } from './decimal.ts';
import {
  fineWindows,
  highestFigure,
  instant,
  lastFigure,
  metricRead,
  overBoth,
  wholeDay,
  wholeWindows,
  within,
} from './metric-read.ts';
import type { Figure, Keyed, MetricRead, Windows } from './metric-read.ts';
import { consoleLink, segment } from './provenance.ts';
import { monitoring } from './time-series.ts';
import type { Series, SeriesQuery } from './time-series.ts';

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
  ],
  reads: (context) => {
    const components = ofType(context.components, 'vpc-connector').map(({ id, component }) => ({
      id,
      key: component.name,
    }));
    if (components.length === 0) return [];
    return [
      read(
        components,
        {
          metric: metric('instances'),
          aligner: 'ALIGN_MAX',
          reducer: 'REDUCE_SUM',
          ...wholeDay(components.length),
        },
        { signal: signal.instances, figures: instanceFigures },
        context,
      ),
      read(
        components,
        {
          metric: metric('cpu/utilizations'),
          aligner: 'ALIGN_PERCENTILE_99',
          reducer: 'REDUCE_MAX',
          ...fineWindows(context, components.length),
        },
        { signal: signal.cpu, figures: cpuFigures },
        context,
      ),
      bytes(components, 'sent_bytes_count', signal.sentBytes, context),
      bytes(components, 'received_bytes_count', signal.receivedBytes, context),
    ];
  },
};

function metric(name: string): string {
  return `vpcaccess.googleapis.com/connector/${name}`;
}

function read(
  components: readonly Keyed[],
  ask: Pick<SeriesQuery, 'metric' | 'aligner' | 'reducer' | 'period' | 'span'>,
  give: Pick<MetricRead, 'signal' | 'figures'>,
  context: GoogleContext,
): Read {
  const { project, region } = context;
  const query: SeriesQuery = {
    ...ask,
    resource: 'vpc_access_connector',
    labels: { 'resource.labels.location': region, [nameLabel]: components.map(({ key }) => key) },
    groupBy: [nameLabel],
  };
  const consoleOf = (name: string) =>
    consoleLink(`networking/connectors/details/${segment(region)}/${segment(name)}`, project);
  return metricRead({ ...give, query, components, keyLabel: 'connector_name', consoleOf }, context);
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

/** The metric's unit is 10^2.%: 1 is 100 %. A series that says % is taken at its word. */
function cpuFigures(series: readonly Series[], windows: Windows): Figure[] {
  const percent = series.map((one) => ({
    ...one,
    points: one.points.map((point) => ({
      ...point,
      value: one.unit === '%' ? point.value : point.value * 100,
    })),
  }));
  return overBoth(windows, (window) => highestFigure(signal.cpu, within(percent, window), window, '%'));
}

function bytes(components: readonly Keyed[], name: string, of: string, context: GoogleContext): Read {
  return read(
    components,
    { metric: metric(name), aligner: 'ALIGN_DELTA', reducer: 'REDUCE_SUM', ...wholeWindows(context) },
    {
      signal: of,
      figures: (series, windows) =>
        overBoth(windows, (window) => {
          const points = within(series, window);
          if (points.length === 0) return [];
          const sum = points.reduce((all, { value }) => all + value, 0);
          return [{ signal: of, value: decimal(sum), unit: 'bytes', window }];
        }),
    },
    context,
  );
}
