import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxClock } from '../clock.ts';
import { faultAt } from '../scenario/timeline.ts';
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
import { matchRoute } from './routes.ts';
import type { Match } from './routes.ts';
import { feedAt } from './status-feed.ts';

/** One call: where it goes, what is wrong with it or with the API, and its answer. */

interface Answer {
  code: number;
  type: string;
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
  /** Answers the call as the scenario stands when this is called. */
  answer: () => Answer;
}

/** Finds out who answers a call, and what is wrong with them at present. */
export function planCall(standIn: StandIn, call: Call): Plan {
  const match = matchRoute(call.verb, call.url.pathname);
  const api = hostOf(call, match);
  const fault = api === null ? null : faultAt(standIn.faults, api, call.path, standIn.clock.now());
  const safely = () => {
    try {
      return answer(standIn, call, match, fault);
    } catch (error) {
      return errorOf(standIn, call, error);
    }
  };
  return { api, hangs: fault?.kind === 'hang', answer: safely };
}
