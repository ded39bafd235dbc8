import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { effectsOf } from './once.ts';
import { startFailingPostgres, type FailingPostgres } from './postgres.ts';
import type { Random } from './random.ts';
import { startHastyServer, type ServerProcess } from './server.ts';
import { openTown, type Asked, type Town } from './town.ts';
import { report, seededRandom, timeLimit, trials } from './trials.ts';

/** PostgreSQL goes away and comes back while commands are carried out; the server stays as it is. */

let postgres: FailingPostgres;
let town: Town;
let server: ServerProcess;
let database: string;
beforeAll(async () => {
  postgres = await startFailingPostgres();
  town = await openTown();
  database = await postgres.createDatabase();
  // How long a posting has to be looked for, where a connection broke over it, is not PostgreSQL's doing.
  const waits = { githubTimeoutMs: 10_000, settleMs: 300 };
  server = await startHastyServer({ ...town.variables, DATABASE_URL: database }, waits);
  await carriedOut(await askSeveral(2), 60_000);
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  await town.close();
  await postgres.close();
});

/** What the server must do within this time of PostgreSQL's return: take deliveries, and finish those that it took. */
const recoveryMs = 10_000;

/** How long it is away at the longest. */
const longestAwayMs = 6_000;

async function askSeveral(count: number): Promise<Asked[]> {
  const issues = await Promise.all(Array.from({ length: count }, () => town.openIssue()));
  return Promise.all(issues.map((issue) => town.ask(issue, server.webhooks)));
}

function carriedOut(asked: readonly Asked[], limitMs: number): Promise<void> {
  return town.untilDone(
    asked.filter(({ acknowledged }) => acknowledged),
    limitMs,
  );
}

interface Outcome {
  asked: Asked[];
  /** Acknowledged and not done when PostgreSQL went. */
  underWay: number;
  recoveredMs: number;
}

/** Commands come before, while and after PostgreSQL is away. */
async function oneTrial(
  random: Random,
  goAway: () => Promise<void>,
  comeBack: () => Promise<void>,
): Promise<Outcome> {
  const before: Asked[] = [];
  const asking = askSeveral(3).then((asked) => before.push(...asked));
  await pause(random.fraction() * 800);
  await goAway();
  await asking;
  const underWay = before.filter((one) => one.acknowledged && !town.isDone(one)).length;
  const meanwhile = askSeveral(2);
  await pause(random.fraction() * longestAwayMs);
  await comeBack();
  const returnedAt = performance.now();
  const answered = await meanwhile;
  await carriedOut([...before, ...answered], recoveryMs);
  const after = await askAgain(returnedAt + recoveryMs);
  await carriedOut(after, Math.max(0, returnedAt + recoveryMs - performance.now()));
  return { asked: [...before, ...answered, ...after], underWay, recoveredMs: performance.now() - returnedAt };
}

/** New commands are taken again before `until`; gives those that were refused as well. */
async function askAgain(until: number): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (;;) {
    const [one] = await askSeveral(1);
    if (one !== undefined) asked.push(one);
    if (one?.acknowledged === true) return asked;
    if (performance.now() > until) throw new Error('deliveries are not taken again');
    await pause(100);
  }
}

function tell(row: string, outcomes: readonly Outcome[], refused: number): void {
  const slowest = Math.max(...outcomes.map(({ recoveredMs }) => recoveredMs));
  const { acknowledged, lost, doubled } = effectsOf(
    town,
    outcomes.flatMap(({ asked }) => asked),
  );
  report(row, {
    trials: outcomes.length,
    'with a command under way': outcomes.filter(({ underWay }) => underWay > 0).length,
    acknowledged,
    refused,
    lost: lost.length,
    doubled: doubled.length,
    'slowest recovery, ms': Math.round(slowest),
  });
}

test.each([
  {
    how: 'stopped and started',
    counts: { bounded: 2, full: 50 },
    trial: (random: Random) =>
      oneTrial(
        random,
        () => postgres.stop(random.pick(['fast', 'immediate'])),
        () => postgres.start(),
      ),
  },
  {
    how: 'its connections cut',
    counts: { bounded: 2, full: 50 },
    trial: (random: Random) =>
      oneTrial(
        random,
        async () => void (await postgres.cutConnections(database)),
        async () => void (await postgres.cutConnections(database)),
      ),
  },
])(
  'PostgreSQL $how: nothing is lost, and all goes on within 10 s of its return',
  async ({ how, counts, trial }) => {
    const random = seededRandom();
    const outcomes: Outcome[] = [];
    while (outcomes.length < trials(counts)) outcomes.push(await trial(random));
    const asked = outcomes.flatMap((outcome) => outcome.asked);
    const refused = asked.filter(({ acknowledged }) => !acknowledged);
    tell(`PostgreSQL ${how}`, outcomes, refused.length);
    const { lost, doubled } = effectsOf(town, asked);
    expect(lost).toEqual([]);
    expect(doubled).toEqual([]);
    // Refused in time, so that GitHub shows it as failed and it can be sent again; what it sent again was taken.
    const deliveries = town.github.deliveries.filter(({ guid }) => refused.some((one) => one.guid === guid));
    expect(deliveries.filter(({ status }) => status !== 503 && status !== 202)).toEqual([]);
    expect(town.github.refusals).toEqual([]);
  },
  timeLimit(1_800_000),
);

test('a delivery that comes while PostgreSQL is away is refused before GitHub gives up', async () => {
  await postgres.stop('fast');
  const [asked] = await askSeveral(1);
  await postgres.start();
  await askAgain(performance.now() + recoveryMs);
  const delivery = town.github.deliveries.find(({ guid }) => guid === asked?.guid);
  expect(delivery).toMatchObject({ status: 503 });
});
