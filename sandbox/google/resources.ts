import { z } from 'zod';
import { resourceAt } from '../scenario/timeline.ts';
import type { Scenario } from '../scenario/schema.ts';
import { GoogleError, invalid } from './errors.ts';
import { eventFilter } from './event-filter.ts';
import type { JsonObject } from './json.ts';
import type { MethodName } from './methods.ts';
import { openPage, pageSize, pageToken } from './pages.ts';

/** `get` and `list` of the scenario's resources: services, revisions, connectors, instances, operations. */

interface Listing {
  /** Field of the answer that holds the resources. */
  items: string;
  type: string;
  /** Page sizes: documented for Cloud SQL instances; for the others a cap that makes clients page. */
  limits: { usual: number; most: number };
  /** Field by which the newest comes first; the scenario's order where null. */
  newestBy: string | null;
  /** Fixed fields of the answer. */
  constant: JsonObject;
  /** What a filter keeps; lists without one take none. */
  filter?: (text: string) => (body: JsonObject) => boolean;
  /** Fields that the list leaves out unless the request asks for the view. */
  onlyInView?: { field: string; view: string };
}

const usual = { usual: 100, most: 100 };
const computeLimits = { usual: 500, most: 500 };

const listings: Partial<Record<MethodName, Listing>> = {
  'google.cloud.run.v2.Services.ListServices': {
    items: 'services',
    type: 'google.cloud.run.v2.Service',
    limits: usual,
    newestBy: null,
    constant: {},
  },
  'google.cloud.run.v2.Revisions.ListRevisions': {
    items: 'revisions',
    type: 'google.cloud.run.v2.Revision',
    limits: usual,
    newestBy: 'createTime',
    constant: {},
  },
  'google.cloud.vpcaccess.v1.VpcAccessService.ListConnectors': {
    items: 'connectors',
    type: 'google.cloud.vpcaccess.v1.Connector',
    limits: usual,
    newestBy: null,
    constant: {},
  },
  'google.cloud.sql.v1.SqlInstancesService.List': {
    items: 'items',
    type: 'google.cloud.sql.v1.DatabaseInstance',
    limits: { usual: 500, most: 1000 },
    newestBy: null,
    constant: { kind: 'sql#instancesList' },
  },
  'google.cloud.sql.v1.SqlOperationsService.List': {
    items: 'items',
    type: 'google.cloud.sql.v1.Operation',
    limits: usual,
    newestBy: 'insertTime',
    constant: { kind: 'sql#operationsList' },
  },
  'google.cloud.secretmanager.v1.SecretManagerService.ListSecretVersions': {
    items: 'versions',
    type: 'google.cloud.secretmanager.v1.SecretVersion',
    limits: usual,
    newestBy: 'createTime',
    constant: {},
  },
  'google.cloud.secretmanager.v1.SecretManagerService.ListSecrets': {
    items: 'secrets',
    type: 'google.cloud.secretmanager.v1.Secret',
    limits: usual,
    newestBy: null,
    constant: {},
  },
  'google.cloud.compute.v1.BackendServices.List': {
    items: 'items',
    type: 'google.cloud.compute.v1.BackendService',
    limits: computeLimits,
    newestBy: null,
    constant: { kind: 'compute#backendServiceList' },
  },
  'google.cloud.compute.v1.UrlMaps.List': {
    items: 'items',
    type: 'google.cloud.compute.v1.UrlMap',
    limits: computeLimits,
    newestBy: null,
    constant: { kind: 'compute#urlMapList' },
  },
  'google.cloud.compute.v1.RegionNetworkEndpointGroups.List': {
    items: 'items',
    type: 'google.cloud.compute.v1.NetworkEndpointGroup',
    limits: computeLimits,
    newestBy: null,
    constant: { kind: 'compute#networkEndpointGroupList' },
  },
  'google.cloud.servicehealth.v1.ServiceHealth.ListEvents': {
    items: 'events',
    type: 'google.cloud.servicehealth.v1.Event',
    limits: { usual: 10, most: 100 },
    newestBy: 'updateTime',
    constant: {},
    filter: eventFilter,
    onlyInView: { field: 'updates', view: 'EVENT_VIEW_FULL' },
  },
};

export interface ResourceCall {
  method: MethodName;
  api: string;
  /** Decoded path of the request, for example `/v2/projects/p/locations/r/services`. */
  path: string;
  message: JsonObject;
}

/** What the lists' requests hold, each some of it; they have been judged by their message types already. */
const requestSchema = z.object({
  filter: z.string().default(''),
  project: z.string().default(''),
  instance: z.string().optional(),
  location: z.string().optional(),
  pageSize: z.number().default(0),
  maxResults: z.number().default(0),
  view: z.string().default(''),
});
type Request = z.infer<typeof requestSchema>;

export type Resources = Scenario['google']['resources'];

/** A scenario's path as a request has it when it is decoded: an object's name may hold `%2F`. */
export function pathOf(path: string): string {
  return path.replaceAll('%2F', '/');
}

/** The resource at the request's path. @throws GoogleError NOT_FOUND where it does not exist at that time */
export function getResource(resources: Resources, { api, path }: ResourceCall, now: Date): JsonObject {
  const found = resources.find((resource) => resource.api === api && pathOf(resource.path) === path);
  const body = found === undefined ? null : resourceAt(found, now);
  if (body === null)
    throw new GoogleError('NOT_FOUND', `Resource '${path.replace(/^\/v\d\//, '')}' was not found.`);
  return body;
}

/** Whether a path lies directly below a collection; `-` in a collection of revisions stands for any service. */
function isIn(collection: string, path: string): boolean {
  const wanted = collection.split('/');
  const given = path.split('/');
  return (
    given.length === wanted.length + 1 && wanted.every((part, index) => part === '-' || part === given[index])
  );
}

function demandNoOtherWildcard({ method, path }: ResourceCall): void {
  const parts = path.split('/');
  const wild = parts.flatMap((part, index) => (part === '-' ? [parts[index - 1]] : []));
  const allowed = method === 'google.cloud.run.v2.Revisions.ListRevisions' ? ['services'] : [];
  const foreign = wild.find((collection) => !allowed.includes(collection ?? ''));
  if (foreign !== undefined) throw invalid(`The wildcard "-" is not allowed for ${foreign} here.`, 'parent');
}

/** What the request's own filters keep. */
function isWanted({ instance, location }: Request, body: JsonObject): boolean {
  const forInstance = instance === undefined || body['targetId'] === instance;
  return forInstance && (location === undefined || body['region'] === location);
}

/** Cloud SQL knows no operations of an instance that does not exist. */
function demandInstance(resources: Resources, call: ResourceCall, request: Request, now: Date): void {
  const { instance, project } = request;
  if (call.method !== 'google.cloud.sql.v1.SqlOperationsService.List' || instance === undefined) return;
  getResource(resources, { ...call, path: `/v1/projects/${project}/instances/${instance}` }, now);
}

/** Secret Manager knows no versions of a secret that does not exist. */
function demandSecret(resources: Resources, call: ResourceCall, now: Date): void {
  if (call.method !== 'google.cloud.secretmanager.v1.SecretManagerService.ListSecretVersions') return;
  getResource(resources, { ...call, path: call.path.replace(/\/versions$/, '') }, now);
}

function withoutField(body: JsonObject, { field, view }: NonNullable<Listing['onlyInView']>, asked: string) {
  return asked === view ? body : Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
}

function newestFirst(field: string, bodies: JsonObject[]): JsonObject[] {
  const time = (body: JsonObject) => z.string().default('').parse(body[field]);
  return bodies.toSorted((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : 0));
}

function listResources(resources: Resources, call: ResourceCall, listing: Listing, now: Date): JsonObject {
  const request = requestSchema.parse(call.message);
  const { onlyInView } = listing;
  const keeps = listing.filter?.(request.filter);
  if (keeps === undefined && request.filter !== '') {
    throw invalid('The stand-in knows no filter for this list.', 'filter');
  }
  demandNoOtherWildcard(call);
  const page = openPage(call.method, call.message, now);
  demandInstance(resources, call, request, page.asOf);
  demandSecret(resources, call, page.asOf);
  const found = resources
    .filter(({ type, api, path }) => type === listing.type && api === call.api && isIn(call.path, path))
    .map((resource) => resourceAt(resource, page.asOf))
    .filter((body) => body !== null)
    .filter((body) => isWanted(request, body) && (keeps?.(body) ?? true))
    .map((body) => (onlyInView === undefined ? body : withoutField(body, onlyInView, request.view)));
  const bodies = listing.newestBy === null ? found : newestFirst(listing.newestBy, found);
  const end = page.offset + pageSize(request.pageSize || request.maxResults, listing.limits);
  const shown = bodies.slice(page.offset, end);
  return {
    ...listing.constant,
    ...(shown.length > 0 && { [listing.items]: shown }),
    ...(end < bodies.length && { nextPageToken: pageToken(call.method, call.message, page, end) }),
  };
}

/** Answers a `get` or a `list` from the scenario's resources as they stand at `now`. */
export function answerFromResources(resources: Resources, call: ResourceCall, now: Date): JsonObject {
  const listing = listings[call.method];
  return listing === undefined
    ? getResource(resources, call, now)
    : listResources(resources, call, listing, now);
}
