import { z } from 'zod';
import { resourceAt } from '../scenario/timeline.ts';
import { invalid } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';
import { openPage, pageSize, pageToken } from './pages.ts';
import type { ResourceCall, Resources } from './resources.ts';

/** Lists of Cloud Run's older API. Its services are those of the newer one, as far as their metadata goes. */

const request = z.strictObject({
  parent: z.string(),
  limit: z.number().default(0),
  continue: z.string().default(''),
});

interface Entry {
  project: string;
  location: string;
  name: string;
  body: JsonObject;
}

/** Answers `projects.locations.services.list`; the location may be `-`, for all regions. */
export function listServicesV1(resources: Resources, call: ResourceCall, now: Date): JsonObject {
  return list(resources, call, now, {
    kind: 'ServiceList',
    apiVersion: 'serving.knative.dev/v1',
    path: /^\/v2\/projects\/([^/]+)\/locations\/([^/]+)\/services\/([^/]+)$/,
    takesAll: true,
    itemOf: ({ project, location, name, body }) => ({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {
        name,
        namespace: project,
        labels: {
          ...(isObject(body['labels']) ? body['labels'] : {}),
          'cloud.googleapis.com/location': location,
        },
      },
    }),
  });
}

/** Answers `projects.locations.domainmappings.list`. */
export function listDomainMappings(resources: Resources, call: ResourceCall, now: Date): JsonObject {
  return list(resources, call, now, {
    kind: 'DomainMappingList',
    apiVersion: 'domains.cloudrun.com/v1',
    path: /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/domainmappings\/([^/]+)$/,
    takesAll: false,
    itemOf: ({ body }) => body,
  });
}

interface Listing {
  kind: string;
  apiVersion: string;
  /** Paths of the resources: project, location, name. */
  path: RegExp;
  /** Whether `-` stands for all locations. */
  takesAll: boolean;
  itemOf(entry: Entry): JsonObject;
}

function list(resources: Resources, call: ResourceCall, now: Date, listing: Listing): JsonObject {
  const parsed = request.safeParse(call.message);
  if (!parsed.success) throw invalid('The stand-in knows parent, limit and continue of this list alone.');
  const { parent, limit } = parsed.data;
  const [, project, , location] = parent.split('/');
  if (location === '-' && !listing.takesAll)
    throw invalid('The wildcard "-" is not allowed for locations here.', 'parent');
  // The token and the size have other names in this API.
  const paging = { parent, pageToken: parsed.data.continue };
  const page = openPage(call.method, paging, now);
  const found = resources.flatMap((resource): Entry[] => {
    const [, ofProject = '', ofLocation = '', name = ''] = listing.path.exec(resource.path) ?? [];
    const isAsked = ofProject === project && (location === '-' || location === ofLocation);
    const body = isAsked ? resourceAt(resource, page.asOf) : null;
    return body === null ? [] : [{ project: ofProject, location: ofLocation, name, body }];
  });
  const end = page.offset + pageSize(limit, { usual: 100, most: 100 });
  const shown = found.slice(page.offset, end).map((entry) => listing.itemOf(entry));
  return {
    apiVersion: listing.apiVersion,
    kind: listing.kind,
    ...(shown.length > 0 && { items: shown }),
    ...(end < found.length && { metadata: { continue: pageToken(call.method, paging, page, end) } }),
  };
}
