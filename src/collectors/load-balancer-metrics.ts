import { signal } from '../core/signals.ts';
import type { LoadBalancerComponent } from '../config/repository.schema.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext, NamedComponent, Read } from './collector.ts';
import { requestFigures } from './cloud-run-figures.ts';
import { balancerLink } from './load-balancer-source.ts';
import { fineWindows, metricRead, perWindow } from './metric-read.ts';
import { monitoring } from './time-series.ts';
import type { Series, SeriesQuery } from './time-series.ts';

/** Metric and monitored resource by the kind of load balancer (cloud.google.com/load-balancing/docs/metrics). */
const ofAllRegions = {
  metric: 'loadbalancing.googleapis.com/https/request_count',
  resource: 'https_lb_rule',
};
const ofOneRegion = [
  {
    metric: 'loadbalancing.googleapis.com/https/external/regional/request_count',
    resource: 'http_external_regional_lb_rule',
  },
  {
    metric: 'loadbalancing.googleapis.com/https/internal/request_count',
    resource: 'internal_http_lb_rule',
  },
];

const backendLabel = 'resource.labels.backend_target_name';

/** What load balancers answered for a backend service, over the window and the one before. */
export const loadBalancerMetrics: GoogleCollector = {
  name: 'load-balancer-metrics',
  kind: 'google',
  api: monitoring,
  role: 'roles/monitoring.viewer',
  types: ['load-balancer'],
  signals: [
    { signal: signal.requests, unit: null, example: '1840', meaning: 'Requests for the backend service' },
    {
      signal: signal.serverErrors,
      unit: null,
      example: '120',
      meaning: 'Those answered 5xx, by the backend or by the load balancer itself',
    },
    { signal: signal.clientErrors, unit: null, example: '14', meaning: 'Those answered 4xx' },
    { signal: signal.errorShare, unit: '%', example: '6.522', meaning: 'Share of 5xx among the requests' },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'load-balancer');
    const ofGlobal = components.filter(({ component }) => component.region === undefined);
    const ofRegion = components.filter(({ component }) => component.region !== undefined);
    return [
      ...(ofGlobal.length === 0 ? [] : [read(ofGlobal, ofAllRegions, context)]),
      ...(ofRegion.length === 0 ? [] : [eitherOf(ofOneRegion.map((kind) => read(ofRegion, kind, context)))]),
    ];
  },
};

function read(
  components: readonly NamedComponent<LoadBalancerComponent>[],
  { metric, resource }: Pick<SeriesQuery, 'metric' | 'resource'>,
  context: GoogleContext,
): Read {
  const keyed = components.map(({ id, component }) => ({ id, key: component.backend_service }));
  const query: SeriesQuery = {
    metric,
    resource,
    labels: { [backendLabel]: keyed.map(({ key }) => key) },
    aligner: 'ALIGN_DELTA',
    reducer: 'REDUCE_SUM',
    groupBy: [backendLabel, 'metric.labels.response_code_class'],
    ...fineWindows(context, components.length),
  };
  return metricRead(
    {
      query,
      signal: signal.requests,
      components: keyed,
      keyLabel: 'backend_target_name',
      consoleOf: () => balancerLink(context),
      figures: perWindow((series, window) => requestFigures(inClasses(series), window)),
    },
    context,
  );
}

/**
 * A regional backend service belongs to an external or an internal load balancer, and each has its own metric: a
 * component has its figures from the one that has data.
 */
function eitherOf(reads: readonly Read[]): Read {
  const [first, ...others] = reads;
  if (!first) throw new RangeError('no read');
  return {
    ...first,
    run: async (abort) => {
      const readings = await Promise.all([first, ...others].map(async (one) => one.run(abort)));
      const observations = readings.flatMap((reading) => reading.observations);
      const measured = new Set(observations.map(({ component }) => component));
      const gaps = (readings[0]?.gaps ?? []).filter(({ component }) => !measured.has(component));
      return { observations, gaps };
    },
  };
}

/** The classes as Cloud Run names them: here the label is `200`, `300`, `400`, `500`, or 0 for no answer. */
function inClasses(series: readonly Series[]): Series[] {
  return series.map((one) => ({
    ...one,
    labels: {
      ...one.labels,
      response_code_class: `${(one.labels['response_code_class'] ?? '').slice(0, 1)}xx`,
    },
  }));
}
