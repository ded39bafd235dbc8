import { consoleLink, gcloud, segment } from '../provenance.ts';
import type { Place } from './place.ts';
import type { Question } from './question.ts';

/** How an API names the size of a page and the token of the next one. */
interface Paging {
  size: string;
  token: string;
  /** Fields of the answer that lead to the next page's token. */
  next: readonly [string, ...string[]];
}

const usual: Paging = { size: 'pageSize', token: 'pageToken', next: ['nextPageToken'] };
const older: Paging = { ...usual, size: 'maxResults' };
const knative: Paging = { size: 'limit', token: 'continue', next: ['metadata', 'continue'] };

/** A list that Google has of a project, or of a region of it. */
export interface ListMethod {
  /** What it lists, in words. */
  what: string;
  api: string;
  /** The method's name as a source shows it. */
  method: string;
  role: string;
  paging: Paging;
  /** Field of the answer that holds the list. */
  items: string;
  path(place: Place): string;
  /** Path in Google's console. */
  console: string;
  command(place: Place): string;
}

const run = { api: 'run.googleapis.com', role: 'roles/run.viewer', console: 'run' } as const;
const compute = {
  api: 'compute.googleapis.com',
  role: 'roles/compute.viewer',
  paging: older,
  items: 'items',
  console: 'net-services/loadbalancing/list/loadBalancers',
} as const;

/** Services of all regions: the newer API has no list across regions, `gcloud run services list` asks this one as well. */
export const servicesEverywhere: ListMethod = {
  ...run,
  what: 'Cloud Run services of all regions',
  method: 'v1 Services.List',
  paging: knative,
  items: 'items',
  path: ({ project }) => `/v1/projects/${segment(project)}/locations/-/services`,
  command: ({ project }) => gcloud('run services list', [], { project }),
};

export const services: ListMethod = {
  ...run,
  what: 'Cloud Run services',
  method: 'Services.List',
  paging: usual,
  items: 'services',
  path: ({ project, region }) => `/v2/projects/${segment(project)}/locations/${segment(region)}/services`,
  command: ({ project, region }) => gcloud('run services list', [], { region, project }),
};

/** Of all services of the region. */
export const revisions: ListMethod = {
  ...run,
  what: 'Cloud Run revisions',
  method: 'Revisions.List',
  paging: usual,
  items: 'revisions',
  path: ({ project, region }) =>
    `/v2/projects/${segment(project)}/locations/${segment(region)}/services/-/revisions`,
  command: ({ project, region }) => gcloud('run revisions list', [], { region, project }),
};

/** https://cloud.google.com/run/docs/reference/rest/v1/projects.locations.domainmappings/list */
export const domainMappings: ListMethod = {
  ...run,
  what: 'domain mappings',
  method: 'v1 DomainMappings.List',
  paging: knative,
  items: 'items',
  path: ({ project, region }) =>
    `/v1/projects/${segment(project)}/locations/${segment(region)}/domainmappings`,
  console: 'run/domains',
  command: ({ project, region }) => gcloud('beta run domain-mappings list', [], { region, project }),
};

export const connectors: ListMethod = {
  what: 'VPC connectors',
  api: 'vpcaccess.googleapis.com',
  method: 'Connectors.List',
  role: 'roles/vpcaccess.viewer',
  paging: usual,
  items: 'connectors',
  path: ({ project, region }) => `/v1/projects/${segment(project)}/locations/${segment(region)}/connectors`,
  console: 'networking/connectors/list',
  command: ({ project, region }) =>
    gcloud('compute networks vpc-access connectors list', [], { region, project }),
};

export const instances: ListMethod = {
  what: 'Cloud SQL instances',
  api: 'sqladmin.googleapis.com',
  method: 'Instances.List',
  role: 'roles/cloudsql.viewer',
  paging: older,
  items: 'items',
  path: ({ project }) => `/v1/projects/${segment(project)}/instances`,
  console: 'sql/instances',
  command: ({ project }) => gcloud('sql instances list', [], { project }),
};

/** Names only; what a service mounts is in the service itself. */
export const secrets: ListMethod = {
  what: 'secrets',
  api: 'secretmanager.googleapis.com',
  method: 'Secrets.List',
  role: 'roles/secretmanager.viewer',
  paging: usual,
  items: 'secrets',
  path: ({ project }) => `/v1/projects/${segment(project)}/secrets`,
  console: 'security/secret-manager',
  command: ({ project }) => gcloud('secrets list', [], { project }),
};

export const urlMaps: ListMethod = {
  ...compute,
  what: "load balancers' hosts",
  method: 'UrlMaps.List',
  path: ({ project }) => `/compute/v1/projects/${segment(project)}/global/urlMaps`,
  command: ({ project }) => gcloud('compute url-maps list', ['--global'], { project }),
};

export const backendServices: ListMethod = {
  ...compute,
  what: "load balancers' backend services",
  method: 'BackendServices.List',
  path: ({ project }) => `/compute/v1/projects/${segment(project)}/global/backendServices`,
  command: ({ project }) => gcloud('compute backend-services list', ['--global'], { project }),
};

export const endpointGroups: ListMethod = {
  ...compute,
  what: 'endpoint groups of Cloud Run services',
  method: 'RegionNetworkEndpointGroups.List',
  path: ({ project, region }) =>
    `/compute/v1/projects/${segment(project)}/regions/${segment(region)}/networkEndpointGroups`,
  command: ({ project, region }) =>
    gcloud('compute network-endpoint-groups list', [`--regions=${region}`], { project }),
};

/** What a list asks, and where it asks it. */
export function questionOf(list: ListMethod, place: Place): Question {
  return {
    what: list.what,
    role: list.role,
    project: place.project,
    source: {
      api: list.api,
      method: list.method,
      query: list.path(place),
      console: consoleLink(list.console, place.project),
      command: list.command(place),
    },
  };
}
