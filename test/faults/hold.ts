import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind } from '../../sandbox/github/types.ts';
import { effectsOf, type Effects } from './once.ts';
import type { Random } from './random.ts';
import { startHastyServer, type ServerProcess } from './server.ts';
import { openTown, type Asked, type Town } from './town.ts';

/** Kills replicas while they hold jobs, and waits until the other one has carried them out. */

/** A process is taken for dead after ten seconds of silence, which is looked for every five. */
const takeOverLimitMs = 45_000;
const pollMs = 10;

/** Where the jobs stand when their replica dies; the requests get no answer. */
const holds = [
  { at: 'reading the configuration', method: 'GET', kind: 'hang' },
  { at: 'posting', method: 'POST', kind: 'hang' },
  { at: 'posted', method: 'POST', kind: 'commit-then-hang' },
] as const satisfies { at: string; method: 'GET' | 'POST'; kind: FaultKind }[];

/** What became of the jobs that dead replicas held. */
export interface HeldEffects extends Effects {
  /** The longest that the other replica took, ms. */
  slowestMs: number;
  refusals: string[];
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

/** Two replicas on a database of their own: again and again the one that holds all jobs dies, and is replaced. */
export async function killHolders(database: string, random: Random, wanted: number): Promise<HeldEffects> {
  const town = await openTown();
  const environment = { ...town.variables, DATABASE_URL: database };
  let [holder, other] = await Promise.all([startHastyServer(environment), startHastyServer(environment)]);
  const asked: Asked[] = [];
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
    return { ...effectsOf(town, asked), slowestMs, refusals: town.github.refusals };
  } finally {
    other.goOn();
    await Promise.all([holder.stop(), other.stop()]);
    await town.close();
  }
}
