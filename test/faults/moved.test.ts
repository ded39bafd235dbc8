import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { frozenClock } from '../../sandbox/clock.ts';
import { sitrep } from '../cli/run.ts';
import { engines } from '../store/engines.ts';
import { startApp, type App } from './app.ts';
import { openTown, type Asked, type Town } from './town.ts';

/**
 * A database that moves to the other engine, and one that is put back from a backup: the incident goes on, and nothing that
 * was posted is posted again.
 */

const { all, stop } = engines();
afterAll(stop);

const hour = 3_600_000;
const open: { close(): Promise<unknown> }[] = [];
let town: Town;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-moved-'));
  town = await openTown({
    clock: frozenClock(new Date('2025-09-15T18:05:00Z')),
    checkpoints: '[2h, 4h, 8h]',
  });
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
  await town.close();
  await rm(dir, { recursive: true });
});

async function start(database: string): Promise<App> {
  const now = () => town.clock.now();
  const app = await startApp(town, database, { now, checkpointClock: now, settleMs: 50 });
  let stopping: Promise<void> | null = null;
  const ending = { ...app, stop: () => (stopping ??= app.stop()) };
  open.push({ close: () => ending.stop() });
  return ending;
}

async function say(app: App, issue: number, body: string): Promise<Asked> {
  const asked = await town.ask(issue, app.webhooks, body);
  await app.rest();
  expect({ acknowledged: asked.acknowledged, done: town.isDone(asked) }).toEqual({
    acknowledged: true,
    done: true,
  });
  return asked;
}

/** Comments of one posting that there are more than one of. */
function doubled(issue: number): string[] {
  const postings = town
    .answers(issue)
    .flatMap((body) => /<!-- (sitrep:[\da-f-]{36}) -->/u.exec(body)?.[1] ?? []);
  return postings.filter((posting, index) => postings.indexOf(posting) < index);
}

const checkpointsOn = (issue: number) =>
  town.answers(issue).flatMap((body) => /^\*\*(.* checkpoint.*?)\*\*/mu.exec(body)?.[1] ?? []);

/** The highest evidence number of what was said on an issue. */
function lastEvidence(issue: number): number {
  const numbers = town
    .answers(issue)
    .flatMap((body) => [...body.matchAll(/\bE(\d+)\b/gu)].map(([, n]) => Number(n)));
  return Math.max(0, ...numbers);
}

async function server(): Promise<string> {
  const database = await all.find(({ name }) => name === 'PostgreSQL')?.create();
  if (database === undefined) throw new Error('no PostgreSQL');
  open.push({ close: () => database.drop() });
  return database.url;
}

async function moved(from: string, to: string): Promise<void> {
  const file = join(dir, `${String(open.length)}.jsonl.gz`);
  expect(await sitrep(['export', '--out', file], { DATABASE_URL: from })).toMatchObject({ code: 0, err: '' });
  expect(await sitrep(['import', file], { DATABASE_URL: to })).toMatchObject({ code: 0, err: '' });
}

test('an incident goes on after the move from the embedded database to a server, and back', async () => {
  const embedded = join(dir, 'embedded');
  const first = await start(embedded);
  const issue = await town.openIssue(['incident']);
  await say(first, issue, '/status');
  await say(first, issue, '/sitrep note the connector was restarted');
  const evidence = lastEvidence(issue);
  const comments = town.answers(issue).length;
  await first.stop();

  const postgres = await server();
  await moved(embedded, postgres);
  const second = await start(postgres);
  await second.rest();
  expect(town.answers(issue)).toHaveLength(comments); // nothing comes of the move itself
  await say(second, issue, '/status');
  expect(lastEvidence(issue)).toBeGreaterThan(evidence);
  town.clock.advance(2 * hour);
  await second.rest();
  expect(checkpointsOn(issue)).toHaveLength(1);
  await second.stop();

  const back = join(dir, 'back');
  await moved(postgres, back);
  const third = await start(back);
  town.clock.advance(2 * hour);
  await third.rest();
  expect(checkpointsOn(issue)).toHaveLength(2);
  expect(doubled(issue)).toEqual([]);
  expect(town.github.refusals).toEqual([]);
});

/** A backup of a database that no server has, and what puts it back; gives the address of what was put back. */
interface Backup {
  restore(): Promise<string>;
}

const engineBackups: Record<string, { create(): Promise<string>; backUp(url: string): Promise<Backup> }> = {
  'the embedded database: a copy of its directory': {
    create: () => Promise.resolve(join(dir, 'data')),
    async backUp(url) {
      const copy = join(dir, 'backup');
      await cp(url, copy, { recursive: true });
      return {
        async restore() {
          await rm(url, { recursive: true });
          await cp(copy, url, { recursive: true });
          return url;
        },
      };
    },
  },
  // What pg_dump and pg_restore do, by the server itself: it needs no programs of the server's own version.
  'PostgreSQL: a copy of the database': {
    create: server,
    async backUp(url) {
      const name = new URL(url).pathname.slice(1);
      const admin = new URL(url);
      admin.pathname = '/postgres';
      await ask(admin.href, `create database backup_${name} template ${name}`);
      return {
        async restore() {
          await ask(admin.href, `drop database ${name}`);
          await ask(admin.href, `create database ${name} template backup_${name}`);
          return url;
        },
      };
    },
  },
  'either: an export': {
    create: () => Promise.resolve(join(dir, 'data')),
    async backUp(url) {
      const file = join(dir, 'backup.jsonl.gz');
      await sitrep(['export', '--out', file], { DATABASE_URL: url });
      return {
        async restore() {
          const fresh = await server();
          expect(await sitrep(['import', file], { DATABASE_URL: fresh })).toMatchObject({ code: 0, err: '' });
          return fresh;
        },
      };
    },
  },
};

async function ask(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

test.each(Object.keys(engineBackups))(
  'a backup that is put back posts nothing twice, of %s',
  async (name) => {
    const engine = engineBackups[name];
    if (engine === undefined) throw new Error(`no engine ${name}`);
    const url = await engine.create();
    const before = await start(url);
    const issue = await town.openIssue(['incident']);
    await say(before, issue, '/status');
    await before.stop();
    const backup = await engine.backUp(url);
    const backedUpAt = town.clock.now();

    const meanwhile = await start(url);
    town.clock.advance(2 * hour);
    await meanwhile.rest();
    expect(checkpointsOn(issue)).toHaveLength(1);
    await say(meanwhile, issue, '/status');
    const comments = town.answers(issue).length;
    await meanwhile.stop();

    const restored = await backup.restore();
    // An import has noted it already, with the time of the export by the machine's clock, which is ahead of the scenario's.
    expect(
      await sitrep(['restored', '--since', backedUpAt.toISOString()], { DATABASE_URL: restored }),
    ).toMatchObject({ code: 0, err: '' });
    const after = await start(restored);
    await after.rest();
    expect(town.answers(issue)).toHaveLength(comments);
    expect(checkpointsOn(issue)).toHaveLength(1);
    expect(doubled(issue)).toEqual([]);
    town.clock.advance(2 * hour);
    await after.rest();
    expect(checkpointsOn(issue)).toHaveLength(2);
    await say(after, issue, '/status');
    expect(doubled(issue)).toEqual([]);
    expect(town.github.refusals).toEqual([]);
  },
);
