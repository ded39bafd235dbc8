import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { killHolders } from './hold.ts';
import { killRepeatedly, type KillTally } from './kill.ts';
import { effectsOf, type Effects } from './once.ts';
import { startFailingPostgres, type FailingPostgres } from './postgres.ts';
import type { Random } from './random.ts';
import { startHastyServer, startServer } from './server.ts';
import { damageIn } from './sound.ts';
import { openTown, type Town } from './town.ts';
import { report, seededRandom, testSideBySide, timeLimit, trials } from './trials.ts';

/** Servers that are killed at any moment between a delivery and its comment, and started again or left dead. */

let postgres: FailingPostgres | null = null;
beforeAll(async () => {
  postgres = await startFailingPostgres();
});
afterAll(async () => postgres?.close());

interface Arrangement {
  engine: string;
  replicas: number;
  databaseFor(town: Town): Promise<string>;
  /** What is damaged in the database when all servers are stopped. */
  damage(database: string): Promise<string[]>;
  /** Lanes side by side, each with stand-ins, database and servers of its own: trials with short waits. */
  short: { bounded: number; full: number }[];
  /** One lane more, with the waits that `sitrep start` has. */
  own: { bounded: number; full: number };
}

const arrangements: Arrangement[] = [
  {
    engine: 'the embedded database',
    replicas: 1,
    databaseFor: (town) => Promise.resolve(join(town.dir, 'data')),
    damage: damageIn,
    short: [
      { bounded: 2, full: 90 },
      { bounded: 0, full: 90 },
    ],
    own: { bounded: 0, full: 20 },
  },
  {
    engine: 'PostgreSQL with two replicas',
    replicas: 2,
    databaseFor: async () => (await postgres?.createDatabase()) ?? '',
    damage: () => Promise.resolve([]),
    // It takes ten seconds to notice that a process is dead: the lanes use that time.
    short: [
      { bounded: 1, full: 60 },
      { bounded: 0, full: 60 },
      { bounded: 0, full: 60 },
    ],
    own: { bounded: 0, full: 20 },
  },
];

type LaneResult = KillTally & Effects & { refusals: string[]; damage: string[] };

async function lane(
  { replicas, databaseFor, damage }: Pick<Arrangement, 'replicas' | 'databaseFor' | 'damage'>,
  wanted: number,
  start: typeof startServer,
  random: Random,
): Promise<LaneResult> {
  const town = await openTown();
  try {
    const database = await databaseFor(town);
    const environment = { ...town.variables, DATABASE_URL: database };
    const tally = await killRepeatedly({
      town,
      random,
      trials: wanted,
      replicas,
      start: () => start(environment),
      recoveryLimitMs: 90_000,
    });
    return {
      ...tally,
      ...effectsOf(town, tally.asked),
      refusals: town.github.refusals,
      damage: await damage(database),
    };
  } finally {
    await town.close();
  }
}

testSideBySide.for(arrangements)(
  'killed on $engine: every acknowledged command has exactly one comment',
  { timeout: timeLimit(5_400_000) },
  async ({ engine, short, own, ...arrangement }, context) => {
    const random = seededRandom(context);
    const startedAt = performance.now();
    const lanes = [
      ...short.map((counts) => ({ wanted: trials(counts), start: startHastyServer })),
      { wanted: trials(own), start: startServer },
    ].filter(({ wanted }) => wanted > 0);
    const results = await Promise.all(
      lanes.map(({ wanted, start }) => lane(arrangement, wanted, start, random.fork())),
    );
    const sum = (pick: (result: LaneResult) => number) => results.map(pick).reduce((a, b) => a + b, 0);
    const lost = results.flatMap((result) => result.lost);
    const doubled = results.flatMap((result) => result.doubled);
    report(`killed on ${engine}`, {
      kills: sum(({ kills }) => kills),
      'before the comment': sum(({ beforeComment }) => beforeComment),
      'while it was posted or recorded': sum(({ beforeRecord }) => beforeRecord),
      idle: sum(({ idle }) => idle),
      acknowledged: sum(({ acknowledged }) => acknowledged),
      lost: lost.length,
      doubled: doubled.length,
      'slowest recovery, s': Math.round(
        Math.max(...results.map((result) => result.slowestRecoveryMs)) / 1_000,
      ),
      'duration, s': Math.round((performance.now() - startedAt) / 1_000),
    });
    expect(lost).toEqual([]);
    expect(doubled).toEqual([]);
    expect(sum(({ kills, idle }) => kills - idle)).toBe(lanes.reduce((all, { wanted }) => all + wanted, 0));
    expect(results.flatMap(({ refusals }) => refusals)).toEqual([]);
    expect(results.flatMap(({ damage }) => damage)).toEqual([]);
  },
);

testSideBySide(
  'a replica dies while it holds jobs: the other one carries them out, once',
  { timeout: timeLimit(5_400_000) },
  async (context) => {
    const random = seededRandom(context);
    const startedAt = performance.now();
    const lanes = Array.from({ length: trials({ bounded: 1, full: 4 }) }, () => random.fork());
    const each = trials({ bounded: 1, full: 50 });
    const results = await Promise.all(
      lanes.map(async (own) => killHolders((await postgres?.createDatabase()) ?? '', own, each)),
    );
    const lost = results.flatMap((result) => result.lost);
    const doubled = results.flatMap((result) => result.doubled);
    const acknowledged = results.reduce((sum, result) => sum + result.acknowledged, 0);
    report('replica killed while it holds jobs', {
      kills: lanes.length * each,
      'jobs held': acknowledged,
      lost: lost.length,
      doubled: doubled.length,
      'slowest, s': Math.round(Math.max(...results.map(({ slowestMs }) => slowestMs)) / 1_000),
      'duration, s': Math.round((performance.now() - startedAt) / 1_000),
    });
    expect(acknowledged).toBeGreaterThanOrEqual(lanes.length * each);
    expect(lost).toEqual([]);
    expect(doubled).toEqual([]);
    expect(results.flatMap(({ refusals }) => refusals)).toEqual([]);
  },
);
