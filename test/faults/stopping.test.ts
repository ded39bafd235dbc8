import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectsOf } from './once.ts';
import { startHastyServer, startServer, type ServerProcess } from './server.ts';
import { openTown, type Asked, type Town } from './town.ts';

/** A server that is told to end while a `/status` is under way: nothing is lost, nothing comes twice, and it ends with 0. */

let town: Town;
let environment: Record<string, string>;
const running = new Set<ServerProcess>();
beforeEach(async () => {
  town = await openTown();
  environment = { ...town.variables, DATABASE_URL: join(town.dir, 'data') };
});
afterEach(async () => {
  await Promise.all([...running].map((server) => server.stop()));
  running.clear();
  await town.close();
});

/** So long the next start may take until all is done. */
const doneLimitMs = 30_000;
/** Two starts of a server, on a busy machine. */
const timeout = 180_000;
const configurationOf = { method: 'GET', pathIncludes: '/contents/' } as const;

async function start(starting: Promise<ServerProcess>): Promise<ServerProcess> {
  const server = await starting;
  running.add(server);
  return server;
}

async function stopped(server: ServerProcess, signal: 'SIGTERM' | 'SIGINT'): Promise<number | null> {
  const code = await server.stop(signal);
  running.delete(server);
  return code;
}

/** Asks for a `/status`, and waits until it is being carried out. */
async function underWay(server: ServerProcess): Promise<Asked> {
  const issue = await town.openIssue();
  const begun = Promise.withResolvers<void>();
  town.github.when(configurationOf, begun.resolve);
  const asked = await town.ask(issue, server.webhooks);
  await begun.promise;
  return asked;
}

/** What GitHub and the log say afterwards, when a fresh server has done what was left. */
async function settled(asked: readonly Asked[]) {
  const next = await start(startHastyServer(environment));
  await town.untilDone(
    asked.filter(({ acknowledged }) => acknowledged),
    doneLimitMs,
  );
  await stopped(next, 'SIGTERM');
  const { lost, doubled } = effectsOf(town, asked);
  return { lost, doubled, refusals: town.github.refusals };
}

const sound = { lost: [], doubled: [], refusals: [] };

/** Lines of warnings and errors. */
function complaints({ log }: ServerProcess): string[] {
  return log.filter((line) => /"level":(?:[4-6]0)/u.test(line));
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: what is under way is carried out before the process ends',
  { timeout },
  async (signal) => {
    const server = await start(startServer(environment));
    town.github.setLatency(50);
    const asked = await underWay(server);
    const before = town.github.requests.length;
    expect(await stopped(server, signal)).toBe(0);
    // The rest of the command was still read and written: its job was not cut off.
    expect(town.github.requests.length).toBeGreaterThan(before);
    expect(complaints(server)).toEqual([]);
    expect(await settled([asked])).toEqual(sound);
  },
);

test(
  'what does not end in time is handed back; meanwhile it is not ready, and takes nothing more',
  { timeout },
  async () => {
    const waits = { githubTimeoutMs: 60_000, settleMs: 300, graceMs: 2_000 };
    const server = await start(startHastyServer(environment, waits));
    const lift = town.github.inject({ kind: 'hang', ...configurationOf, times: Infinity });
    const asked = await underWay(server);
    const origin = new URL(server.webhooks).origin;
    const end = stopped(server, 'SIGTERM');
    expect(await untilStopping(origin)).toBe('not ready: stopping\n');
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    const late = await town.ask(await town.openIssue(), server.webhooks);
    expect(late.acknowledged).toBe(false);
    expect(await end).toBe(0);
    expect(complaints(server)).toEqual([]);
    lift();
    expect(town.answers(asked.issue)).toEqual([]);
    expect(await settled([asked, late])).toEqual(sound);
  },
);

/** The first answer of `/readyz` that is not 200; the test's own time ends it. */
async function untilStopping(origin: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${origin}/readyz`);
    const text = await answer.text();
    if (answer.status !== 200) return text;
    await pause(20);
  }
}
