import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxClock } from '../clock.ts';
import { faultAt } from '../scenario/timeline.ts';
import type { RecordedAnswer } from '../scenario/answers.ts';
import type { Fault } from '../scenario/timeline.ts';
import type { Access } from './access.ts';
import { answerCall } from './answer.ts';
import type { World } from './answer.ts';
import { errorAnswer, GoogleError, invalid } from './errors.ts';
import { apiFault, badGateway, falsified } from './faults.ts';
import type { Target } from './faults.ts';
import { statusHost, tokenHost } from './methods.ts';
import type { JsonObject } from './json.ts';
import { readRequest } from './request.ts';
import { askedBody } from './recorded.ts';
import type { RecordedAnswers } from './recorded.ts';
import { matchRoute } from './routes.ts';
import type { Match } from './routes.ts';
import { feedAt } from './status-feed.ts';

/** One call: where it goes, what is wrong with it or with the API, and its answer. */

interface Answer {
  code: number;
  type: string;
  headers?: Record<string, string>;
  body: string;
}

export interface Call {
  verb: string;
  url: URL;
  /** Decoded path. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface StandIn {
  clock: SandboxClock;
  world: World;
  access: Access;
  faults: Fault[];
  refusals: string[];
  recorded: RecordedAnswers;
  unrecorded: string[];
}

function json(code: number, body: unknown): Answer {
  return { code, type: 'application/json; charset=UTF-8', body: `${JSON.stringify(body, null, 2)}\n` };
}

function hostOf(call: Call, match: Match | null): string | null {
  if (call.path === '/token') return tokenHost;
  if (call.path === '/incidents.json') return statusHost;
  return match?.method.api ?? null;
}

/** What a fault's error names. Logging has its project in the body, every other API in the path. */
function targetOf({ method }: Match, message: JsonObject, path: string): Target {
  const { resourceNames } = message;
  const resource = Array.isArray(resourceNames) ? String(resourceNames[0]) : path.replace(/^\/v\d\//, '');
  const project = /^projects\/([^/]+)/.exec(resource)?.[1] ?? '';
  return { api: method.api, permission: method.permission, project, resource };
}

function tokenAnswer(standIn: StandIn, call: Call, fault: Fault | null): Answer {
  if (fault?.kind === 'lie') return json(200, { access_token: 7, expires_in: 'soon' });
  if (fault?.kind === 'no-token') {
    return json(401, { error: 'invalid_client', error_description: 'The OAuth client was not found.' });
  }
  const contentType = call.headers['content-type'] ?? '';
  const { code, body, refusal } = standIn.access.issue(
    call.verb,
    call.url.searchParams,
    contentType,
    call.body,
  );
  if (refusal !== null) standIn.refusals.push(refusal);
  return json(code, body);
}

/** The public feed is no API: it takes no token, and who sends one there gives it away. */
function feedAnswer(standIn: StandIn, call: Call, fault: Fault | null): Answer {
  if (call.headers.authorization !== undefined) {
    standIn.refusals.push(`GET ${call.path}: a token was sent to the public feed`);
  }
  if (fault?.kind === 'lie') return json(200, { incidents: 'none' });
  return json(200, feedAt(standIn.world.google.status_feed, standIn.clock.now()));
}

function apiAnswer(standIn: StandIn, call: Call, match: Match | null, fault: Fault | null): Answer {
  if (match === null) throw invalid(`No method of the stand-in answers ${call.verb} ${call.path}.`);
  standIn.access.demand(call.headers.authorization);
  const request = readRequest(match.method, match.fields, call.url.searchParams, call.body);
  const error = fault === null ? null : apiFault(fault.kind, targetOf(match, request.message, call.path));
  if (error !== null) throw error;
  if (fault?.kind === 'lie') return json(200, falsified(match.method.response));
  return json(200, answerCall(standIn.world, match.method, call.path, request, standIn.clock.now()));
}

function answer(standIn: StandIn, call: Call, match: Match | null, fault: Fault | null): Answer {
  if (fault?.kind === 'html-502') return badGateway;
  if (fault?.kind === 'unavailable') {
    throw new GoogleError('UNAVAILABLE', 'The service is currently unavailable.');
  }
  if (call.path === '/token' && (call.verb === 'POST' || call.verb === 'GET')) {
    return tokenAnswer(standIn, call, fault);
  }
  if (call.path === '/incidents.json' && call.verb === 'GET') {
    return feedAnswer(standIn, call, fault);
  }
  return apiAnswer(standIn, call, match, fault);
}

/** Largest answer that Sitrep reads, in bytes; one more is too many. */
const readCap = 16 * 1024 * 1024;

/** A recorded answer as it came. The status feed is public; who asks an API has a token. */
function recordedAnswer(standIn: StandIn, call: Call, recorded: RecordedAnswer['answer']): Answer {
  if (call.path !== '/incidents.json') standIn.access.demand(call.headers.authorization);
  if ('none' in recorded) return { code: 200, type: 'application/json', body: ' '.repeat(readCap + 1) };
  const { 'content-type': type = 'application/json; charset=UTF-8', ...headers } = recorded.headers;
  const body = 'text' in recorded ? recorded.text : JSON.stringify(recorded.json);
  return { code: recorded.status, type, headers, body };
}

/** Whether a scenario of recorded answers says of this API what the stand-in may make an answer of. */
function isSimulated({ world }: StandIn, api: string | null): boolean {
  if (api === 'logging.googleapis.com') return world.entries.length > 0;
  if (api === 'monitoring.googleapis.com') {
    return world.google.metrics.length + world.google.prometheus.length > 0;
  }
  if (api === statusHost) return world.google.status_feed.length > 0;
  return world.google.resources.some((resource) => resource.api === api);
}

/** What a recording does not have is refused: an empty list would be a statement that nobody made. */
function unrecorded(standIn: StandIn, call: Call): GoogleError {
  standIn.unrecorded.push(`${call.verb} ${call.path}`);
  return new GoogleError('UNIMPLEMENTED', `The recording holds no answer to ${call.verb} ${call.path}.`);
}

/** Nothing that goes wrong here may pass for an answer of the API: it is recorded and is a 500. */
function errorOf(standIn: StandIn, call: Call, error: unknown): Answer {
  const known = error instanceof GoogleError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  if (known === null || known.refused) standIn.refusals.push(`${call.verb} ${call.path}: ${message}`);
  const { code, body } = errorAnswer(known ?? new GoogleError('INTERNAL', message));
  return json(code, body);
}

export interface Plan {
  /** Host of the API that answers; null where none does. */
  api: string | null;
  /** The call is never answered. */
  hangs: boolean;
  /** The connection is closed without an answer. */
  cutsOff: boolean;
  /** Answers the call as the scenario stands when this is called. */
  answer: () => Answer;
}

/** Finds out who answers a call, and what is wrong with them at present. A fault goes before a recorded answer. */
export function planCall(standIn: StandIn, call: Call): Plan {
  const match = matchRoute(call.verb, call.url.pathname);
  const api = hostOf(call, match);
  const fault = api === null ? null : faultAt(standIn.faults, api, call.path, standIn.clock.now());
  const recorded = fault === null ? recordedFor(standIn, call, api) : null;
  const isMissing = fault === null && recorded === null && isOnlyRecorded(standIn, api);
  const safely = () => {
    try {
      if (isMissing) throw unrecorded(standIn, call);
      return recorded === null
        ? answer(standIn, call, match, fault)
        : recordedAnswer(standIn, call, recorded);
    } catch (error) {
      return errorOf(standIn, call, error);
    }
  };
  const none = recorded !== null && 'none' in recorded ? recorded.none : null;
  return {
    api,
    hangs: fault?.kind === 'hang' || none === 'hang',
    cutsOff: none === 'cut-off',
    answer: safely,
  };
}

function recordedFor(standIn: StandIn, call: Call, api: string | null): RecordedAnswer['answer'] | null {
  if (api === tokenHost) return null;
  const { verb: method, path, url, body } = call;
  return standIn.recorded.answerTo({ method, path, query: url.searchParams, body: askedBody(body) });
}

function isOnlyRecorded(standIn: StandIn, api: string | null): boolean {
  return standIn.recorded.size > 0 && api !== tokenHost && !isSimulated(standIn, api);
}
