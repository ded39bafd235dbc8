import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultKind } from '../../sandbox/github/types.ts';
import { effectsOf, type Effects } from './once.ts';
import { startFailingPostgres, type FailingPostgres } from './postgres.ts';
import type { Random } from './random.ts';
import { startHastyServer, type ServerProcess } from './server.ts';
import { openTown, type Town } from './town.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** A replica dies while it holds jobs: the other one takes them over, and nothing is done twice. */

let postgres: FailingPostgres;
beforeAll(async () => {
  postgres = await startFailingPostgres();
});
afterAll(() => postgres.close());

/** A process is taken for dead after ten seconds of silence, which is looked for every five. */
const takeOverLimitMs = 45_000;
const pollMs = 10;

/** Where the jobs stand when their replica dies; the requests get no answer. */
const holds = [
  { at: 'reading the configuration', method: 'GET', kind: 'hang' },
  { at: 'posting', method: 'POST', kind: 'hang' },
  { at: 'posted', method: 'POST', kind: 'commit-then-hang' },
] as const satisfies { at: string; method: 'GET' | 'POST'; kind: FaultKind }[];

interface LaneResult extends Effects {
  kills: number;
  slowestMs: number;
}

/** Commands on issues of their own, all held by one replica: the other is halted meanwhile. */
async function heldBy(town: Town, holder: ServerProcess, other: ServerProcess, random: Random) {
  const { github } = town;
  const { method, kind } = random.pick(holds);
  const issues = await Promise.all(Array.from({ length: 1 + random.below(6) }, () => town.openIssue()));
  const seen = github.requests.length;
  const isHeld = ({ path, method: asked }: { path: string; method: string }) =>
    asked === method &&
    (method === 'GET'
      ? path.includes('/contents/')
      : issues.some((issue) => path.includes(`/issues/${issue}/comments`)));
  if (method === 'GET') github.inject({ kind, pathIncludes: '/contents/', times: issues.length });
  else for (const issue of issues) github.inject({ kind, method, pathIncludes: `/issues/${issue}/comments` });
  other.halt();
  const asked = await Promise.all(issues.map((issue) => town.ask(issue, holder.webhooks)));
  const until = performance.now() + 30_000;
  while (github.requests.slice(seen).filter(isHeld).length < issues.length) {
    if (performance.now() > until)
      throw new Error(`the jobs were not taken: ${holder.log.slice(-20).join('\n')}`);
    await pause(pollMs);
  }
  return asked;
}

/** Its own stand-ins, database and replicas: a lane mostly waits until a dead process is noticed. */
async function killHolders(random: Random, wanted: number): Promise<LaneResult> {
  const town = await openTown();
  const environment = { ...town.variables, DATABASE_URL: await postgres.createDatabase() };
  let [holder, other] = await Promise.all([startHastyServer(environment), startHastyServer(environment)]);
  const asked = [];
  let slowestMs = 0;
  try {
    for (let trial = 0; trial < wanted; trial += 1) {
      const held = await heldBy(town, holder, other, random);
      asked.push(...held);
      holder.kill();
      other.goOn();
      const killedAt = performance.now();
      await holder.ended;
      [holder, other] = [other, await startHastyServer(environment)];
      await town.untilDone(held, takeOverLimitMs);
      slowestMs = Math.max(slowestMs, performance.now() - killedAt);
    }
    expect(town.github.refusals).toEqual([]);
    return { ...effectsOf(town, asked), kills: wanted, slowestMs };
  } finally {
    other.goOn();
    await Promise.all([holder.stop(), other.stop()]);
    await town.close();
  }
}

test(
  'a replica dies while it holds jobs: the other one carries them out, once',
  async () => {
    const random = seededRandom();
    const startedAt = performance.now();
    const lanes = trials({ bounded: 1, full: 4 });
    const each = trials({ bounded: 1, full: 50 });
    const results = await Promise.all(Array.from({ length: lanes }, () => killHolders(random.fork(), each)));
    const lost = results.flatMap((result) => result.lost);
    const doubled = results.flatMap((result) => result.doubled);
    const acknowledged = results.reduce((sum, result) => sum + result.acknowledged, 0);
    report('replica killed while it holds jobs', {
      kills: lanes * each,
      'jobs held': acknowledged,
      lost: lost.length,
      doubled: doubled.length,
      'slowest, s': Math.round(Math.max(...results.map(({ slowestMs }) => slowestMs)) / 1_000),
      'duration, s': Math.round((performance.now() - startedAt) / 1_000),
    });
    expect(acknowledged).toBeGreaterThanOrEqual(lanes * each);
    expect(lost).toEqual([]);
    expect(doubled).toEqual([]);
  },
  timeLimit(5_400_000),
);
