import { z } from 'zod';
import { resourceAt } from '../scenario/timeline.ts';
import { GoogleError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { getResource } from './resources.ts';
import type { ResourceCall, Resources } from './resources.ts';

/** Versions of secrets by number, by `latest`, and by the secret's aliases (cloud.google.com/secret-manager). */

const aliases = z.object({ versionAliases: z.record(z.string(), z.string()).default({}) });

/** The version that a request names. @throws GoogleError NOT_FOUND where there is none at that time */
export function secretVersion(resources: Resources, call: ResourceCall, now: Date): JsonObject {
  const [, secret = '', wanted = ''] = /^(.+)\/versions\/([^/]+)$/.exec(call.path) ?? [];
  const number = /^\d+$/.test(wanted) ? wanted : numberOf(resources, call, { secret, wanted }, now);
  return getResource(resources, { ...call, path: `${secret}/versions/${number}` }, now);
}

function numberOf(
  resources: Resources,
  call: ResourceCall,
  { secret, wanted }: { secret: string; wanted: string },
  now: Date,
): string {
  const { versionAliases } = aliases.parse(getResource(resources, { ...call, path: secret }, now));
  const number = wanted === 'latest' ? newest(resources, secret, now) : versionAliases[wanted];
  if (number !== undefined) return number;
  throw new GoogleError('NOT_FOUND', `Secret Version [${secret.slice(4)}/versions/${wanted}] not found.`);
}

/** `latest` is the version that was created last, whatever its state. */
function newest(resources: Resources, secret: string, now: Date): string | undefined {
  const numbers = resources
    .filter(({ path }) => path.startsWith(`${secret}/versions/`))
    .filter((resource) => resourceAt(resource, now) !== null)
    .map(({ path }) => Number(path.split('/').at(-1)));
  return numbers.length === 0 ? undefined : String(Math.max(...numbers));
}
