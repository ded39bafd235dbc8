import type { Scenario } from '../scenario/schema.ts';
import type { MethodDescription } from './descriptions.ts';
import { groupHealth } from './group-health.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import type { LogEntry } from './logs/entries.ts';
import { listLogEntries } from './logs/list.ts';
import { walkMessage } from './message.ts';
import type { MethodName } from './methods.ts';
import { listTimeSeries } from './metrics/list.ts';
import { queryRange } from './prometheus/range.ts';
import { objectContent } from './objects.ts';
import type { ApiRequest } from './request.ts';
import { answerFromResources } from './resources.ts';
import type { ResourceCall } from './resources.ts';
import { listDomainMappings, listServicesV1 } from './run-v1.ts';
import { secretVersion } from './secrets.ts';

/** The stand-in was about to answer something that the real API cannot answer: the scenario or it is wrong. */
class FalseAnswer extends Error {}

export interface World {
  google: Scenario['google'];
  /** Written out once: a scenario may hold 100,000. */
  entries: readonly LogEntry[];
}

type Answering = (world: World, call: ResourceCall, now: Date) => JsonObject;

const ofHealth: Answering = ({ google }, call, now) => groupHealth(google.resources, call, now);

/** Methods that are more than a `get` or a `list` of the scenario's resources. */
const special: Partial<Record<MethodName, Answering>> = {
  'google.logging.v2.LoggingServiceV2.ListLogEntries': ({ entries }, { message }, now) =>
    listLogEntries(entries, message, now),
  'google.monitoring.v3.MetricService.ListTimeSeries': ({ google }, { message }, now) =>
    listTimeSeries(google.metrics, message, now),
  'monitoring.projects.location.prometheus.api.v1.query_range': ({ google }, { message }, now) =>
    queryRange(google.prometheus, message, now),
  'google.cloud.secretmanager.v1.SecretManagerService.GetSecretVersion': ({ google }, call, now) =>
    secretVersion(google.resources, call, now),
  'run.projects.locations.services.list': ({ google }, call, now) =>
    listServicesV1(google.resources, call, now),
  'run.projects.locations.domainmappings.list': ({ google }, call, now) =>
    listDomainMappings(google.resources, call, now),
  'google.cloud.compute.v1.BackendServices.GetHealth': ofHealth,
  'google.cloud.compute.v1.RegionBackendServices.GetHealth': ofHealth,
};

function answerOf(world: World, call: ResourceCall, now: Date): JsonObject {
  const answering = special[call.method];
  return answering === undefined
    ? answerFromResources(world.google.resources, call, now)
    : answering(world, call, now);
}

/**
 * Judges an answer by its message type and gives it in the form in which Google writes it.
 *
 * @throws FalseAnswer naming each field that the type does not allow
 */
function judgedAnswer(method: MethodDescription, answer: JsonObject, enumsAsNumbers: boolean): JsonObject {
  const { value, problems } = walkMessage(method.response, answer, 'answer', { enumsAsNumbers });
  if (problems.length > 0 || !isObject(value)) {
    throw new FalseAnswer(
      `${method.name} was about to answer what ${method.response} does not allow: ${problems.join('; ')}`,
    );
  }
  return value;
}

/**
 * Answers a call from the scenario at `now`.
 *
 * @throws GoogleError as the API does; FalseAnswer where the answer would not fit its type
 */
export function answerCall(
  world: World,
  method: MethodDescription,
  path: string,
  request: ApiRequest,
  now: Date,
): JsonObject {
  const call: ResourceCall = { method: method.name, api: method.api, path, message: request.message };
  if (request.media) return objectContent(world.google.resources, call, now);
  return judgedAnswer(method, answerOf(world, call, now), request.enumsAsNumbers);
}
