import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { transferHeader } from '../../src/core/transfer.ts';
import { listDeadLetters } from '../../src/queue/dead-letters.ts';
import { recordAudit } from '../../src/store/audit.ts';
import { doubtWithin } from '../../src/store/doubt.ts';
import { doubtOf } from '../../src/store/embedded.directory.ts';
import { openJournal } from '../../src/store/journal.ts';
import { readMigrations, schemaState } from '../../src/store/migrate.ts';
import { findStore, type Store } from '../../src/store/open.ts';
import { leftBehind, transferred } from '../../src/store/transfer.ts';
import { notebook, startWorkers } from '../queue/workers.ts';
import { engines, open, silentLog, type TestDatabase } from '../store/engines.ts';
import { auditEntry } from '../store/fixtures.ts';
import { facts } from '../store/upgrades/facts.ts';
import { liveUpTo } from '../store/upgrades/lived.ts';
import { sitrep, stackTrace, type Run } from './run.ts';

/** `sitrep export`, `import` and `restored`, between the embedded database and a PostgreSQL server. */

const { all, stop } = engines();
const postgres = all.find(({ name }) => name === 'PostgreSQL');
afterAll(stop);

const newest = (await readMigrations()).length;

let dir: string;
const databases: TestDatabase[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sitrep-transfer-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
  for (const database of databases.splice(0)) await database.drop();
});

async function server(): Promise<string> {
  const database = await postgres?.create();
  if (database === undefined) throw new Error('no PostgreSQL');
  databases.push(database);
  return database.url;
}

const found = async (url: string): Promise<Store> => (await findStore({ url, log: silentLog })).store;
const exported = (url: string, file: string): Promise<Run> =>
  sitrep(['export', '--out', file], { DATABASE_URL: url });
const imported = (url: string, file: string): Promise<Run> => sitrep(['import', file], { DATABASE_URL: url });

/** The lines of a file: its header, its rows. */
async function contentOf(file: string): Promise<{ header: z.infer<typeof transferHeader>; rows: string[] }> {
  const [first = '', ...rows] = gunzipSync(await readFile(file))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  return { header: transferHeader.parse(JSON.parse(first)), rows: rows.slice(0, -1) };
}

/** A server's database that has lived through all versions, with jobs of all kinds. */
async function lived(upTo = newest): Promise<string> {
  const url = await server();
  const store = await found(url);
  await liveUpTo(store.db, upTo);
  if (upTo === newest) {
    // U+2028 ends a line for some readers of lines; the control characters for others.
    await recordAudit(store.db, {
      ...auditEntry,
      issue: 1,
      key: null,
      detail: { text: 'a\u2028b\u0085c\n"\\' },
    });
    const workers = await startWorkers(store);
    await workers.add({ n: 'dead' }, { key: '1#1' });
    await workers.work('commands', () => Promise.reject(new Error('GitHub answered 503')));
    await workers.rest();
    await workers.stop({ graceMs: 0 });
    const later = await startWorkers(store);
    for (const n of [1, 2, 3]) await later.add({ n }, { key: '7#1' });
    await later.add({ n: 'running' }, { key: '8#1' });
    await later.add({ n: 'later' }, { startAfter: new Date('2099-01-01T00:00:00Z') }, 'sweep');
    await later.stop({ graceMs: 0 });
    await store.run(
      `update pgboss.job set state = 'active', started_on = now() where data->>'n' = 'running'`,
    );
  }
  await store.close();
  return url;
}

test('every table goes along or is left behind for a reason', async () => {
  const store = await open('memory:');
  const { rows } = await store.run(`select table_name from information_schema.tables
    where table_schema = 'public' and table_name not like 'kysely%' order by 1`);
  await store.close();
  expect([...transferred.map(({ table }) => table), ...Object.keys(leftBehind)].toSorted()).toEqual(
    rows.map(({ table_name: name }) => name),
  );
});

describe('all of a database', () => {
  test('goes to the other engine and back, unchanged, with its open jobs', async () => {
    const [first, second, third] = [join(dir, '1'), join(dir, '2'), join(dir, '3')];
    const from = await lived();
    expect(await exported(from, first)).toMatchObject({ code: 0, err: '' });
    expect((await stat(first)).mode & 0o777).toBe(0o600);

    const directory = join(dir, 'data');
    expect(await imported(directory, first)).toMatchObject({ code: 0, err: '' });
    expect(await exported(directory, second)).toMatchObject({ code: 0, err: '' });
    const back = await server();
    expect(await imported(back, second)).toMatchObject({ code: 0, err: '' });
    expect(await exported(back, third)).toMatchObject({ code: 0, err: '' });

    const contents = await Promise.all([first, second, third].map(contentOf));
    const [one] = contents;
    expect(one?.rows.length).toBeGreaterThan(60);
    for (const { header, rows } of contents) {
      expect(rows).toEqual(one?.rows);
      expect(header.rows).toEqual(one?.header.rows);
    }
    expect(Object.values(one?.header.rows ?? {})).not.toContain(0);

    const store = await open(back);
    for (const { that, since, until, holds } of facts)
      if (since !== 5 && until === undefined)
        await holds(store).catch((cause: unknown) => {
          throw new Error(`not so any more: ${that}`, { cause });
        });
    expect(await listDeadLetters(store)).toMatchObject([
      { queue: 'commands', tries: 3, reason: 'GitHub answered 503', data: { n: 'dead' } },
    ]);
    const { runs, handle } = notebook();
    const workers = await startWorkers(store);
    await workers.work('commands', handle);
    await workers.rest();
    expect(runs.filter(({ data }) => JSON.stringify(data) !== '{"n":"running"}')).toEqual(
      [1, 2, 3].map((n) => ({ data: { n }, attempt: 1 })),
    );
    expect(runs).toContainEqual({ data: { n: 'running' }, attempt: 1 });
    const held = await store.run(
      `select distinct heartbeat_seconds as seconds from pgboss.job where name = 'sweep'`,
    );
    expect(held.rows).toEqual([{ seconds: 10 }]);
    await recordAudit(store.db, { ...auditEntry, key: 'the next number' });
    await workers.stop({ graceMs: 0 });
    await store.close();
  });

  test('of an earlier version comes up in the database that takes it', async () => {
    const file = join(dir, 'old.jsonl.gz');
    await exported(await lived(7), file);
    const directory = join(dir, 'data');
    expect(await imported(directory, file)).toMatchObject({ code: 0, err: '' });
    const store = await open(directory);
    expect(await schemaState(store.db, await readMigrations())).toEqual({ missing: [], unknown: [] });
    for (const { since, until, holds } of facts)
      if (since <= 7 && until === undefined && since !== 5) await holds(store);
    await store.close();
    const further = await server();
    await (await open(further)).close();
    const refused = await imported(further, file);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/has newer tables than the file: migrations\/0008.*Nothing was changed/u);
  });

  test('is told to machines, and what was done since is in doubt afterwards, on both engines', async () => {
    const file = join(dir, 'all.jsonl.gz');
    const told = await sitrep(['export', '--out', file, '--json'], { DATABASE_URL: await lived() });
    const { takenAt } = transferHeader.parse(JSON.parse(told.out));
    const { header } = await contentOf(file);
    expect(JSON.parse(told.out)).toEqual({ file, ...header });
    // The fixture's own doubt reaches back further.
    expect(header.doubtSince).toBe('2025-09-15T17:00:00.000Z');
    expect(takenAt > '2025-09-15T17:00:00Z').toBe(true);

    const directory = join(dir, 'data');
    const read = await sitrep(['import', file, '--json'], { DATABASE_URL: directory });
    expect(JSON.parse(read.out)).toEqual({ file, ...header });
    expect(doubtOf(directory).since()).toEqual(new Date('2025-09-15T17:00:00Z'));
    const url = await server();
    await imported(url, file);
    const store = await open(url);
    expect(store.doubt?.since()).toEqual(new Date('2025-09-15T17:00:00Z'));
    await store.doubt?.settle();
    expect((await doubtWithin(store.db)).since()).toBeNull();
    await store.close();
  });
});

/** A trailer that fits, so that only what else is wrong is found. */
function closed(rows: readonly string[]): Buffer {
  const text = rows.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return gzipSync(`${text}${JSON.stringify({ end: true, rows: rows.length - 1, sha256 })}\n`);
}

describe('a file that is not whole', () => {
  let bytes: Buffer;
  let lines: string[];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sitrep-transfer-'));
    const file = join(folder, 'whole');
    await exported(await lived(), file);
    bytes = await readFile(file);
    lines = gunzipSync(bytes).toString('utf8').split('\n');
    await rm(folder, { recursive: true });
  });

  const whole = () => lines.slice(0, -2);
  test.each<[what: string, file: () => Buffer, says: string]>([
    ['is empty', () => Buffer.alloc(0), 'is cut short or damaged'],
    ['ends in its midst', () => bytes.subarray(0, bytes.length / 2), 'is cut short or damaged'],
    ['lacks its last byte', () => bytes.subarray(0, -1), 'is cut short or damaged'],
    [
      'was cut before it was compressed',
      () => gzipSync(lines.slice(0, -10).join('\n')),
      'is cut short or damaged',
    ],
    ['lacks its trailer', () => gzipSync(lines.slice(0, -2).join('\n')), 'is cut short or damaged'],
    ['lacks a row that its header counts', () => closed(whole().toSpliced(5, 1)), 'is cut short or damaged'],
    ['has a row twice', () => closed(whole().toSpliced(5, 0, lines[5] ?? '')), 'is cut short or damaged'],
    [
      'was changed',
      () => gzipSync(lines.join('\n').replace('"Staging is down"', '"Staging is fine"')),
      'is cut short or damaged',
    ],
    [
      'goes on behind its end',
      () => gzipSync(`${lines.join('\n')}["audit",{}]\n`),
      'is cut short or damaged',
    ],
    ['is something else', () => gzipSync('{"version":1}\n'), 'is no export of Sitrep'],
    ['is not compressed', () => Buffer.from(lines.join('\n')), 'is cut short or damaged'],
    [
      'is of a newer version',
      () => closed([(lines[0] ?? '').replace('"0001_records"', '"0999_later"'), ...whole().slice(1)]),
      'does not know migrations/0999_later.sql',
    ],
    [
      'is of tables that are not ours',
      () => closed([(lines[0] ?? '').replace(/"digest":"./u, '"digest":"-'), ...whole().slice(1)]),
      'whose tables are not those of this one',
    ],
  ])('that %s leaves no trace', async (_what, content, says) => {
    const file = join(dir, 'file');
    await writeFile(file, content());
    const directory = join(dir, 'data');
    const { code, out, err } = await imported(directory, file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(says);
    expect(err).not.toMatch(stackTrace);
    expect(existsSync(directory)).toBe(false);
  });

  test('whose rows the database refuses leaves an empty database, which takes the next', async () => {
    const url = await server();
    const file = join(dir, 'file');
    // Whole, and with an incident whose severity there is not.
    await writeFile(file, closed(whole().map((line) => line.replace('"severity":"P0"', '"severity":"P9"'))));
    expect(await imported(url, file)).toMatchObject({ code: 70, out: '' });
    await writeFile(file, bytes);
    expect(await imported(url, file)).toMatchObject({ code: 0, err: '' });
  });
});

describe('what is refused, with what to do', () => {
  test('a database that a server holds, or that others are connected to', async () => {
    const directory = join(dir, 'data');
    const url = await server();
    for (const database of [directory, url]) {
      const holder = await open(database);
      for (const args of [
        ['export', '--out', join(dir, 'file')],
        ['restored', '--since', '2025-09-15T18:00:00Z'],
      ]) {
        const { code, out, err } = await sitrep(args, { DATABASE_URL: database });
        expect({ code, out }).toEqual({ code: 1, out: '' });
        expect(err).toMatch(/in use.*Stop (the server|every server).*do this again/u);
      }
      await holder.close();
    }
    expect(existsSync(join(dir, 'file'))).toBe(false);
  });

  test('an import into a database that a server holds, or that holds rows', async () => {
    const file = join(dir, 'file');
    const from = await lived();
    await exported(from, file);
    const directory = join(dir, 'data');
    const holder = await open(directory);
    expect((await imported(directory, file)).err).toMatch(/in use.*Stop the server there/u);
    await recordAudit(holder.db, auditEntry);
    await holder.close();
    const refused = await imported(directory, file);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/is not empty: it holds rows of audit\. Nothing was changed/u);
    expect((await imported(from, file)).err).toMatch(/holds rows of .*incident.*jobs/u);
  });

  test('a directory whose journal knows more than its database', async () => {
    const directory = join(dir, 'data');
    await (await open(directory)).close();
    const lost = {
      guid: '5e1c0f00-0000-11f0-8000-00000000000f',
      event: 'ping',
      action: '',
      installationId: 1,
      repositoryId: null,
      repository: null,
      issue: null,
      comment: null,
      subject: null,
      payload: {},
      receivedAt: '2025-09-15T18:00:00Z',
    };
    const journal = await openJournal(join(directory, 'journal'));
    await journal.append([lost]);
    await journal.close();
    const { code, err } = await exported(directory, join(dir, 'file'));
    expect(code).toBe(1);
    expect(err).toMatch(
      /holds 1 acknowledged delivery that the database does not know.*Start Sitrep there once/u,
    );
  });

  test.each<[args: string[], database: string, says: string]>([
    [['export', '--out', 'DIR/none/file'], 'DIR/data', 'there is no directory'],
    [['export', '--out', 'DIR/file'], 'DIR/data', 'There is no database'],
    [['export', '--out', 'DIR/file'], 'memory:', 'A database in memory is gone with its process'],
    [['import', 'DIR/nothing'], 'DIR/data', 'cannot be read: ENOENT'],
    [['import', 'DIR'], 'DIR/data', 'cannot be read: it is no file'],
    [['restored', '--since', '2025-09-15T18:00:00Z'], 'DIR/data', 'There is no database'],
  ])('%j on %s', async (args, database, says) => {
    const { code, out, err } = await sitrep(
      args.map((arg) => arg.replace('DIR', dir)),
      { DATABASE_URL: database.replace('DIR', dir) },
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(says);
    expect(err).not.toMatch(stackTrace);
  });
});

describe('a database that was put back', () => {
  test('is in doubt since the backup, until a server has run on it; the doubt that reaches back further counts', async () => {
    const directory = join(dir, 'data');
    const url = await server();
    for (const database of [directory, url]) {
      await (await open(database)).close();
      for (const since of ['2025-09-15T18:00:00Z', '2025-09-15T19:00:00Z'])
        expect(await sitrep(['restored', '--since', since], { DATABASE_URL: database })).toMatchObject({
          code: 0,
          err: '',
          out: expect.stringContaining('what was posted since 2025-09-15T18:00:00.000Z is looked for'),
        });
      const store = await open(database);
      expect(store.doubt?.since()).toEqual(new Date('2025-09-15T18:00:00Z'));
      await store.doubt?.settle();
      await store.close();
      const again = await open(database);
      expect(again.doubt?.since()).toBeNull();
      await again.close();
    }
  });

  test('of an earlier version is brought up with it', async () => {
    const url = await lived(7);
    const noted = await sitrep(['restored', '--since', '2025-09-15T18:00:00Z', '--json'], {
      DATABASE_URL: url,
    });
    expect(noted).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(noted.out)).toMatchObject({ since: '2025-09-15T18:00:00.000Z' });
    const store = await open(url);
    expect(store.doubt?.since()).toEqual(new Date('2025-09-15T18:00:00Z'));
    await store.close();
  });
});
