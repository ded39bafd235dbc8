import type { ComponentType, Configuration } from '../../config/repository.schema.ts';
import { collectors } from '../list.ts';
import { consoleLink, gcloud, segment } from '../provenance.ts';
import { revisionEntry, serviceEntry, type Settings } from './answers.ts';
import { servedWith } from './attachments.ts';
import { discoverRegions } from './discover.ts';
import * as lists from './lists.ts';
import type { Place } from './place.ts';
import { ask, type Answered, type Missing, type Question } from './question.ts';
import { readList, tryList, type Looking } from './read-list.ts';

/** What came of asking one API of one project: it answers, it fails with a remedy, or nobody could ask. */
export interface ApiCheck {
  project: string;
  /** Host of the API. */
  api: string;
  outcome: 'ok' | { missing: Missing } | { notLooked: string };
}

/** What is to be checked: a project, and where a file is given what that names. */
export interface CheckedProject {
  project: string;
  /** Of the file; null where none is given: then what the project's services use tells what is in use. */
  configuration: Configuration | null;
}

interface Checking extends Looking {
  now: Date;
}

const run = lists.services.api;
const vpcaccess = lists.connectors.api;
const sqladmin = lists.instances.api;
const secretmanager = lists.secrets.api;
const compute = lists.backendServices.api;
const logging = 'logging.googleapis.com';
const monitoring = 'monitoring.googleapis.com';
const serviceHealth = 'servicehealth.googleapis.com';
const storage = 'storage.googleapis.com';

/** Every project's updates are made of these. */
const always: ReadonlySet<string> = new Set([run, logging, monitoring]);

/**
 * Asks each API that is in use in a project for one entry of a list. Where no file says what is in use, an API that is not
 * enabled, and that no service of the project shows to need, is told without being wrong.
 */
export async function checkProject(
  { project, configuration }: CheckedProject,
  checking: Checking,
): Promise<ApiCheck[]> {
  const everywhere = { project, region: configuration?.google_cloud?.region ?? '' };
  const regions = discoverRegions(project, checking);
  const region = regions.then((answer) => everywhere.region || regionIn(answer));
  const [served, ...others] = await Promise.all([
    region.then((name) =>
      name === null || configuration !== null ? [] : settingsIn({ project, region: name }, checking),
    ),
    regions.then((answer): ApiCheck => checkOf(project, run, answer)),
    region.then((name) => checkConnectors(project, name, checking)),
    tryList(lists.instances, everywhere, checking).then((answer) => checkOf(project, sqladmin, answer)),
    tryList(lists.secrets, everywhere, checking).then((answer) => checkOf(project, secretmanager, answer)),
    tryList(lists.backendServices, everywhere, checking).then((answer) => checkOf(project, compute, answer)),
    askLogging(project, checking).then((answer) => checkOf(project, logging, answer)),
    askMonitoring(project, checking).then((answer) => checkOf(project, monitoring, answer)),
    askServiceHealth(project, checking).then((answer) => checkOf(project, serviceHealth, answer)),
    ...stateObjects(configuration).map((object) =>
      askState(project, object, checking).then((answer) => checkOf(project, storage, answer)),
    ),
  ]);
  const needed = configuration === null ? usedBy(served) : namedBy(configuration);
  return others.flatMap((check) => judged(check, needed, configuration !== null));
}

function checkOf(project: string, api: string, answer: Answered<unknown>): ApiCheck {
  return { project, api, outcome: 'missing' in answer ? { missing: answer.missing } : 'ok' };
}

/** What each service of a region runs with; none where that cannot be read. */
async function settingsIn(place: Place, looking: Looking): Promise<Settings[]> {
  const [services, revisions] = await Promise.all([
    readList(lists.services, serviceEntry, place, looking),
    readList(lists.revisions, revisionEntry, place, looking),
  ]);
  if ('missing' in services || 'missing' in revisions) return [];
  return services.value.items.map((service) => servedWith(service, revisions.value.items));
}

function regionIn(answer: Answered<{ region: string }[]>): string | null {
  return 'value' in answer ? (answer.value[0]?.region ?? null) : null;
}

async function checkConnectors(project: string, region: string | null, looking: Looking): Promise<ApiCheck> {
  if (region !== null)
    return checkOf(project, vpcaccess, await tryList(lists.connectors, { project, region }, looking));
  const notLooked = 'no Cloud Run service tells the region; name one with --config FILE';
  return { project, api: vpcaccess, outcome: { notLooked } };
}

/** What a file's components are read by. */
function namedBy({ components }: Configuration): ReadonlySet<string> {
  const types = new Set<ComponentType>(Object.values(components).map(({ type }) => type));
  return new Set(
    collectors
      .filter((collector) => collector.kind === 'google' && collector.types.some((type) => types.has(type)))
      .map(({ api }) => api),
  );
}

/** What services show to need by what they mount and go through. */
function usedBy(served: readonly Settings[]): ReadonlySet<string> {
  const some = (isUsed: (settings: Settings) => boolean) => served.some(isUsed);
  return new Set([
    ...always,
    ...(some(({ vpcAccess }) => (vpcAccess?.connector ?? '') !== '') ? [vpcaccess] : []),
    ...(some(({ volumes }) => volumes.some(({ cloudSqlInstance }) => cloudSqlInstance !== undefined))
      ? [sqladmin]
      : []),
    ...(some(
      ({ containers, volumes }) =>
        volumes.some(({ secret }) => secret !== undefined) ||
        containers.some(({ env }) => env.some(({ valueSource }) => valueSource?.secretKeyRef !== undefined)),
    )
      ? [secretmanager]
      : []),
  ]);
}

/** What is not in use is not asked of a file's project, and is no fault of another where it is not enabled. */
function judged(check: ApiCheck, needed: ReadonlySet<string>, isNamed: boolean): ApiCheck[] {
  const { api, outcome } = check;
  if (needed.has(api)) return [check];
  if (isNamed) return [];
  if (outcome === 'ok' || 'notLooked' in outcome || outcome.missing.reason !== 'api-disabled') return [check];
  const instead =
    api === serviceHealth ? 'the public status feed is read in its place' : 'no service shows to need it';
  return [
    { ...check, outcome: { notLooked: `it is not enabled, and ${instead}; ${outcome.missing.remedy}` } },
  ];
}

function question(
  project: string,
  about: Omit<Question, 'project' | 'source'> & Question['source'],
): Question {
  const { what, role, bucket, ...source } = about;
  return { what, role, project, source, ...(bucket === undefined ? {} : { bucket }) };
}

async function askLogging(project: string, { google, deadline, now }: Checking): Promise<Answered<unknown>> {
  const since = new Date(now.getTime() - 60_000).toISOString();
  const filter = `timestamp>="${since}"`;
  const asked = question(project, {
    what: 'log entries',
    role: 'roles/logging.viewer',
    api: logging,
    method: 'entries.list',
    query: filter,
    console: consoleLink('logs/query', project),
    command: gcloud('logging read', [filter], { project, limit: '1' }),
  });
  const body = { resourceNames: [`projects/${project}`], filter, pageSize: 1 };
  return await ask(asked, deadline, (signal) =>
    google.post({ host: logging, path: '/v2/entries:list', body, signal }),
  );
}

async function askMonitoring(
  project: string,
  { google, deadline, now }: Checking,
): Promise<Answered<unknown>> {
  const filter = 'metric.type="run.googleapis.com/request_count"';
  const asked = question(project, {
    what: 'metrics',
    role: 'roles/monitoring.viewer',
    api: monitoring,
    method: 'TimeSeries.List',
    query: filter,
    console: consoleLink('monitoring/metrics-explorer', project),
  });
  const query = {
    filter,
    'interval.startTime': new Date(now.getTime() - 300_000).toISOString(),
    'interval.endTime': now.toISOString(),
    view: 'HEADERS',
    pageSize: '1',
  };
  const path = `/v3/projects/${segment(project)}/timeSeries`;
  return await ask(asked, deadline, (signal) => google.get({ host: monitoring, path, query, signal }));
}

async function askServiceHealth(project: string, { google, deadline }: Checking): Promise<Answered<unknown>> {
  const asked = question(project, {
    what: 'events of Google Cloud',
    role: 'roles/servicehealth.viewer',
    api: serviceHealth,
    method: 'Events.List',
    query: `projects/${project}/locations/global/events`,
    console: consoleLink('servicehealth/events', project),
  });
  const path = `/v1/projects/${segment(project)}/locations/global/events`;
  const query = { pageSize: '1' };
  return await ask(asked, deadline, (signal) => google.get({ host: serviceHealth, path, query, signal }));
}

interface StateObject {
  bucket: string;
  object: string;
}

function stateObjects(configuration: Configuration | null): StateObject[] {
  return Object.values(configuration?.components ?? {}).flatMap((component) =>
    component.type === 'terraform-state' ? [{ bucket: component.bucket, object: component.object }] : [],
  );
}

/** What is known of an object, without its content. */
async function askState(
  project: string,
  { bucket, object }: StateObject,
  { google, deadline }: Looking,
): Promise<Answered<unknown>> {
  const asked = question(project, {
    what: `gs://${bucket}/${object}`,
    role: 'roles/storage.objectViewer',
    bucket,
    api: storage,
    method: 'Objects.Get',
    query: `gs://${bucket}/${object}`,
    console: consoleLink(`storage/browser/${segment(bucket)}`, project),
    command: gcloud('storage objects describe', [`gs://${bucket}/${object}`], {}),
  });
  const path = `/storage/v1/b/${segment(bucket)}/o/${segment(object)}`;
  return await ask(asked, deadline, (signal) => google.get({ host: storage, path, signal }));
}
