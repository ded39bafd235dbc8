import { setTimeout as pause } from 'node:timers/promises';
import type { AwaitedRequest } from '../../sandbox/github/types.ts';
import type { Random } from './random.ts';
import type { ServerProcess } from './server.ts';
import type { Asked, Town } from './town.ts';

/** Kills servers at random moments while they work on commands, starts them again, and waits for what was promised. */

export interface KillPlan {
  town: Town;
  random: Random;
  /** Kills that count: those that fell while something that was acknowledged was not yet done. */
  trials: number;
  /** Servers on one database. */
  replicas: number;
  start: () => Promise<ServerProcess>;
  /** Within this after the restart all that was acknowledged is done, ms. */
  recoveryLimitMs: number;
}

export interface KillTally {
  kills: number;
  /** Kills while something acknowledged had no comment yet. */
  beforeComment: number;
  /** Kills while a comment was being posted, or was out and the server had not finished with it. One may be both. */
  beforeRecord: number;
  /** Kills that found nothing to do: they prove nothing and do not count as trials. */
  idle: number;
  /** The longest that the rest took after a restart, ms. */
  slowestRecoveryMs: number;
  asked: Asked[];
}

/** Kills until enough of the kills count; the servers that run at the end are stopped in order. */
export async function killRepeatedly(plan: KillPlan): Promise<KillTally> {
  const { town, trials, replicas, start } = plan;
  const tally: KillTally = {
    kills: 0,
    beforeComment: 0,
    beforeRecord: 0,
    idle: 0,
    slowestRecoveryMs: 0,
    asked: [],
  };
  const servers: ServerProcess[] = await Promise.all(Array.from({ length: replicas }, start));
  try {
    const workMs = await timeOfWork(town, servers, tally);
    while (tally.kills - tally.idle < trials && tally.kills < 3 * trials) {
      await killOnce(plan, servers, workMs, tally);
    }
  } catch (error) {
    throw new Error(`after ${String(tally.kills)} kills; ${logsOf(servers)}`, { cause: error });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  return tally;
}

/** How long some commands take from the first word to the last 🚀 when nothing is killed, ms. */
async function timeOfWork(town: Town, servers: ServerProcess[], tally: KillTally): Promise<number> {
  for (let round = 0; ; round += 1) {
    const startedAt = performance.now();
    const issues = await Promise.all([1, 2, 3, 4].map(() => town.openIssue()));
    const asked = await Promise.all(
      issues.map((issue, index) => town.ask(issue, servers[index % servers.length]?.webhooks ?? '')),
    );
    await town.untilDone(asked, 60_000);
    tally.asked.push(...asked);
    // The first round loads the packages that are loaded at first use.
    if (round > 0) return performance.now() - startedAt;
  }
}

async function killOnce(
  { town, random, start, recoveryLimitMs }: KillPlan,
  servers: ServerProcess[],
  workMs: number,
  tally: KillTally,
): Promise<void> {
  const issues = await Promise.all(Array.from({ length: 3 + random.below(3) }, () => town.openIssue()));
  // One issue has a second command, which has an answer of its own: they run one after the other.
  const targets = [
    ...issues.map((issue) => ({ issue, body: '/status' })),
    { issue: random.pick(issues), body: '/sitrep help' },
  ];
  const victims = random.chance(0.6)
    ? [random.below(servers.length)]
    : servers.map((_server, index) => index);
  const kill = Promise.withResolvers<void>();
  const acknowledged = new Set<Asked>();
  const moment = momentToKill(random, issues, workMs);
  const strike = (): void => {
    for (const victim of victims) servers[victim]?.kill();
    count(tally, stateOf(town, acknowledged), moment.kind);
    kill.resolve();
  };
  if (moment.kind === 'request') town.github.when(moment.request, strike);

  const asking = targets.map(async ({ issue, body }) => {
    const server = random.pick(servers);
    await pause(random.fraction() * workMs * 0.5);
    const asked = await town.ask(issue, server.webhooks, body);
    if (asked.acknowledged) acknowledged.add(asked);
    if (asked.acknowledged && acknowledged.size === 1 && moment.kind === 'time')
      setTimeout(strike, moment.afterMs);
    return asked;
  });
  const asked = await Promise.all(asking);
  await kill.promise;
  await Promise.all(servers.filter((_server, index) => victims.includes(index)).map(({ ended }) => ended));
  tally.asked.push(...asked);

  const restartedAt = performance.now();
  await Promise.all(
    victims.map(async (victim) => {
      servers[victim] = await start();
    }),
  );
  await town.untilDone([...acknowledged], recoveryLimitMs);
  tally.slowestRecoveryMs = Math.max(tally.slowestRecoveryMs, performance.now() - restartedAt);
}

type Moment = { kind: 'time'; afterMs: number } | { kind: 'request'; request: AwaitedRequest };

/** By the clock, anywhere in the work; or when a certain comment arrives, before or after GitHub has taken it. */
function momentToKill(random: Random, issues: readonly number[], workMs: number): Moment {
  if (random.chance(0.6)) return { kind: 'time', afterMs: random.fraction() * workMs };
  const pathIncludes = `/issues/${String(random.pick(issues))}/comments`;
  const moment = random.pick(['arrived', 'done'] as const);
  return { kind: 'request', request: { method: 'POST', pathIncludes, moment } };
}

interface State {
  /** Something acknowledged has no comment yet. */
  waits: boolean;
  /** Something has its comment and not its 🚀. */
  unsettled: boolean;
}

function stateOf(town: Town, acknowledged: ReadonlySet<Asked>): State {
  const open = Map.groupBy(acknowledged, ({ issue }) => issue)
    .entries()
    .map(([issue, commands]) => ({
      comments: town.answers(issue).length,
      commands: commands.length,
      done: commands.filter((asked) => town.isDone(asked)).length,
    }))
    .toArray();
  return {
    waits: open.some(({ comments, commands }) => comments < commands),
    unsettled: open.some(({ comments, done }) => comments > done),
  };
}

function count(tally: KillTally, { waits, unsettled }: State, moment: Moment['kind']): void {
  tally.kills += 1;
  const posting = unsettled || moment === 'request';
  if (waits) tally.beforeComment += 1;
  if (posting) tally.beforeRecord += 1;
  if (!waits && !posting) tally.idle += 1;
}

function logsOf(servers: readonly ServerProcess[]): string {
  return servers
    .map(({ log }, index) => `log of server ${String(index)}:\n${log.slice(-60).join('\n')}`)
    .join('\n');
}
