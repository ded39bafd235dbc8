import type { Fault } from '../scenario/timeline.ts';
import { enumNamed, messageNamed } from './descriptions.ts';
import { errorInfo, GoogleError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { scalarType } from './scalars.ts';

/** What Google's APIs, and what stands before them, answer when something is wrong. */

export interface Target {
  api: string;
  permission: string;
  project: string;
  /** Resource that was asked for, for example projects/p/locations/r/services/s. */
  resource: string;
}

/** An answer of a proxy on the way, which knows nothing of the API. */
export const badGateway = {
  code: 502,
  type: 'text/html; charset=UTF-8',
  body: '<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n<p><b>502.</b> <ins>That’s an error.</ins>\n<p>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.\n</html>\n',
} as const;

function denied({ permission, resource, api }: Target): GoogleError {
  const message = `Permission '${permission}' denied on resource '//${api}/${resource}' (or it may not exist).`;
  return new GoogleError('PERMISSION_DENIED', message, {
    details: [errorInfo('IAM_PERMISSION_DENIED', 'iam.googleapis.com', { permission, resource })],
  });
}

function apiDisabled({ api, project }: Target): GoogleError {
  const url = `https://console.developers.google.com/apis/api/${api}/overview?project=${project}`;
  const message =
    `${api} API has not been used in project ${project} before or it is disabled. Enable it by visiting ${url} ` +
    'then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems ' +
    'and retry.';
  return new GoogleError('PERMISSION_DENIED', message, {
    details: [
      errorInfo('SERVICE_DISABLED', 'googleapis.com', { service: api, consumer: `projects/${project}` }),
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Google developers console API activation', url }],
      },
    ],
  });
}

function quota({ api, project }: Target): GoogleError {
  const metric = `${api}/read_requests`;
  const message =
    `Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service '${api}' ` +
    `for consumer 'project_number:${project}'.`;
  return new GoogleError('RESOURCE_EXHAUSTED', message, {
    details: [
      errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', {
        service: api,
        consumer: `projects/${project}`,
        quota_metric: metric,
        quota_limit: 'ReadRequestsPerMinutePerProject',
      }),
    ],
  });
}

/** The error of a fault that the API itself answers; null for faults of another kind. */
export function apiFault(kind: Fault['kind'], target: Target): GoogleError | null {
  switch (kind) {
    case 'denied':
      return denied(target);
    case 'api-disabled':
      return apiDisabled(target);
    case 'quota':
      return quota(target);
    case 'not-found':
      return new GoogleError('NOT_FOUND', `Resource '${target.resource}' was not found.`);
    case 'unavailable':
      return new GoogleError('UNAVAILABLE', 'The service is currently unavailable.');
    case 'hang':
    case 'html-502':
    case 'lie':
    case 'no-token':
      return null;
  }
}

/** JSON in which every field of a message is there with a value that its type does not have. */
export function falsified(type: string): JsonObject {
  const fields = Object.entries(messageNamed(type) ?? {}).map(([name, field]) => {
    if (field.repeated === true || field.key !== undefined) return [name, 'neither list nor map'];
    if (enumNamed(field.type) !== undefined) return [name, 'NO_SUCH_VALUE'];
    const scalar = scalarType(field.type);
    return [
      name,
      scalar === null
        ? 7
        : scalar === 'bool' || /int|double|float/.test(scalar)
          ? 'not a value'
          : { not: 'a text' },
    ];
  });
  return { ...Object.fromEntries(fields), noSuchField: true };
}
