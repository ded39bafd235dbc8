import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Incoming, Outgoing } from './exchange.ts';
import { lie, proxyPage } from './faults.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { FaultKind, GitHubRequest } from './types.ts';
import type { Watches } from './watches.ts';

/** The HTTP side: reads requests, lets faults befall them, writes answers, and keeps the record. */

/** GitHub takes no larger request. */
const mostBytes = 10_000_000;

export interface ListenerDependencies {
  exchange(incoming: Incoming): Outgoing;
  faults: FaultPlan;
  watches: Watches;
  requests: GitHubRequest[];
  latency(): number;
  /** The sandbox's time. */
  now(): Date;
  requestId(): string;
  /** After an answer has gone out, or would have. */
  answered(write: boolean): void;
  complain(refusal: string): void;
}

/** What befalls the connection. */
type Reply = { kind: 'answer'; outgoing: Outgoing } | { kind: 'drop' } | { kind: 'hang' };

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > mostBytes) throw new Error('The request is over 10 MB');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `/api/v3` is the prefix that an enterprise server has, `/api/graphql` its GraphQL. */
function withoutPrefix(path: string): string {
  if (path === '/api/graphql') return '/graphql';
  if (path === '/api/v3/graphql') return path;
  return path.startsWith('/api/v3/') ? path.slice('/api/v3'.length) : path;
}

function text(status: number, message: string, headers: Record<string, string> = {}): Outgoing {
  const body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  return { status, headers, body, route: '', permission: null, write: false };
}

function page502(): Outgoing {
  return {
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: proxyPage,
    route: '',
    permission: null,
    write: false,
  };
}

function answered(outgoing: Outgoing): Reply {
  return { kind: 'answer', outgoing };
}

const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

/** What befalls a request instead of being done; null for faults that strike afterwards. */
const instead: Record<FaultKind, ((fault: Fault) => Reply) | null> = {
  hang: () => ({ kind: 'hang' }),
  drop: () => ({ kind: 'drop' }),
  denied: () => answered(text(403, 'Resource not accessible by integration')),
  'not-found': () => answered(text(404, 'Not Found')),
  'no-token': () => answered(text(401, 'Bad credentials')),
  quota: ({ status, retryAfter }) => answered(text(status, secondary, { 'retry-after': String(retryAfter) })),
  'html-502': () => answered(page502()),
  unavailable: () => answered(text(503, 'Service unavailable')),
  'other-answer': ({ answer: given }) => answered({ ...given, route: '', permission: null, write: false }),
  lie: null,
  'commit-then-drop': null,
  'commit-then-502': null,
  'commit-then-hang': null,
};

/** What comes back after the request was done. */
function afterwards(fault: Fault | null, outgoing: Outgoing): Reply {
  if (fault?.kind === 'commit-then-drop') return { kind: 'drop' };
  if (fault?.kind === 'commit-then-hang') return { kind: 'hang' };
  if (fault?.kind === 'commit-then-502') return answered(page502());
  return answered(fault?.kind === 'lie' ? { ...outgoing, body: lie(outgoing.body) } : outgoing);
}

function write(response: ServerResponse, { status, headers, body }: Outgoing, requestId: string): void {
  const contentType = typeof body === 'string' ? 'application/vnd.github.raw+json' : 'application/json';
  const bytes =
    body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, {
    server: 'github.com',
    'x-github-request-id': requestId,
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    vary: 'Accept, Authorization, Cookie, Accept-Encoding',
    ...(bytes && { 'content-type': `${contentType}; charset=utf-8`, 'content-length': String(bytes.length) }),
    ...headers,
  });
  response.end(bytes);
}

async function answer(
  dependencies: ListenerDependencies,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', headers } = request;
  const url = new URL(request.url ?? '/', `http://${headers.host ?? '127.0.0.1'}`);
  const path = withoutPrefix(url.pathname);
  const startedAt = performance.now();
  const isWrite = method !== 'GET' && method !== 'HEAD';
  const record: GitHubRequest = {
    method,
    path: `${path}${url.search}`,
    route: '',
    status: null,
    at: dependencies.now().toISOString(),
    startedAt,
    endedAt: startedAt,
    write: isWrite,
    permission: null,
  };
  dependencies.requests.push(record);
  const body = await readBody(request);
  if (dependencies.latency() > 0) await wait(dependencies.latency());
  dependencies.watches.tell('arrived', method, record.path);
  const fault = dependencies.faults.next(method, record.path);
  const reply = (fault && instead[fault.kind]?.(fault)) ?? performed();
  record.endedAt = performance.now();
  if (reply.kind === 'answer') {
    record.status = reply.outgoing.status;
    write(response, reply.outgoing, dependencies.requestId());
  }
  if (reply.kind === 'drop') request.socket.destroy();
  dependencies.answered(record.write);

  function performed(): Reply {
    const outgoing = dependencies.exchange({ method, url, path, headers, body });
    record.route = outgoing.route;
    record.permission = outgoing.permission;
    record.write = outgoing.write;
    dependencies.watches.tell('done', method, record.path);
    return afterwards(fault, outgoing);
  }
}

/** Listens on loopback; gives the server and its port. */
export function listen(dependencies: ListenerDependencies): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    answer(dependencies, request, response).catch((error: unknown) => {
      if (!request.socket.destroyed) dependencies.complain(`the stand-in failed: ${String(error)}`);
      response.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve({ server, port: portOf(server.address()) }));
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The stand-in listens on no port');
  return address.port;
}
