import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { MetricComponent } from '../config/repository.schema.ts';
import { ofType } from './collector.ts';
import type { GoogleCollector, GoogleContext } from './collector.ts';
import { withConfiguredQuery } from './configured-query.ts';
import { metricReading } from './metric-figures.ts';
import { projectLabels } from './named-projects.ts';
import { parseAnswer } from './parse-answer.ts';
import { rangeAnswer } from './prometheus.schema.ts';
import { consoleLink, curlGoogle, segment } from './provenance.ts';
import { ReadFailure } from './read-failure.ts';
import { monitoring } from './time-series.ts';

/** Points of a series that Prometheus' API gives at most. */
const pointCap = 11_000;

/** Any metric of Cloud Monitoring that the configuration asks for in PromQL, over the window and the one before. */
export const metricQuery: GoogleCollector = {
  name: 'metric-query',
  kind: 'google',
  api: monitoring,
  role: 'roles/monitoring.viewer',
  types: ['metric'],
  signals: [
    {
      signal: signal.value,
      unit: null,
      example: '412',
      meaning:
        "Last value of the worst series, with its labels; in the component's own unit, missing where it is no number or older than 10 minutes",
    },
    { signal: signal.valueHighest, unit: null, example: '530', meaning: 'Highest value of all series' },
    { signal: signal.valueLowest, unit: null, example: '120', meaning: 'Lowest value of all series' },
    { signal: signal.series, unit: null, example: '3', meaning: 'Series with a value in the window' },
  ],
  reads: (context) =>
    ofType(context.components, 'metric').map(({ id, component }) => {
      const source = sourceOf(component, context);
      return {
        components: [id],
        signal: signal.value,
        source,
        run: async (abort) => {
          const { path, query } = requestOf(component, context);
          const answer = await withConfiguredQuery(() =>
            context.google.get({ host: monitoring, path, query, signal: abort }),
          );
          const { result } = parseAnswer(rangeAnswer, answer, 'query').data;
          demandOwn(result, context);
          return metricReading(result, { id, component, source, ...context });
        },
      };
    }),
};

/** A project of Cloud Monitoring may show the metrics of others (https://docs.cloud.google.com/monitoring/settings). */
function demandOwn(
  result: readonly { metric: Record<string, string> }[],
  { projectGranted }: GoogleContext,
): void {
  const isForeign = ([label, value]: [string, string]) => projectLabels.has(label) && !projectGranted(value);
  if (!result.some(({ metric }) => Object.entries(metric).some(isForeign))) return;
  throw new ReadFailure(
    'not-granted',
    'the query gives series of a project that this repository may not read',
    {
      remedy: 'select the series of the granted project in the query, with {project_id="…"}',
    },
  );
}

/** `GET …/prometheus/api/v1/query_range` (monitoring v1): both windows, in steps of a minute or longer. */
function requestOf({ query }: MetricComponent, { project, window, before }: GoogleContext) {
  const seconds = (Date.parse(window.to) - Date.parse(before.from)) / 1_000;
  const step = Math.max(60, Math.ceil(seconds / pointCap));
  return {
    path: `/v1/projects/${segment(project)}/location/global/prometheus/api/v1/query_range`,
    query: { query, start: before.from, end: window.to, step: `${step}s` },
  };
}

function sourceOf(component: MetricComponent, context: GoogleContext): Source {
  const { path, query } = requestOf(component, context);
  const url = new URL(`https://${monitoring}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  return {
    api: monitoring,
    method: 'Prometheus.QueryRange',
    query: `${component.query} every ${query.step}`,
    console: consoleLink('monitoring/metrics-explorer', context.project),
    command: curlGoogle(url.href),
  };
}
