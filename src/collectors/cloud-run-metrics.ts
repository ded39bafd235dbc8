import { signal } from '../core/signals.ts';
import {
  instanceFigures,
  latencyFigures,
  requestFigures,
  revisionFigures,
  sinceFigures,
  startupFigures,
  volumeFigures,
} from './cloud-run-figures.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, Read } from './collector.ts';
import { fineWindows, metricRead, perWindow, wholeDay, wholeWindows } from './metric-read.ts';
import type { Extent, Keyed, MetricRead } from './metric-read.ts';
import { consoleLink, segment } from './provenance.ts';
import { monitoring } from './time-series.ts';
import type { SeriesQuery } from './time-series.ts';

const serviceLabel = 'resource.labels.service_name';
const revisionLabel = 'resource.labels.revision_name';
const classLabel = 'metric.labels.response_code_class';

/** Cloud Run metrics over the window and the one before: traffic, failures, latency, instances, log volume. */
export const cloudRunMetrics: GoogleCollector = {
  name: 'cloud-run-metrics',
  kind: 'google',
  api: monitoring,
  role: 'roles/monitoring.viewer',
  types: ['cloud-run'],
  signals: [
    {
      signal: signal.requests,
      unit: null,
      example: '152',
      meaning: 'Requests; first and last are the minutes with the first and the last one',
    },
    {
      signal: signal.serverErrors,
      unit: null,
      example: '14',
      meaning: 'Answers 5xx; 0 only where there were requests',
    },
    {
      signal: signal.clientErrors,
      unit: null,
      example: '3',
      meaning: 'Answers 4xx; 0 only where there were requests',
    },
    {
      signal: signal.successes,
      unit: null,
      example: '138',
      meaning: 'Answers 2xx; 0 only where there were requests',
    },
    { signal: signal.redirects, unit: null, example: '5', meaning: 'Answers 3xx, where there were any' },
    {
      signal: signal.informational,
      unit: null,
      example: '12',
      meaning: 'Answers 1xx, where there were any: WebSockets that were opened',
    },
    {
      signal: signal.errorShare,
      unit: '%',
      example: '92.1',
      meaning: '5xx of all requests; missing where there were none',
    },
    { signal: signal.revisionRequests, unit: null, example: '120', meaning: 'Requests of one revision' },
    {
      signal: signal.revisionServerErrors,
      unit: null,
      example: '14',
      meaning: 'Answers 5xx of one revision',
    },
    {
      signal: signal.serverErrorsSince,
      unit: null,
      example: '2025-09-15T17:09:00.000Z',
      meaning: 'Start of the present run of 5xx (no pause of 15 minutes), searched over 24 hours',
    },
    { signal: signal.latencyMean, unit: 'ms', example: '7200', meaning: 'Mean request latency' },
    { signal: signal.latencyP50, unit: 'ms', example: '6900', meaning: 'Median request latency' },
    {
      signal: signal.latencyP95,
      unit: 'ms',
      example: '16800',
      meaning: '95th percentile of the request latency',
    },
    {
      signal: signal.latencyP99,
      unit: 'ms',
      example: '17100',
      meaning: '99th percentile of the request latency',
    },
    {
      signal: signal.startupP50,
      unit: 'ms',
      example: '2400',
      meaning: 'Median time from the start of a container until it is ready; missing where none started',
    },
    { signal: signal.startupP95, unit: 'ms', example: '8100', meaning: '95th percentile of that time' },
    { signal: signal.startupP99, unit: 'ms', example: '9200', meaning: '99th percentile of that time' },
    {
      signal: signal.activeInstances,
      unit: null,
      example: '23',
      meaning: 'Active instances of a revision, last five minutes measured',
    },
    {
      signal: signal.idleInstances,
      unit: null,
      example: '2',
      meaning: 'Idle instances of a revision, last five minutes measured',
    },
    {
      signal: signal.activeInstancesMax,
      unit: null,
      example: '31',
      meaning: 'Most active instances of a revision at a time',
    },
    { signal: signal.logEntries, unit: 'entries', example: '5012', meaning: 'Log entries of the service' },
    {
      signal: signal.logEntryErrors,
      unit: 'entries',
      example: '451',
      meaning: 'Those with severity ERROR or above',
    },
    { signal: signal.logErrorShare, unit: '%', example: '9', meaning: 'Those of all entries' },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'cloud-run').map(({ id, component }) => ({
      id,
      key: component.service,
    }));
    if (components.length === 0) return [];
    return [
      requests(components),
      requestsByRevision(components),
      failingSince(components),
      latencies(components),
      startups(components),
      instances(components),
      logVolume(components),
    ].map((make) => make(context));
  },
};

type MakeRead = (context: GoogleContext) => Read;

function read(
  components: readonly Keyed[],
  ask: Pick<SeriesQuery, 'metric' | 'aligner' | 'groupBy'> & {
    labels?: SeriesQuery['labels'];
    over: (context: GoogleContext) => Extent;
  },
  give: Pick<MetricRead, 'signal' | 'figures' | 'expectData'>,
): MakeRead {
  return (context) => {
    const { project, region } = context;
    const { over, ...asked } = ask;
    const query: SeriesQuery = {
      ...asked,
      ...over(context),
      resource: 'cloud_run_revision',
      reducer: 'REDUCE_SUM',
      labels: {
        'resource.labels.location': region,
        [serviceLabel]: components.map(({ key }) => key),
        ...ask.labels,
      },
    };
    const consoleOf = (name: string) =>
      consoleLink(`run/detail/${segment(region)}/${segment(name)}/metrics`, project);
    return metricRead({ ...give, query, components, keyLabel: 'service_name', consoleOf }, context);
  };
}

function requests(components: readonly Keyed[]): MakeRead {
  return read(
    components,
    {
      metric: 'run.googleapis.com/request_count',
      aligner: 'ALIGN_DELTA',
      groupBy: [serviceLabel, classLabel],
      over: (context) => fineWindows(context, components.length),
    },
    {
      signal: signal.requests,
      figures: perWindow(requestFigures),
    },
  );
}

function requestsByRevision(components: readonly Keyed[]): MakeRead {
  return read(
    components,
    {
      metric: 'run.googleapis.com/request_count',
      aligner: 'ALIGN_DELTA',
      groupBy: [serviceLabel, revisionLabel, classLabel],
      over: wholeWindows,
    },
    {
      signal: signal.revisionRequests,
      expectData: false,
      figures: perWindow(revisionFigures),
    },
  );
}

function failingSince(components: readonly Keyed[]): MakeRead {
  return read(
    components,
    {
      metric: 'run.googleapis.com/request_count',
      aligner: 'ALIGN_DELTA',
      groupBy: [serviceLabel],
      over: () => wholeDay(components.length),
      labels: { [classLabel]: '5xx' },
    },
    { signal: signal.serverErrorsSince, expectData: false, figures: sinceFigures },
  );
}

function latencies(components: readonly Keyed[]): MakeRead {
  return read(
    components,
    {
      metric: 'run.googleapis.com/request_latencies',
      aligner: 'ALIGN_DELTA',
      groupBy: [serviceLabel],
      over: wholeWindows,
    },
    {
      signal: signal.latencyP95,
      figures: perWindow(latencyFigures),
    },
  );
}

function startups(components: readonly Keyed[]): MakeRead {
  return read(
    components,
    {
      metric: 'run.googleapis.com/container/startup_latencies',
      aligner: 'ALIGN_DELTA',
      groupBy: [serviceLabel],
      over: wholeWindows,
    },
    // A service whose instances all go on running has none.
    { signal: signal.startupP95, expectData: false, figures: perWindow(startupFigures) },
  );
}

function instances(components: readonly Keyed[]): MakeRead {
  return read(
    components,
    {
      metric: 'run.googleapis.com/container/instance_count',
      aligner: 'ALIGN_MAX',
      groupBy: [serviceLabel, revisionLabel, 'metric.labels.state'],
      over: (context) => ({ ...fineWindows(context, components.length), period: 300 }),
    },
    {
      signal: signal.activeInstances,
      figures: perWindow(instanceFigures),
    },
  );
}

function logVolume(components: readonly Keyed[]): MakeRead {
  return read(
    components,
    {
      metric: 'logging.googleapis.com/log_entry_count',
      aligner: 'ALIGN_DELTA',
      groupBy: [serviceLabel, 'metric.labels.severity'],
      over: wholeWindows,
    },
    {
      signal: signal.logEntries,
      figures: perWindow(volumeFigures),
    },
  );
}
