import { signal } from '../core/signals.ts';
import type { CloudRunComponent } from '../config/repository.schema.ts';
import type { Listing } from './cloud-run-answers.ts';
import type { Revision, Service } from './cloud-run.schema.ts';
import { trafficOf } from './cloud-run-services.ts';
import { api, revisionListSource, revisionSource, revisionsSource } from './cloud-run-source.ts';
import { mergedReadings, ofType } from './collector.ts';
import type {
  Changed,
  GoogleCollector,
  GoogleContext,
  Measured,
  Missed,
  NamedComponent,
  Reading,
} from './collector.ts';
import { comparedWith, inUse, newestFirst, steps } from './revision-history.ts';
import { differences, settingsOf } from './revision-settings.ts';
import type { Setting } from './revision-settings.ts';
/** Cloud Run revisions: the settings of those in use and the one before them, and what the latest ones changed. */
export const cloudRunRevisions: GoogleCollector = {
  name: 'cloud-run-revisions',
  kind: 'google',
  api,
  role: 'roles/run.viewer',
  types: ['cloud-run'],
  signals: [
    {
      signal: signal.revisionState,
      unit: null,
      example: 'CONDITION_FAILED',
      meaning: 'State of the Ready condition of a revision; its reason and message are the text',
    },
    {
      signal: signal.deployedAt,
      unit: null,
      example: '2025-09-15T17:12:00.000Z',
      meaning: 'When a revision was created, UTC',
    },
    {
      signal: signal.image,
      unit: null,
      example: 'gcr.io/netra-staging/backend@sha256:1f0c…',
      meaning: 'Image of its main container',
    },
    {
      signal: signal.egress,
      unit: null,
      example: 'all-traffic',
      meaning: 'What leaves through the VPC; none without VPC access',
    },
    {
      signal: signal.connector,
      unit: null,
      example: 'staging-connector',
      meaning: 'Serverless VPC Access connector; none without',
    },
    {
      signal: signal.vpcNetwork,
      unit: null,
      example: 'staging-vpc/staging-subnet',
      meaning: 'Network and subnet of direct VPC egress, where it has that instead of a connector',
    },
    {
      signal: signal.cloudSqlInstance,
      unit: null,
      example: 'netra-staging:us-central1:staging-shared-postgres',
      meaning: 'Connection names of the attached Cloud SQL instances; none without',
    },
    { signal: signal.cpuLimit, unit: null, example: '1000m', meaning: 'CPU limit of the main container' },
    {
      signal: signal.memoryLimit,
      unit: null,
      example: '512Mi',
      meaning: 'Memory limit of the main container',
    },
    { signal: signal.scalingMin, unit: null, example: '0', meaning: 'Least number of instances' },
    { signal: signal.scalingMax, unit: null, example: '20', meaning: 'Greatest number of instances' },
    {
      signal: signal.concurrency,
      unit: null,
      example: '80',
      meaning: 'Requests at the same time for each instance',
    },
    { signal: signal.requestTimeout, unit: 's', example: '300', meaning: 'Request time-out' },
    {
      signal: signal.serviceAccount,
      unit: null,
      example: 'backend@netra-staging.iam.gserviceaccount.com',
      meaning: 'Identity of the revision',
    },
    {
      signal: signal.startupProbe,
      unit: null,
      example: 'tcp port 8080, period 240 s, timeout 240 s, failures 1',
      meaning: 'Startup probe of the main container',
    },
    {
      signal: signal.livenessProbe,
      unit: null,
      example: 'http /health port 8080, period 10 s',
      meaning: 'Liveness probe of the main container',
    },
    {
      signal: signal.readinessProbe,
      unit: null,
      example: 'http /ready port 8080, period 5 s',
      meaning: 'Readiness probe of the main container, where it has one',
    },
    {
      signal: signal.sidecars,
      unit: null,
      example: 'proxy (gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11)',
      meaning: 'The containers beside the main one, with their images; env of these is named CONTAINER/NAME',
    },
    {
      signal: signal.env,
      unit: null,
      example: '15.0',
      meaning:
        'Environment variable, the name after the dot; redacted where it looks secret, "secret NAME:VERSION" where it comes from Secret Manager',
    },
  ],
  reads: (context) => {
    const components = ofType(context.components, 'cloud-run');
    return [
      {
        components: components.map(({ id }) => id),
        signal: '*',
        source: revisionListSource(context),
        run: () => readRevisions(components, context),
      },
    ];
  },
};

async function readRevisions(
  components: readonly NamedComponent<CloudRunComponent>[],
  context: GoogleContext,
): Promise<Reading> {
  const [revisions, services] = await Promise.all([
    context.cloudRun.revisions(),
    // Without the services the newest revisions are still worth reading; which of them serve is then not said,
    // and the gap of the services says why.
    context.cloudRun.services().catch((): Listing<Service> => ({ items: [], partial: true })),
  ]);
  const byService = Map.groupBy(revisions.items, (revision) => revision.service);
  const readings = components.map((named) => {
    const name = named.component.service;
    const history = newestFirst(byService.get(name) ?? []);
    const service = services.items.find((found) => found.name === name);
    return readHistory(named, history, service, revisions.partial, context);
  });
  return mergedReadings(await Promise.all(readings));
}

async function readHistory(
  { id, component }: NamedComponent<CloudRunComponent>,
  history: readonly Revision[],
  service: Service | undefined,
  partial: boolean,
  context: GoogleContext,
): Promise<Reading> {
  const gaps = missing(id, component.service, history, service, partial, context);
  const used = inUse(history, service);
  const settings = new Map<Revision, Map<string, Setting>>();
  const pairs = steps(history, used, context.now);
  const before = comparedWith(history, used);
  const needed = new Set([
    ...used,
    ...(before ? [before] : []),
    ...pairs.flatMap(({ older, newer }) => [older, newer]),
  ]);
  for (const revision of needed) settings.set(revision, await settingsOf(revision, context.redact));
  const of = (revision: Revision) => settings.get(revision) ?? new Map<string, Setting>();

  const shown = await Promise.all(
    used.map((revision) => observationsOf(id, revision, of(revision), context)),
  );
  const newest = used[0];
  const compared =
    before && newest ? await observationsOf(id, before, differing(of(before), of(newest)), context) : [];
  const changes = pairs.map(({ older, newer }): Changed => ({
    kind: 'revision',
    component: id,
    at: newer.createTime ?? context.now.toISOString(),
    revision: newer.name,
    previousRevision: older.name,
    diff: differences(of(older), of(newer)),
    source: revisionSource(newer, context),
  }));
  return { observations: [...shown.flat(), ...compared], gaps, changes };
}

/** Of the revision before those in use only what differs is told: the rest is what the newer one says. */
function differing(
  settings: ReadonlyMap<string, Setting>,
  newer: ReadonlyMap<string, Setting>,
): Map<string, Setting> {
  return new Map([...settings].filter(([name, { raw }]) => newer.get(name)?.raw !== raw));
}

async function observationsOf(
  component: string,
  revision: Revision,
  settings: ReadonlyMap<string, Setting>,
  context: GoogleContext,
): Promise<Measured[]> {
  const base = {
    component,
    window: null,
    revision: revision.name,
    source: revisionSource(revision, context),
  };
  const ready = revision.conditions.find(({ type }) => type === 'Ready');
  const said = [ready?.reason, ready?.message].filter((part) => part).join(': ');
  const text = said === '' ? {} : { text: (await context.redact(said)).slice(0, 500) };
  return [
    ...(ready?.state
      ? [{ ...base, signal: signal.revisionState, value: ready.state, unit: null, ...text }]
      : []),
    ...(revision.createTime
      ? [{ ...base, signal: signal.deployedAt, value: revision.createTime, unit: null }]
      : []),
    ...[...settings].map(([name, { shown, unit }]) => ({ ...base, signal: name, value: shown, unit })),
  ];
}

function missing(
  component: string,
  name: string,
  history: readonly Revision[],
  service: Service | undefined,
  partial: boolean,
  context: GoogleContext,
): Missed[] {
  const source = revisionsSource(name, context);
  const gap = (detail: string, reason: 'no-data' | 'not-found') => [
    { component, signal: '*', reason, detail, source },
  ];
  if (history.length === 0) {
    return partial
      ? gap(`the list of revisions was cut off before those of ${name}`, 'no-data')
      : gap(`there is no revision of a Cloud Run service ${name}`, 'not-found');
  }
  const known = new Set(history.map((revision) => revision.name));
  return (service ? trafficOf(service) : [])
    .filter(({ revision }) => !known.has(revision))
    .flatMap(({ revision }) => gap(`${revision} has traffic and is not in the list of revisions`, 'no-data'));
}
