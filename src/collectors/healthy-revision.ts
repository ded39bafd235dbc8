import type { CloudRunComponent } from '../config/repository.schema.ts';
import { signal } from '../core/signals.ts';
import { trafficOf } from './cloud-run-services.ts';
import { revisionListSource, revisionSource } from './cloud-run-source.ts';
import type { Revision, Service } from './cloud-run.schema.ts';
import { ofType } from './collector.ts';
import type { Changed, GoogleCollector, GoogleContext, NamedComponent, Read } from './collector.ts';
import { decimal } from './decimal.ts';
import { lastHealthyStretch } from './healthy-stretch.ts';
import { askOnce, instant, metricRead, pointsUpTo } from './metric-read.ts';
import type { AskSeries, Figure, Windows } from './metric-read.ts';
import { consoleLink, segment } from './provenance.ts';
import { newestFirst } from './revision-history.ts';
import { differences, settingsOf } from './revision-settings.ts';
import { monitoring } from './time-series.ts';
import type { Series, SeriesQuery } from './time-series.ts';

const day = 86_400;
const serviceLabel = 'resource.labels.service_name';

/**
 * The revision of each service that served without failures last, proven by its requests of 24 hours, and all that
 * the serving one has otherwise.
 */
export const healthyRevision: GoogleCollector = {
  name: 'healthy-revision',
  kind: 'google',
  api: monitoring,
  role: 'roles/monitoring.viewer',
  types: ['cloud-run'],
  signals: [
    {
      signal: signal.healthyRequests,
      unit: null,
      example: '1240',
      meaning:
        'Requests of the revision that served healthily last: at least 30 on end, with less than 1 % of 5xx in each quarter of an hour; first and last say from when to when. Missing where no revision is proven healthy. A change of kind drift holds what the serving revision has otherwise, with both values; without one the revision before is the healthy one, or the serving one itself is',
    },
    {
      signal: signal.healthyErrors,
      unit: null,
      example: '0',
      meaning: 'Answers 5xx of these requests',
    },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'cloud-run');
    if (components.length === 0) return [];
    const asked = askOnce(queryOf(components, context), context);
    return [stretches(components, asked, context), drifts(components, asked, context)];
  },
};

function queryOf(
  components: readonly NamedComponent<CloudRunComponent>[],
  { region }: GoogleContext,
): SeriesQuery {
  return {
    metric: 'run.googleapis.com/request_count',
    resource: 'cloud_run_revision',
    labels: {
      'resource.labels.location': region,
      [serviceLabel]: components.map(({ component }) => component.service),
    },
    aligner: 'ALIGN_DELTA',
    reducer: 'REDUCE_SUM',
    groupBy: [serviceLabel, 'resource.labels.revision_name', 'metric.labels.response_code_class'],
    period: components.length <= 60 ? 900 : 3_600,
    span: day,
  };
}

function stretches(
  components: readonly NamedComponent<CloudRunComponent>[],
  ask: AskSeries,
  context: GoogleContext,
): Read {
  const { project, region } = context;
  return metricRead(
    {
      query: queryOf(components, context),
      ask,
      signal: signal.healthyRequests,
      components: components.map(({ id, component }) => ({ id, key: component.service })),
      keyLabel: 'service_name',
      consoleOf: (name) => consoleLink(`run/detail/${segment(region)}/${segment(name)}/metrics`, project),
      // A service that nobody uses, or that never worked today, has no such revision.
      expectData: false,
      figures: stretchFigures,
    },
    context,
  );
}

/** The comparison has a read of its own, so that the figures do not wait for the lists of Cloud Run. */
function drifts(
  components: readonly NamedComponent<CloudRunComponent>[],
  ask: AskSeries,
  context: GoogleContext,
): Read {
  return {
    components: components.map(({ id }) => id),
    signal: signal.healthyRequests,
    source: revisionListSource(context),
    derived: true,
    run: async (abort) => {
      const [{ series }, revisions, services] = await Promise.all([
        ask(abort),
        context.cloudRun.revisions(),
        context.cloudRun.services(),
      ]);
      const byService = Map.groupBy(series, ({ labels }) => labels['service_name'] ?? '');
      const lists = { revisions: revisions.items, services: services.items };
      const changes = components.map((named) => {
        const own = pointsUpTo(byService.get(named.component.service) ?? [], context.window);
        return driftOf(named, lastHealthyStretch(own)?.revision, lists, context);
      });
      return { observations: [], changes: (await Promise.all(changes)).flat() };
    },
  };
}

function stretchFigures(series: readonly Series[], { current }: Windows): Figure[] {
  const stretch = lastHealthyStretch(pointsUpTo(series, current));
  if (stretch === null) return [];
  const to = Date.parse(current.to);
  const base = {
    unit: null,
    window: { from: instant(to - day * 1_000), to: current.to },
    revision: stretch.revision,
    first: instant(stretch.from),
    last: instant(stretch.to),
  };
  return [
    { ...base, signal: signal.healthyRequests, value: decimal(stretch.requests) },
    { ...base, signal: signal.healthyErrors, value: decimal(stretch.errors) },
  ];
}

interface Lists {
  revisions: readonly Revision[];
  services: readonly Service[];
}

/**
 * What the serving revision has otherwise than the last healthy one; an empty difference where there is none. Where
 * that is the one before it, the change that made the serving revision says so already.
 */
async function driftOf(
  { id, component }: NamedComponent<CloudRunComponent>,
  name: string | undefined,
  { revisions, services }: Lists,
  context: GoogleContext,
): Promise<Changed[]> {
  const service = services.find((found) => found.name === component.service);
  const history = newestFirst(revisions.filter((revision) => revision.service === component.service));
  const [most] = service ? trafficOf(service) : [];
  const at = history.findIndex((revision) => revision.name === most?.revision);
  const serving = history[at];
  const healthy = history.find((revision) => revision.name === name);
  if (!serving || !healthy || healthy === serving || history[at + 1] === healthy) return [];
  const [before, after] = await Promise.all([
    settingsOf(healthy, context.redact),
    settingsOf(serving, context.redact),
  ]);
  return [
    {
      kind: 'drift',
      component: id,
      at: serving.createTime ?? context.now.toISOString(),
      revision: serving.name,
      previousRevision: healthy.name,
      diff: differences(before, after),
      source: revisionSource(serving, context),
    },
  ];
}
