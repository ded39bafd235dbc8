import {
  judge,
  noTroubles,
  troubleKinds,
  troubleWords,
  type Signs,
  type Standings,
  type TroubleKind,
  type TroubleTimes,
} from '../core/troubles.ts';
import { hasStuckJobs, oldestJob } from '../queue/stuck.ts';
import { oldestDueCheckpoint, type CheckpointClock } from '../store/checkpoints.ts';
import type { Store } from '../store/open.ts';
import { endTroubles, notePastTrouble, noteTrouble } from '../store/troubles.ts';
import type { GitHubHealth } from './github-health.ts';
import type { Readiness } from './readiness.ts';
import { startSweeper } from './sweeper.ts';

export interface SelfWatchDeps {
  store: Store;
  readiness: Pick<Readiness, 'notReady'>;
  github: Pick<GitHubHealth, 'sign'>;
  /** Asks GitHub for an answer. */
  askGitHub(): Promise<void>;
  checkpointClock: CheckpointClock;
  /** Tells the operator's issue what is new; rejects where that cannot be done now. */
  tell(): Promise<void>;
  now: () => Date;
  /** Milliseconds that only grow. */
  clock: () => number;
  log: Record<'warn' | 'error', (fields: object, message: string) => void>;
}

/** How Sitrep watches itself. Milliseconds. */
export interface SelfWatchTimes extends TroubleTimes {
  everyMs: number;
  /** A promised update, and a job that is due, may be late by so much. */
  lateMs: number;
}

const selfWatchTimes: SelfWatchTimes = {
  everyMs: 10_000,
  patienceMs: 30_000,
  calmMs: 60_000,
  lateMs: 5 * 60_000,
};

/** What has no record while it lasts: it is told of when it is over. */
const onlyWhenOver: ReadonlySet<TroubleKind> = new Set(['database']);

export interface SelfWatch {
  /** The troubles that this process sees. */
  open(): readonly TroubleKind[];
  stop(): Promise<void>;
}

/**
 * Looks after Sitrep itself: the log has one line when a trouble begins and one when it is over, and the record has it for
 * all processes together, by which the operator's issue is told once.
 */
export function startSelfWatch(deps: SelfWatchDeps, times: SelfWatchTimes = selfWatchTimes): SelfWatch {
  let standings = noTroubles;
  const sweeper = startSweeper(
    times.everyMs,
    async () => {
      if (standings.github.openSince !== null) await deps.askGitHub();
      const signs = await signsOf(deps, times);
      const turn = judge(standings, signs, deps.clock(), times);
      standings = turn.standings;
      for (const { kind, since } of turn.began) {
        const fields = { trouble: kind, since: timeOf(deps, since) };
        deps.log.error(fields, `trouble: ${troubleWords[kind].begun}`);
      }
      for (const { kind, since, until } of turn.ended) {
        const fields = { trouble: kind, since: timeOf(deps, since), until: timeOf(deps, until) };
        deps.log.warn({ ...fields, over: true }, `trouble is over: ${troubleWords[kind].over}`);
      }
      if (signs.database !== 'well') return;
      await record(deps, times, standings, turn.ended);
      await deps.tell();
    },
    // What is in the way is a trouble itself, and told as that; else it is tried again at the next look.
    (error) => deps.log.warn({ err: error }, 'troubles could not be recorded or told; it is tried again'),
  );
  return {
    open: () => troubleKinds.filter((kind) => standings[kind].openSince !== null),
    stop: () => sweeper.stop(),
  };
}

/** The time of day at a time of the clock that only grows. */
function timeOf({ now, clock }: SelfWatchDeps, at: number): string {
  return new Date(now().getTime() - (clock() - at)).toISOString();
}

async function signsOf(deps: SelfWatchDeps, { lateMs }: SelfWatchTimes): Promise<Signs> {
  const { store, checkpointClock } = deps;
  const failing = await deps.readiness.notReady();
  const github = deps.github.sign();
  // What stops is not watched any more.
  if (failing.includes('stopping'))
    return { database: 'unknown', queue: 'unknown', checkpoints: 'unknown', github: 'unknown' };
  if (failing.includes('database'))
    return { database: 'wrong', queue: 'unknown', checkpoints: 'unknown', github };
  try {
    const isStuck = failing.includes('queue') || (await hasStuckJobs(store, lateMs));
    const lateBy = Math.max(
      await oldestDueCheckpoint(store.db, checkpointClock),
      await oldestJob(store, 'checkpoints', 'kind'),
    );
    return {
      database: 'well',
      queue: isStuck ? 'wrong' : 'well',
      checkpoints: lateBy > lateMs ? 'wrong' : 'well',
      github,
    };
  } catch {
    // The next look at the database says what it is.
    return { database: 'unknown', queue: 'unknown', checkpoints: 'unknown', github };
  }
}

/** Brings the record up to what this process sees. */
async function record(
  { store: { db }, clock }: SelfWatchDeps,
  { everyMs }: SelfWatchTimes,
  standings: Standings,
  ended: readonly { kind: TroubleKind; since: number; until: number }[],
): Promise<void> {
  const recorded = troubleKinds.filter((kind) => !onlyWhenOver.has(kind));
  for (const kind of recorded) {
    const { openSince } = standings[kind];
    if (openSince !== null) await noteTrouble(db, kind, clock() - openSince);
  }
  const well = recorded.filter(
    (kind) => standings[kind].openSince === null && standings[kind].wellSince !== null,
  );
  // Who sees one notes it at each look.
  await endTroubles(db, well, everyMs * 3);
  for (const { kind, since, until } of ended)
    if (onlyWhenOver.has(kind))
      await notePastTrouble(db, kind, { beganMs: clock() - since, endedMs: clock() - until });
}
