import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxClock } from './clock.ts';
import { listenOnLoopback, shut } from './endpoints/loopback.ts';
import { endpointAt, faultAt } from './scenario/timeline.ts';
import type { Fault } from './scenario/timeline.ts';
import type { Scenario } from './scenario/schema.ts';

/**
 * The endpoints that a scenario's components are probed at: one loopback server for each origin. Short latencies
 * are virtual: the answer comes at once, and `latencyOf` says how long it took in the scenario's time.
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
  /** Original origin → loopback origin, for SITREP_PROBE_MAP. */
  probeMap: Record<string, string>;
  /**
   * Milliseconds that an answer takes now in the scenario's time; null for an unknown URL, and where the answer
   * is really held back or never comes: then the machine's clock tells.
   */
  latencyOf(url: string): number | null;
  requests: EndpointRequest[];
  /** Holds back every further answer by that many real milliseconds. */
  setLatency(milliseconds: number): void;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Milliseconds that the answer takes in the scenario's time. */
  latency: number;
}

type Endpoint = Scenario['endpoints'][number];

function pathOf(url: URL): string {
  return `${url.pathname}${url.search}`;
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

function stateAt(scenario: Scenario, origin: string, path: string, now: Date) {
  const endpoint = scenario.endpoints.find(({ url }) => {
    const own = new URL(url);
    return own.origin === origin && pathOf(own) === path;
  });
  return endpoint === undefined ? null : endpointAt(endpoint.states, now);
}

/** What is answered at a URL at a time: an answer, nothing ever, a closed connection, or that nothing is there. */
function answerOf(
  scenario: Scenario,
  origin: string,
  path: string,
  now: Date,
): Answer | 'never' | 'cut off' | 'nothing there' {
  const fault = faultAt(scenario.faults, origin, path, now);
  if (fault?.kind === 'hang') return 'never';
  const proxied = fault === null ? undefined : proxyAnswers[fault.kind];
  if (proxied !== undefined) return proxied;
  const state = stateAt(scenario, origin, path, now);
  if (state === null) return 'nothing there';
  if (state.no_answer !== undefined) return state.no_answer === 'hang' ? 'never' : 'cut off';
  return { status: state.status, headers: state.headers, body: state.body, latency: state.latency_ms };
}

function originsOf(endpoints: readonly Endpoint[]): string[] {
  return [...new Set(endpoints.map(({ url }) => new URL(url).origin))];
}

/** Starts one server for each origin of the scenario's endpoints. */
export async function startEndpoints(options: {
  scenario: Scenario;
  clock: SandboxClock;
}): Promise<EndpointsStandIn> {
  const { scenario, clock } = options;
  const requests: EndpointRequest[] = [];
  const closing = new AbortController();
  let latency = 0;

  async function handle(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const seen: EndpointRequest = { method: request.method ?? '', url: `${origin}${path}`, status: null };
    requests.push(seen);
    request.resume();
    const answer = answerOf(scenario, origin, path, clock.now());
    if (answer === 'never') return;
    if (answer === 'cut off') {
      response.destroy();
      return;
    }
    const held = answer !== 'nothing there' && answer.latency >= heldBackFrom ? answer.latency : 0;
    if (held + latency > 0) await delay(held + latency, undefined, { signal: closing.signal });
    if (answer === 'nothing there') {
      seen.status = 404;
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`The scenario has nothing at ${origin}${path}\n`);
      return;
    }
    seen.status = answer.status;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const probeMap: Record<string, string> = {};
  const servers: Server[] = [];
  for (const origin of originsOf(scenario.endpoints)) {
    const server = createServer((request, response) => {
      // The only thing that can fail is a wait that closing has ended.
      handle(origin, request, response).catch(() => response.destroy());
    });
    servers.push(server);
    probeMap[origin] = await listenOnLoopback(server);
  }

  return {
    probeMap,
    latencyOf: (url) => {
      const asked = new URL(url);
      const answer = answerOf(scenario, asked.origin, pathOf(asked), clock.now());
      return typeof answer === 'object' && answer.latency < heldBackFrom ? answer.latency : null;
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
