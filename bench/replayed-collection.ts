import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { frozenClock } from '../sandbox/clock.ts';
import { startGoogle } from '../sandbox/google/server.ts';
import { collect, type CollectDeps } from '../src/collectors/collect.ts';
import { createGoogleAccess } from '../src/collectors/google-access.ts';
import { ownReads } from '../src/collectors/own-reads.ts';
import { createProbe } from '../src/collectors/probe.ts';
import { createRedactor } from '../src/collectors/redact.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { endpointOrigin, manyComponents, noon } from './many-components.ts';
import { plenty } from './plenty.ts';

/** A collection of many components, whose upstream answers were recorded from the stand-in and are given again. */
export interface ReplayedCollection {
  /** Collects once; everything is asked anew, but for the token. */
  collect(): Promise<{ snapshot: Snapshot; ms: number }>;
  /** A bare client asks the longest chain of requests of which each needs the one before, and nothing else. */
  chain(): Promise<{ requests: number; ms: number }>;
  /** Requests of Google in one collection. */
  requests: number;
  setLatency(milliseconds: number): Promise<void>;
  /** Requests whose path contains one of these are never answered. */
  hang(parts: string[]): Promise<void>;
  stop(): void;
}

interface Recorded {
  method: string;
  /** With its query. */
  path: string;
  body: string;
  answer: string;
}

const base: Omit<CollectDeps, 'google' | 'probe' | 'probeSocket'> = {
  grants: { project: () => true, endpoint: () => true },
  now: () => noon,
  redact: createRedactor(),
};
const endpoints: Pick<CollectDeps, 'probe' | 'probeSocket'> = {
  probe: () =>
    Promise.resolve({
      status: 200,
      latencyMs: 1,
      redirect: null,
      addresses: [],
      certificate: null,
      contains: null,
    }),
  probeSocket: () => Promise.reject(new Error('no component is a WebSocket')),
};
const portAnswer = z.object({ port: z.number() });

/** Records what the stand-in answers to a collection of so many components, and starts the process that replays it. */
export async function replayedCollection(components: number): Promise<ReplayedCollection> {
  const { scenario, configuration } = manyComponents(components);
  const standIn = await startGoogle({ scenario, clock: frozenClock(noon) });
  const recorded: Recorded[] = [];
  try {
    const google = createGoogleAccess({ endpoint: standIn.url, fetch: recording(recorded) });
    // As long as the stand-in takes: what is recorded is all that may be asked.
    const times = { budgetMs: 120_000, collectorMs: 120_000 };
    const { gaps } = await collect({ configuration, ...times }, { ...base, google, ...endpoints });
    const failed = gaps.find(({ reason }) => reason !== 'no-data');
    if (failed !== undefined) throw new Error(`the recording failed: ${failed.detail}`);
  } finally {
    await standIn.close();
  }

  const child = fork(fileURLToPath(new URL('replay-server.ts', import.meta.url)));
  await once(child, 'message');
  const tell = async (order: object): Promise<number> => {
    const heard = once(child, 'message');
    child.send(order);
    return portAnswer.parse((await heard)[0]).port;
  };
  const answers = recorded.map(({ method, path, body, answer }) => [`${method} ${path} ${body}`, answer]);
  const url = `http://127.0.0.1:${String(await tell({ answers }))}`;
  const google = createGoogleAccess({
    endpoint: url,
    sharing: { shared: ownReads({ now: base.now, perMinute: plenty }), now: base.now, keptMs: 0 },
  });
  const deps = { ...base, ...endpoints, google, probe: createProbe({ map: { [endpointOrigin]: url } }) };
  const longest = longestChain(recorded);
  return {
    requests: recorded.length,
    async collect() {
      const from = performance.now();
      const snapshot = await collect({ configuration }, deps);
      return { snapshot, ms: performance.now() - from };
    },
    async chain() {
      const from = performance.now();
      for (const { method, path, body } of longest) {
        const headers = { authorization: 'Bearer t', 'content-type': 'application/json' };
        const answer = await fetch(url + path, { method, headers, ...(body === '' ? {} : { body }) });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`the baseline was answered ${String(answer.status)}`);
      }
      return { requests: longest.length, ms: performance.now() - from };
    },
    setLatency: async (latencyMs) => void (await tell({ latencyMs })),
    hang: async (hanging) => void (await tell({ hanging })),
    stop: () => void child.kill(),
  };
}

function recording(recorded: Recorded[]): typeof fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const answer = await fetch(input, init);
    const text = await answer.text();
    const body = typeof init?.body === 'string' ? init.body : '';
    if (pathname !== '/token')
      recorded.push({ method: init?.method ?? 'GET', path: pathname + search, body, answer: text });
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
}

/** The pages of one list are the only requests of which each needs the one before: the list with the most of them. */
function longestChain(recorded: readonly Recorded[]): Recorded[] {
  const lists = Map.groupBy(recorded, ({ method, path, body }) =>
    JSON.stringify([
      method,
      path.replace(/[?&]pageToken=[^&]*/, ''),
      body.replace(/,"pageToken":"[^"]*"/, ''),
    ]),
  );
  return [...lists.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
}
