import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxClock } from '../clock.ts';
import { listenOnLoopback, shut } from '../endpoints/loopback.ts';
import type { RecordedAnswer } from '../scenario/answers.ts';
import type { Fault } from '../scenario/timeline.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createAccess } from './access.ts';
import { planCall } from './call.ts';
import type { StandIn } from './call.ts';
import { logEntries } from './logs/entries.ts';
import { recordedAnswers } from './recorded.ts';

/**
 * The stand-in of Google Cloud: all APIs on one loopback port, told apart by the path that each has at its own
 * host, with the token endpoint at `/token` and the public status feed at `/incidents.json`.
 */

export interface GoogleOptions {
  scenario: Scenario;
  clock: SandboxClock;
  /** Recorded answers, which go before what the scenario holds. */
  answers?: readonly RecordedAnswer[];
  /** Real time by which every answer is held back, ms. */
  latencyMs?: number;
  /** Milliseconds of the machine, for `startedAt` and `endedAt`. */
  machine?: () => number;
}

export interface GoogleRequest {
  method: string;
  path: string;
  /** Without the question mark, decoded. */
  query: string;
  body: string;
  /** Host of the API; null where no route matches. */
  api: string | null;
  /** When it came, by the sandbox's clock: UTC, ISO 8601. */
  at: string;
  /** Milliseconds of the machine. */
  startedAt: number;
  /** Null while it is not answered. */
  endedAt: number | null;
  status: number | null;
}

/** A fault of the scenario's form; `path` may be left out. */
export type InjectedFault = Omit<Fault, 'path'> & { path?: string };

export interface GoogleStandIn {
  /** Origin, for SITREP_GCP_ENDPOINT. */
  url: string;
  requests: GoogleRequest[];
  /** What was asked or about to be answered wrongly, one line each; empty after honest work. */
  refusals: string[];
  /** What was asked of a recording that does not have it, one line each: refused, but not the asker's fault. */
  unrecorded: string[];
  /** Holds back every further answer by that many real milliseconds. */
  setLatency(milliseconds: number): void;
  /** Adds a fault; it goes before those of the scenario, until what is given is called. */
  inject(fault: InjectedFault): () => void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function decodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
}

/** Starts the stand-in on a free port of 127.0.0.1. */
export async function startGoogle(options: GoogleOptions): Promise<GoogleStandIn> {
  const { scenario, clock, machine = () => performance.now() } = options;
  let latency = options.latencyMs ?? 0;
  let origin = '';
  const requests: GoogleRequest[] = [];
  const closing = new AbortController();
  const standIn: StandIn = {
    clock,
    world: { google: scenario.google, entries: logEntries(scenario.google.logs) },
    access: createAccess(() => origin),
    faults: [...scenario.faults],
    refusals: [],
    recorded: recordedAnswers(options.answers ?? []),
    unrecorded: [],
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodedPath(url);
    const arrivedAt = performance.now();
    const seen: GoogleRequest = {
      method: request.method ?? '',
      path,
      query: [...url.searchParams].map((pair) => pair.join('=')).join('&'),
      body: '',
      api: null,
      at: clock.now().toISOString(),
      startedAt: machine(),
      endedAt: null,
      status: null,
    };
    requests.push(seen);
    seen.body = await bodyOf(request);
    const plan = planCall(standIn, {
      verb: seen.method,
      url,
      path,
      headers: request.headers,
      body: seen.body,
    });
    seen.api = plan.api;
    if (plan.hangs) return;
    if (plan.cutsOff) {
      response.destroy();
      return;
    }
    const { code, type, headers, body } = plan.answer();
    // An answer takes at least that long; what this one process needs to make many at once is no part of it.
    const left = latency - (performance.now() - arrivedAt);
    if (left > 0) await delay(left, undefined, { signal: closing.signal });
    seen.status = code;
    seen.endedAt = machine();
    const length = Buffer.byteLength(body);
    const date = clock.now().toUTCString();
    response.writeHead(code, { ...headers, 'content-type': type, 'content-length': length, date }).end(body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A call that its client gave up, or that closing cut off, was not wrong.
      const cutOff = closing.signal.aborted || !request.complete;
      if (!cutOff) standIn.refusals.push(`${request.method} ${request.url}: ${String(error)}`);
      response.destroy();
    });
  });
  origin = await listenOnLoopback(server);
  return {
    url: origin,
    requests,
    refusals: standIn.refusals,
    unrecorded: standIn.unrecorded,
    setLatency: (milliseconds) => {
      latency = milliseconds;
    },
    inject: (fault) => {
      const added: Fault = { path: '', ...fault };
      standIn.faults.unshift(added);
      return () => {
        standIn.faults = standIn.faults.filter((one) => one !== added);
      };
    },
    close: async () => {
      closing.abort();
      await shut(server);
    },
  };
}
