import { signal } from '../core/signals.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Read } from './collector.ts';
import {
  fineWindows,
  highestFigure,
  inPercent,
  lastFigure,
  metricRead,
  overBoth,
  within,
} from './metric-read.ts';
import type { Keyed, MetricRead } from './metric-read.ts';
import { consoleLink, segment } from './provenance.ts';
import { monitoring } from './time-series.ts';
import type { SeriesQuery } from './time-series.ts';

const instanceLabel = 'resource.labels.database_id';

/** Whether Cloud SQL instances answer, their connections and their load, over the window and the one before. */
export const cloudSqlMetrics: GoogleCollector = {
  name: 'cloud-sql-metrics',
  kind: 'google',
  api: monitoring,
  role: 'roles/monitoring.viewer',
  types: ['cloud-sql'],
  signals: [
    {
      signal: signal.up,
      unit: null,
      example: '1',
      meaning: '1 where the server is up, 0 where not; last minute measured',
    },
    {
      signal: signal.backends,
      unit: null,
      example: '41',
      meaning: 'Connections to PostgreSQL, last minute measured',
    },
    { signal: signal.backendsMax, unit: null, example: '96', meaning: 'Most connections at a time' },
    { signal: signal.cpu, unit: '%', example: '34', meaning: 'Highest CPU utilization; last is when' },
    {
      signal: signal.memory,
      unit: '%',
      example: '61',
      meaning: 'Highest memory utilization, the operating system included; last is when',
    },
    { signal: signal.disk, unit: '%', example: '48', meaning: 'Highest disk utilization; last is when' },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'cloud-sql').map(({ id, component }) => ({
      id,
      key: `${context.project}:${component.instance}`,
    }));
    if (components.length === 0) return [];
    return [
      read(
        components,
        { metric: 'cloudsql.googleapis.com/database/up', aligner: 'ALIGN_MIN', reducer: 'REDUCE_MIN' },
        {
          signal: signal.up,
          figures: (series, windows) =>
            overBoth(windows, (window) => lastFigure(signal.up, within(series, window), window)),
        },
        context,
      ),
      read(
        components,
        {
          metric: 'cloudsql.googleapis.com/database/postgresql/num_backends',
          aligner: 'ALIGN_MAX',
          reducer: 'REDUCE_SUM',
        },
        {
          signal: signal.backends,
          figures: (series, windows) =>
            overBoth(windows, (window) => [
              ...lastFigure(signal.backends, within(series, window), window),
              ...highestFigure(signal.backendsMax, within(series, window), window),
            ]),
        },
        context,
      ),
      ...utilizations.map(([name, metric]) =>
        read(
          components,
          { metric, aligner: 'ALIGN_MAX', reducer: 'REDUCE_MAX' },
          {
            signal: name,
            figures: (series, windows) =>
              overBoth(windows, (window) =>
                highestFigure(name, within(inPercent(series), window), window, '%'),
              ),
          },
          context,
        ),
      ),
    ];
  },
};

const utilizations = [
  [signal.cpu, 'cloudsql.googleapis.com/database/cpu/utilization'],
  [signal.memory, 'cloudsql.googleapis.com/database/memory/utilization'],
  [signal.disk, 'cloudsql.googleapis.com/database/disk/utilization'],
] as const;

function read(
  components: readonly Keyed[],
  ask: Pick<SeriesQuery, 'metric' | 'aligner' | 'reducer'>,
  give: Pick<MetricRead, 'signal' | 'figures'>,
  context: GoogleContext,
): Read {
  const query: SeriesQuery = {
    ...ask,
    resource: 'cloudsql_database',
    labels: { [instanceLabel]: components.map(({ key }) => key) },
    groupBy: [instanceLabel],
    ...fineWindows(context, components.length),
  };
  const consoleOf = (key: string) =>
    consoleLink(`sql/instances/${segment(key.split(':').at(-1) ?? key)}/overview`, context.project);
  return metricRead({ ...give, query, components, keyLabel: 'database_id', consoleOf }, context);
}
