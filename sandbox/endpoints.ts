import type { LookupAddress } from 'node:dns';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { SandboxClock } from './clock.ts';
import { listenOnLoopback, shut } from './endpoints/loopback.ts';
import { serverFor } from './endpoints/tls.ts';
import { endpointAt, faultAt } from './scenario/timeline.ts';
import type { EndpointState, Fault } from './scenario/timeline.ts';
import type { Scenario } from './scenario/schema.ts';

/**
 * The endpoints that a scenario's components are probed at: one loopback server for each origin, which answers
 * HTTP and opens WebSockets. Short latencies are virtual: the answer comes at once, and `latencyOf` says how long
 * it took in the scenario's time. All that a WebSocket gets to hear unasked comes with the handshake, so that probes
 * need not wait for more (`answersAtOnce`).
 */

/** From here on an answer is really held back, so that time-outs are met, ms. */
const heldBackFrom = 5_000;

interface EndpointRequest {
  method: string;
  /** The endpoint's own URL, under its original name. */
  url: string;
  /** Null while it is not answered. */
  status: number | null;
}

export interface EndpointsStandIn {
  /** Original origin → loopback origin, for SITREP_PROBE_MAP; that of a WebSocket as http or https. */
  probeMap: Record<string, string>;
  /**
   * Milliseconds that an answer takes now in the scenario's time; null for an unknown URL, and where the answer
   * is really held back or never comes: then the machine's clock tells.
   */
  latencyOf(url: string): number | null;
  /** What DNS answers in the scenario; nothing for a host of which it says nothing. */
  resolve: (hostname: string) => Promise<LookupAddress[]>;
  requests: EndpointRequest[];
  /** Holds back every further answer by that many real milliseconds. */
  setLatency(milliseconds: number): void;
  close(): Promise<void>;
}

type Answer = Pick<EndpointState, 'status' | 'headers' | 'body' | 'message' | 'close'> & {
  /** Milliseconds that the answer takes in the scenario's time. */
  latency: number;
};

type Endpoint = Scenario['endpoints'][number];

function pathOf(url: URL): string {
  return `${url.pathname}${url.search}`;
}

/** Origin of the server that answers for a URL: a WebSocket begins as a request to it. */
function serverOrigin(url: URL): string {
  return url.origin.replace(/^ws/, 'http');
}

/** What a proxy before the endpoint answers at once. */
const proxyAnswers: Partial<Record<Fault['kind'], Answer>> = {
  unavailable: {
    status: 503,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'no healthy upstream\n',
    latency: 50,
  },
  'html-502': {
    status: 502,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!DOCTYPE html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>\n',
    latency: 50,
  },
};

function stateAt(scenario: Scenario, asked: URL, now: Date) {
  const endpoint = scenario.endpoints.find(({ url }) => {
    const own = new URL(url);
    return own.origin === asked.origin && pathOf(own) === pathOf(asked);
  });
  return endpoint === undefined ? null : endpointAt(endpoint.states, now);
}

/** What is answered at a URL at a time: an answer, nothing ever, a closed connection, or that nothing is there. */
function answerOf(scenario: Scenario, asked: URL, now: Date): Answer | 'never' | 'cut off' | 'nothing there' {
  const fault = faultAt(scenario.faults, asked.origin, pathOf(asked), now);
  if (fault?.kind === 'hang') return 'never';
  const proxied = fault === null ? undefined : proxyAnswers[fault.kind];
  if (proxied !== undefined) return proxied;
  const state = stateAt(scenario, asked, now);
  if (state?.no_answer !== undefined) return state.no_answer === 'hang' ? 'never' : 'cut off';
  return state === null ? 'nothing there' : { ...state, latency: state.latency_ms };
}

function byServer(endpoints: readonly Endpoint[]): Map<string, Endpoint[]> {
  return Map.groupBy(endpoints, ({ url }) => serverOrigin(new URL(url)));
}

/** Starts one server for each origin of the scenario's endpoints. */
export async function startEndpoints(options: {
  scenario: Scenario;
  clock: SandboxClock;
}): Promise<EndpointsStandIn> {
  const { scenario, clock } = options;
  const requests: EndpointRequest[] = [];
  const closing = new AbortController();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  let latency = 0;

  /** The answer to a request, when its time has come; null where there is none. */
  async function answerTo(request: IncomingMessage, asked: URL): Promise<Answer | null> {
    const seen: EndpointRequest = { method: request.method ?? '', url: asked.href, status: null };
    requests.push(seen);
    const answer = answerOf(scenario, asked, clock.now());
    if (answer === 'never') return null;
    if (answer === 'cut off') {
      request.destroy();
      return null;
    }
    const held = answer !== 'nothing there' && answer.latency >= heldBackFrom ? answer.latency : 0;
    if (held + latency > 0) await delay(held + latency, undefined, { signal: closing.signal });
    const given = answer === 'nothing there' ? nothingAt(asked) : answer;
    seen.status = given.status;
    return given;
  }

  async function handle(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const answer = await answerTo(request, new URL(`${origin}${request.url ?? '/'}`));
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async function upgrade(origin: string, request: IncomingMessage, socket: Duplex, head: Buffer) {
    const asked = new URL(`${origin.replace(/^http/, 'ws')}${request.url ?? '/'}`);
    const answer = await answerTo(request, asked);
    if (!answer) return;
    if (answer.status !== 101) {
      socket.end(refusedHandshake(answer));
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => undefined);
      if (answer.message !== undefined) client.send(answer.message);
      if (answer.close) client.close(answer.close.code, answer.close.reason);
    });
  }

  const probeMap: Record<string, string> = {};
  const servers: Server[] = [];
  for (const [origin, endpoints] of byServer(scenario.endpoints)) {
    const server = serverFor(new URL(origin).hostname, endpoints, clock, (request, response) => {
      // The only thing that can fail is a wait that closing has ended.
      handle(origin, request, response).catch(() => response.destroy());
    });
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      closing.signal.addEventListener('abort', () => socket.destroy());
      upgrade(origin, request, socket, head).catch(() => socket.destroy());
    });
    servers.push(server);
    probeMap[origin] = await listenOnLoopback(server);
  }

  return {
    probeMap,
    latencyOf: (url) => {
      const answer = answerOf(scenario, new URL(url), clock.now());
      return typeof answer === 'object' && answer.latency < heldBackFrom ? answer.latency : null;
    },
    resolve: (hostname) => {
      const own = scenario.endpoints.filter(({ url }) => new URL(url).hostname === hostname);
      const addresses = [...new Set(own.flatMap((endpoint) => endpoint.addresses))];
      return Promise.resolve(addresses.map((address) => ({ address, family: isIP(address) })));
    },
    requests,
    setLatency: (milliseconds) => {
      latency = milliseconds;
    },
    close: async () => {
      closing.abort();
      await Promise.all(servers.map(shut));
    },
  };
}

function nothingAt({ href }: URL): Answer {
  return {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: `The scenario has nothing at ${href}\n`,
    latency: 0,
  };
}

/** The answer to a request for a WebSocket that is not opened, as it goes over the wire. */
function refusedHandshake({ status, headers, body }: Answer): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
