import { z } from 'zod';
import { invalid } from './errors.ts';
import type { JsonObject } from './json.ts';
import { getResource } from './resources.ts';
import type { ResourceCall, Resources } from './resources.ts';

/**
 * `getHealth` of a backend service. A scenario states it for each group: the path of the request with the group
 * after it, for example `…/backendServices/lb/getHealth?group=zones/europe-west1-b/instanceGroups/web`.
 */

const request = z.object({
  resourceGroupReferenceResource: z.object({ group: z.string().default('') }).prefault({}),
});
const service = z.object({ backends: z.array(z.object({ group: z.string().default('') })).default([]) });
const endpointGroup = z.object({ networkEndpointType: z.string().optional() });

/** The health of one group. @throws GoogleError where the service has no such group, or it has no health checks */
export function groupHealth(resources: Resources, call: ResourceCall, now: Date): JsonObject {
  const { group } = request.parse(call.message).resourceGroupReferenceResource;
  const path = call.path.replace(/\/getHealth$/, '');
  const { backends } = service.parse(getResource(resources, { ...call, path }, now));
  const field = 'resourceGroupReferenceResource.group';
  if (!backends.some((backend) => backend.group === group)) {
    throw invalid(`Invalid value for field '${field}': '${group}'. It is no backend of the service.`, field);
  }
  const place = group.replace(/^.*\/projects\/[^/]+\//, '');
  if (isServerless(resources, place)) {
    throw invalid(`Invalid value for field '${field}': '${group}'. It has no health checks.`, field);
  }
  return getResource(resources, { ...call, path: `${call.path}?group=${place}` }, now);
}

function isServerless(resources: Resources, place: string): boolean {
  const found = resources.find(({ path }) => path.endsWith(`/${place}`));
  return endpointGroup.parse(found?.states[0]?.body ?? {}).networkEndpointType === 'SERVERLESS';
}
