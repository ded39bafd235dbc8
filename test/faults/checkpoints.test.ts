import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { frozenClock, runningClock } from '../../sandbox/clock.ts';
import { engines } from '../store/engines.ts';
import { startApp, type App } from './app.ts';
import type { Random } from './random.ts';
import { openTown, type Asked, type Town } from './town.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** Promised updates under replicas that race for them, clocks that jump, and machines that sleep: each comes once. */

const minute = 60_000;
const hour = 60 * minute;

const { all, stop } = engines();
afterAll(stop);

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function startAt(town: Town, database: string, now = () => town.clock.now()): Promise<App> {
  const app = await startApp(town, database, { now, checkpointClock: () => town.clock.now(), settleMs: 300 });
  open.push({ close: () => app.stop() });
  return app;
}

async function openAt(start: Date): Promise<Town> {
  const town = await openTown({ clock: frozenClock(start), checkpoints: '[2h, 4h, 8h]' });
  open.push(town);
  return town;
}

/** Incidents that begin now, with an update each. */
async function declare(town: Town, app: App, count: number): Promise<Asked[]> {
  const issues = await Promise.all(Array.from({ length: count }, () => town.openIssue(['incident'])));
  const asked = await Promise.all(issues.map((issue) => town.ask(issue, app.webhooks)));
  await app.rest();
  expect(asked.filter((one) => !town.isDone(one))).toEqual([]);
  return asked;
}

/** The lines by which the checkpoints on an issue say what they are: `21:15 UTC · 4 h checkpoint, 3 min late`. */
function checkpointsOn(town: Town, issue: number): string[] {
  return town.answers(issue).flatMap((body) => /^\*\*(.* checkpoint.*?)\*\*/mu.exec(body)?.[1] ?? []);
}

function kindOf(line: string): string {
  return /(\S+ \S+) checkpoint/u.exec(line)?.[1] ?? line;
}

test(
  'two replicas race for a checkpoint: it comes once',
  async () => {
    const postgres = all.find(({ name }) => name === 'PostgreSQL');
    const database = await postgres?.create();
    open.push({ close: async () => database?.drop() });
    const town = await openAt(new Date('2025-09-15T18:05:00Z'));
    const url = database?.url ?? '';
    const apps = [await startAt(town, url), await startAt(town, url)];
    const [first] = apps;
    if (first === undefined) throw new Error('no server');
    const incidents = trials({ bounded: 4, full: 10 });
    const rounds = trials({ bounded: 1, full: 20 });
    const asked = await declare(town, first, incidents);
    // 2 h, 4 h, 8 h, then every four hours: all incidents are due at the same moment, in both replicas.
    for (let round = 0; round < rounds; round += 1) {
      town.clock.advance(round < 2 ? 2 * hour : 4 * hour);
      await Promise.all(apps.map((app) => app.rest()));
      const come = asked.map(({ issue }) => checkpointsOn(town, issue).length);
      expect(come).toEqual(Array.from({ length: incidents }, () => round + 1));
    }
    report('two replicas race for a checkpoint', { trials: rounds * incidents, doubled: 0, missing: 0 });
    for (const { issue } of asked) {
      const kinds = checkpointsOn(town, issue).map(kindOf);
      expect(new Set(kinds).size).toBe(kinds.length);
    }
    expect(town.github.refusals).toEqual([]);
  },
  timeLimit(1_800_000),
);

test.each([{ wrongBy: [hour, -hour] }].filter(() => trials({ bounded: 0, full: 1 }) > 0))(
  'replicas whose own clocks are an hour wrong, one each way, post it once, when the database says so',
  async ({ wrongBy }) => {
    const postgres = all.find(({ name }) => name === 'PostgreSQL');
    const database = await postgres?.create();
    open.push({ close: async () => database?.drop() });
    const soonMs = 40_000;
    // The incidents were declared two hours ago but for a moment.
    const clock = runningClock(new Date(Date.now() - 2 * hour + soonMs), Date.now);
    const town = await openTown({ clock, checkpoints: '[2h, 4h, 8h]' });
    open.push(town);
    const issues = await Promise.all(Array.from({ length: 10 }, () => town.openIssue(['incident'])));
    clock.advance(2 * hour - soonMs);
    const apps: App[] = [];
    for (const wrong of wrongBy) {
      const app = await startApp(town, database?.url ?? '', { now: () => new Date(Date.now() + wrong) });
      open.push({ close: () => app.stop() });
      apps.push(app);
    }
    const asked = await Promise.all(
      issues.map((issue, index) => town.ask(issue, apps[index % 2]?.webhooks ?? '')),
    );
    await town.untilDone(asked, soonMs);
    await vi.waitFor(
      () => expect(issues.map((issue) => checkpointsOn(town, issue).length)).not.toContain(0),
      { timeout: 2 * soonMs, interval: 100 },
    );
    await Promise.all(apps.map((app) => app.rest()));
    const come = issues.map((issue) => checkpointsOn(town, issue).map(kindOf));
    report('replicas whose clocks are an hour wrong', { trials: issues.length });
    expect(come).toEqual(issues.map(() => ['2 h']));
  },
  timeLimit(300_000),
);

/** Places and nights in which the hands of the clock are moved, an hour or half of one, either way. */
const nights = [
  { zone: 'Europe/Berlin', start: '2025-10-25T23:20:00Z' },
  { zone: 'Europe/Berlin', start: '2026-03-29T00:10:00Z' },
  { zone: 'America/New_York', start: '2025-11-02T04:40:00Z' },
  { zone: 'Australia/Lord_Howe', start: '2025-10-04T14:00:00Z' },
] as const;

interface Leap {
  how: string;
  counts: { bounded: number; full: number };
  /** How the clocks move on, step by step; the sum lies beyond the 8 h checkpoint. */
  steps: (random: Random) => number[];
}

const leaps: Leap[] = [
  {
    how: 'in small steps',
    counts: { bounded: 0, full: 20 },
    steps: () => Array.from({ length: 18 }, () => hour / 2),
  },
  {
    how: 'an hour ahead, and back again',
    counts: { bounded: 1, full: 20 },
    steps: (random) => {
      const before = (1 + random.below(110)) * minute;
      return [before, hour, -hour, 2 * hour - before + minute, hour, -hour, 2 * hour, hour, -hour, 4 * hour];
    },
  },
  {
    how: 'an hour back, and ahead again',
    counts: { bounded: 1, full: 20 },
    steps: (random) => {
      const after = (121 + random.below(50)) * minute;
      return [after, -hour, hour, 2 * hour, -hour, hour, 4 * hour, -hour, hour];
    },
  },
  { how: 'after a sleep of nine hours', counts: { bounded: 1, full: 20 }, steps: () => [9 * hour] },
  {
    how: 'after two sleeps',
    counts: { bounded: 0, full: 20 },
    steps: (random) => [(125 + random.below(60)) * minute, 7 * hour],
  },
];

describe('a checkpoint comes once, and says so where it is late', () => {
  test.each(leaps.filter(({ counts }) => trials(counts) > 0))(
    'the clock moves $how',
    async ({ how, counts, steps }) => {
      const random = seededRandom();
      const wanted = trials(counts);
      let come = 0;
      for (let trial = 0; trial < wanted; trial += 1) {
        const night = random.pick(nights);
        vi.stubEnv('TZ', night.zone);
        const town = await openAt(new Date(night.start));
        const app = await startAt(town, 'memory:');
        const [asked] = await declare(town, app, 1);
        const declaredAt = town.clock.now().getTime();
        for (const step of steps(random)) {
          const before = checkpointsOn(town, asked?.issue ?? 0).length;
          town.clock.advance(step);
          await app.rest();
          const lines = checkpointsOn(town, asked?.issue ?? 0).slice(before);
          for (const line of lines) demandPunctual(line, town.clock.now().getTime() - declaredAt);
          expect(lines.length, `${how}: ${lines.join('; ')}`).toBeLessThanOrEqual(1);
          come += lines.length;
        }
        const kinds = checkpointsOn(town, asked?.issue ?? 0).map(kindOf);
        expect(new Set(kinds).size, kinds.join()).toBe(kinds.length);
        // Whatever the way there, the last promise was kept.
        expect(kinds.at(-1)).toBe('8 h');
        for (const one of open.splice(0).toReversed()) await one.close();
      }
      report(`clock moves ${how}`, { trials: wanted, checkpoints: come, doubled: 0 });
    },
    timeLimit(1_800_000),
  );
});

const lateness = /checkpoint(?:, (?:(\d+) h)? ?(?:(\d+) min)? late)?/u;

/** A checkpoint tells by how much it is late, to the minute, where that is more than a minute. */
function demandPunctual(line: string, elapsedMs: number): void {
  const distance = Number.parseInt(kindOf(line), 10) * hour;
  const [, hours = '0', minutes = '0'] = lateness.exec(line) ?? [];
  const told = Number(hours) * hour + Number(minutes) * minute;
  const late = elapsedMs - distance;
  expect(late, line).toBeGreaterThanOrEqual(0);
  expect(told, `${line}, late by ${String(late / minute)} min`).toBe(late > minute ? late : 0);
}
