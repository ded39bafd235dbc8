import { appendFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startApp, type App } from '../faults/app.ts';
import { openTown, type Town } from '../faults/town.ts';
import { startPostgres, type PostgresServer } from '../store/postgres-server.ts';

/** Two replicas tell of the same trouble: each in its log, and once on the operator's issue. */

/** The patience is longer than the queue takes to see that the database is back. */
const selfWatch = { everyMs: 50, patienceMs: 2_000, calmMs: 500, lateMs: 60_000 };

let postgres: PostgresServer;
let town: Town;
let apps: App[] = [];
let issue: number;
let database: string;
beforeEach(async () => {
  [postgres, town] = await Promise.all([startPostgres(), openTown()]);
  issue = await town.openIssue();
  const policy = town.variables['SITREP_POLICY'] ?? '';
  // The repository of the town's scenario.
  await appendFile(policy, `operator_issue: netra-systems/netra-apex#${String(issue)}\n`);
  ({ url: database } = await postgres.createDatabase());
  const options = { selfWatch, settleMs: 100, retryDelaySeconds: 0, githubTimeoutMs: 2_000 };
  apps = [await startApp(town, database, options), await startApp(town, database, options)];
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await town.close();
  await postgres.stop();
});

/** Levels, kinds and ends of the troubles that a log tells of. */
function troublesIn({ log }: App): unknown[] {
  return log
    .map((line) => JSON.parse(line))
    .filter((line) => line.trouble !== undefined)
    .map(({ level, trouble, over = false }) => ({ level, trouble, over }));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

const begunAndOver = (trouble: string) => [
  { level: 50, trouble, over: false },
  { level: 40, trouble, over: true },
];

test('the database was away', async () => {
  await postgres.halt();
  await until(() => apps.every((app) => troublesIn(app).length === 1));
  expect(town.answers(issue)).toEqual([]);
  await postgres.resume();
  await until(() => apps.every((app) => troublesIn(app).length === 2) && town.answers(issue).length > 0);
  for (const app of apps) expect(troublesIn(app)).toEqual(begunAndOver('database'));
  await pause(500);
  expect(town.answers(issue)).toEqual([
    expect.stringMatching(
      /^\*\*Sitrep was in trouble: the database does not answer\.\*\* From 20.* UTC to 20.* UTC; the database answers again\.\n\n<!-- sitrep:/u,
    ),
  ]);
  expect(town.github.refusals).toEqual([]);
});

test('GitHub was away', async () => {
  const [app] = apps;
  if (app === undefined) return;
  const lift = town.github.inject({ kind: 'unavailable', times: Infinity });
  const asked = await town.ask(await town.openIssue(), app.webhooks);
  await until(() => apps.some((one) => troublesIn(one).length === 1));
  expect(town.answers(issue)).toEqual([]);
  lift();
  await until(() => town.answers(issue).length > 0);
  await town.untilDone([asked], 30_000);
  for (const one of apps) expect([[], begunAndOver('github')]).toContainEqual(troublesIn(one));
  await pause(500);
  expect(town.answers(issue)).toEqual([
    expect.stringMatching(/^\*\*Sitrep was in trouble: GitHub does not answer\.\*\*/u),
  ]);
});

test('one that another process saw: told when it begins and when nobody sees it any more, once each', async () => {
  const client = new Client(database);
  await client.connect();
  await client.query(`insert into trouble (kind, began_at, seen_at)
    values ('queue', clock_timestamp(), clock_timestamp() + interval '1 second')`);
  await client.end();
  await until(() => town.answers(issue).length === 2);
  await pause(500);
  expect(town.answers(issue)).toEqual([
    expect.stringMatching(
      /^\*\*Sitrep is in trouble: jobs wait that are due, and nobody takes them\.\*\* Since /u,
    ),
    expect.stringMatching(/^\*\*It is over: jobs are taken again\.\*\* From /u),
  ]);
  expect(apps.flatMap(troublesIn)).toEqual([]);
});
