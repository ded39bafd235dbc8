import type { Scenario } from '../scenario/schema.ts';
import type { MethodDescription } from './descriptions.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import type { LogEntry } from './logs/entries.ts';
import { listLogEntries } from './logs/list.ts';
import { walkMessage } from './message.ts';
import { listTimeSeries } from './metrics/list.ts';
import { queryRange } from './prometheus/range.ts';
import type { ApiRequest } from './request.ts';
import { answerFromResources } from './resources.ts';

/** The stand-in was about to answer something that the real API cannot answer: the scenario or it is wrong. */
class FalseAnswer extends Error {}

export interface World {
  google: Scenario['google'];
  /** Written out once: a scenario may hold 100,000. */
  entries: readonly LogEntry[];
}

function answerOf(
  world: World,
  method: MethodDescription,
  path: string,
  message: JsonObject,
  now: Date,
): JsonObject {
  if (method.name === 'google.logging.v2.LoggingServiceV2.ListLogEntries') {
    return listLogEntries(world.entries, message, now);
  }
  if (method.name === 'google.monitoring.v3.MetricService.ListTimeSeries') {
    return listTimeSeries(world.google.metrics, message, now);
  }
  if (method.name === 'monitoring.projects.location.prometheus.api.v1.query_range') {
    return queryRange(world.google.prometheus, message, now);
  }
  return answerFromResources(
    world.google.resources,
    { method: method.name, api: method.api, path, message },
    now,
  );
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
  return judgedAnswer(method, answerOf(world, method, path, request.message, now), request.enumsAsNumbers);
}
