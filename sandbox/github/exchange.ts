import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { acceptedMedia, demandHeaders, readJson } from './admission.ts';
import type { Authentication } from './authentication.ts';
import { acceptedPermissions, authorizeOwn, authorizeRepository } from './authorization.ts';
import type { Answer, Call, Caller } from './call.ts';
import { GitHubError, hidden, notFound, refused, unauthorized } from './errors.ts';
import { answerGraphql } from './graphql/answer.ts';
import type { Judge, Verdict } from './judge/judge.ts';
import { operations } from './operations.ts';
import type { OperationId } from './operations.ts';
import { rateHeaders } from './rate.ts';
import type { RateCounter } from './rate.ts';
import { byName, demandNotMoved, issueTransferred } from './renames.ts';
import type { Match } from './router.ts';
import { ownRoutes, repositoryRoutes } from './routes/routes.ts';
import type { Registrations } from './state/registrations.ts';
import { repositoryKey } from './state/world.ts';
import type { World } from './state/world.ts';
import type { Hook } from './webhooks/hook.ts';

/** One request and its answer, from the checks that GitHub makes to the check of what we answer. */

export interface Incoming {
  method: string;
  /** As it came, with the prefix. */
  url: URL;
  /** Path without prefix. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Outgoing {
  status: number;
  headers: Record<string, string>;
  /** undefined for none; a string goes out as it is, all else as JSON. */
  body: unknown;
  route: string;
  permission: string | null;
  /** Whether it changes something; a query of GraphQL is a POST that does not. */
  write: boolean;
}

export interface ExchangeDependencies {
  world: World;
  hook: Hook;
  judge: Judge;
  route: (method: string, path: string) => Match;
  authentication: Authentication;
  rate: RateCounter;
  registrations: Registrations;
  /** Source of secrets. */
  random: () => string;
  complain: (refusal: string) => void;
}

function callerName(caller: Caller): string {
  if (caller.kind === 'app') return 'the App';
  if (caller.kind === 'nobody') return 'your address';
  return caller.kind === 'person' ? `user ${caller.login}` : `installation ID ${caller.installationId}`;
}

function demandFit(verdict: Verdict, what: string): void {
  if (verdict.length === 0) return;
  const said = verdict.join('; ');
  throw refused(422, `Invalid request.\n\n${said}`, `${what}: ${said}`);
}

function findRoute(dependencies: ExchangeDependencies, incoming: Incoming) {
  const match = dependencies.route(incoming.method, incoming.path);
  if (match.kind === 'found') return match;
  throw hidden(
    match.kind === 'other'
      ? `GitHub has ${match.id} (${match.route}), the stand-in does not answer it`
      : 'GitHub has no such route',
  );
}

function demandCaller({ authentication, world }: ExchangeDependencies, { headers }: Incoming): Caller {
  const caller = authentication.caller(world.app, headers.authorization);
  if (!caller) throw unauthorized('Requires authentication', 'no token');
  return caller;
}

function handle(id: OperationId, incoming: Incoming, call: Call): Answer {
  const own = ownRoutes[id];
  if (own) {
    authorizeOwn(operations[id], call.caller);
    return own(call);
  }
  const handler = repositoryRoutes[id];
  const name = repositoryKey(call.path['owner'] ?? '', call.path['repo'] ?? '');
  const repository = call.world.repositories.get(name);
  if (!handler || !repository) throw notFound();
  const operation = operations[id];
  const author = authorizeRepository(call.world, repository, operation, call.caller);
  const transferred = (number: number) =>
    issueTransferred(call.world, incoming, repository, number, operation, call.caller);
  return handler({ ...call, repository, author, transferred });
}

/** What an operation answers, once the request is as GitHub wants it. */
function perform(
  dependencies: ExchangeDependencies,
  incoming: Incoming,
  match: Match & { kind: 'found' },
): Answer {
  const { judge, world, hook, authentication, rate, registrations, random } = dependencies;
  const { id, pathParameters: path } = match;
  const media = acceptedMedia(incoming.headers.accept, id === 'repos/get-content');
  const caller: Caller =
    operations[id].caller === 'nobody' ? { kind: 'nobody' } : demandCaller(dependencies, incoming);
  const body = readJson(incoming.body, incoming.headers['content-type']);
  const { searchParams: query } = incoming.url;
  demandFit(judge.path(id, path), 'path');
  demandFit(judge.query(id, query), 'query');
  demandFit(judge.body(id, body), 'body');
  const name = callerName(caller);
  demandNotMoved(world, incoming, operations[id], path, caller);
  const counted = id === 'rate-limit/get' ? rate.look(name) : rate.take(name);
  const issueToken = authentication.issue.bind(authentication);
  const call = {
    world,
    hook,
    caller,
    path,
    query,
    body,
    media,
    url: incoming.url,
    rate: counted,
    registrations,
    clientSecret: () => random().replaceAll('-', ''),
    issueToken,
  };
  const answer = handle(id, incoming, call);
  demandHonest(dependencies, id, answer);
  const sent = tagged(incoming, answer);
  const left = sent.status === 304 ? rate.giveBack(name) : counted;
  return { ...sent, headers: { ...rateHeaders(left), ...sent.headers } };
}

/** What we answer is held against the description as well: a false field here would flatter the App. */
function demandHonest(
  { judge, complain }: ExchangeDependencies,
  id: OperationId,
  { status, body }: Answer,
): void {
  if (typeof body === 'string') return;
  const wrong = judge.response(id, status, body);
  if (wrong.length === 0) return;
  const complaint = `the answer ${status} of ${id} does not fit GitHub's description: ${wrong.join('; ')}`;
  complain(complaint);
  throw new Error(complaint);
}

/** Answers GraphQL; its errors come with status 200. */
function performGraphql(dependencies: ExchangeDependencies, incoming: Incoming) {
  const { world, rate, complain } = dependencies;
  acceptedMedia(incoming.headers.accept, false);
  const caller = demandCaller(dependencies, incoming);
  const counted = rate.take(callerName(caller));
  const request = readJson(incoming.body, incoming.headers['content-type']);
  const { body, mistakes, permissions, mutates } = answerGraphql(world, caller, request);
  for (const mistake of mistakes) complain(`${incoming.method} ${incoming.path}: ${mistake}`);
  return { answer: { status: 200, body, headers: rateHeaders(counted) }, permissions, mutates };
}

/** A weak tag of the body; the same body again is 304 for who has it. */
function tagged(incoming: Incoming, answer: Answer): Answer {
  if (incoming.method !== 'GET' || answer.status !== 200) return answer;
  const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex')}"`;
  const known = (incoming.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  const headers = { ...answer.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60' };
  return known.includes(etag) ? { status: 304, headers } : { ...answer, headers };
}

function isGraphql({ method, path }: Incoming): boolean {
  return method === 'POST' && path === '/graphql';
}

function failed(error: unknown, incoming: Incoming, complain: ExchangeDependencies['complain']): Answer {
  const at = `${incoming.method} ${incoming.path}`;
  if (error instanceof GitHubError) {
    if (error.mistake !== null) complain(`${at}: ${error.mistake}`);
    return { status: error.status, body: error.body, headers: error.headers };
  }
  const message = error instanceof Error ? error.message : String(error);
  complain(`${at}: the stand-in failed: ${message}`);
  return { status: 500, body: { message, status: '500' } };
}

/** Answers one request; every mistake in it is told to `complain`. */
export function exchange(dependencies: ExchangeDependencies, asked: Incoming): Outgoing {
  const incoming = { ...asked, path: byName(dependencies.world, asked.path) };
  let route = '';
  let permission: string | null = null;
  let write = !['GET', 'HEAD'].includes(incoming.method);
  let answer: Answer;
  try {
    demandHeaders(incoming.headers);
    if (isGraphql(incoming)) {
      route = 'POST /graphql';
      const performed = performGraphql(dependencies, incoming);
      permission = acceptedPermissions(performed.permissions);
      write = performed.mutates;
      answer = performed.answer;
    } else {
      const match = findRoute(dependencies, incoming);
      route = match.route;
      permission = acceptedPermissions(operations[match.id].permissions);
      answer = perform(dependencies, incoming, match);
    }
  } catch (error) {
    answer = failed(error, incoming, dependencies.complain);
  }
  const headers = {
    ...(permission !== null && { 'x-accepted-github-permissions': permission }),
    ...answer.headers,
  };
  return { status: answer.status, headers, body: answer.body, route, permission, write };
}
