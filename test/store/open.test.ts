import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAudit, recordAudit } from '../../src/store/audit.ts';
import { StoreError } from '../../src/store/errors.ts';
import { openStore } from '../../src/store/open.ts';
import { engines, holdDatabase, open, silentLog, temporaryDirectory, type TestDatabase } from './engines.ts';
import { auditEntry } from './fixtures.ts';

const { all, stop } = engines();
afterAll(stop);

const entry = auditEntry;
const wholeAudit = { after: 0, limit: 100 };
const tables = [
  'acknowledgement',
  'audit',
  'board',
  'checkpoint',
  'criterion_state',
  'delivery',
  'doubt',
  'etag',
  'forgotten',
  'github_budget',
  'github_write',
  'google_answer',
  'google_budget',
  'google_read',
  'google_window',
  'history',
  'history_read',
  'incident',
  'incident_event',
  'kept_label',
  'notification',
  'own_templates',
  'publication',
  'redelivery',
  'role_seen',
  'round',
  'sample',
  'sampling',
  'snapshot',
  'trouble',
];

async function tableNames(url: string): Promise<unknown[]> {
  const store = await open(url);
  const { rows } = await store.run(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_name not like 'kysely%' order by 1`,
  );
  await store.close();
  return rows.map(({ name }) => name);
}

describe.each(all)('opening $name', ({ create }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await create();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('makes the tables, and finds them there the next time', async () => {
    expect(await tableNames(database.url)).toEqual(tables);
    expect(await tableNames(database.url)).toEqual(tables);
  });

  it('leaves no transaction open when a script fails', async () => {
    const store = await open(database.url);
    await expect(store.run('begin; select 1; select 1 / 0; commit')).rejects.toMatchObject({ code: '22012' });
    await recordAudit(store.db, { ...entry, issue: 2 });
    expect(await readAudit(store.db, { issue: 2 }, wholeAudit)).toHaveLength(1);
    await store.close();
  });

  it('hears a notification when its transaction commits, and not when it rolls back', async () => {
    const store = await open(database.url);
    const heard = Promise.withResolvers<string>();
    const listener = await store.listen('test', heard.resolve);
    await store.run(`begin; select pg_notify('test', 'rolled back'); rollback`);
    await store.run(`select pg_notify('test', 'committed')`);
    expect(await heard.promise).toBe('committed');
    await listener.close();
    await store.close();
  });

  it('answers after the close that it is closed', async () => {
    const store = await open(database.url);
    await store.close();
    await store.close();
    await expect(recordAudit(store.db, entry)).rejects.toThrow(/closed|end/);
  });
});

describe.each(all.filter(({ lasts }) => lasts))('opening $name again', ({ create }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await create();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('finds what was stored', async () => {
    const first = await open(database.url);
    await recordAudit(first.db, entry);
    await first.close();
    const second = await open(database.url);
    expect(await readAudit(second.db, {}, wholeAudit)).toMatchObject([{ who: entry.who, at: entry.at }]);
    await second.close();
  });
});

it('says without the password which server does not answer', async () => {
  const error = await open('postgres://sitrep:hunter2@127.0.0.1:1/incidents').catch(
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(StoreError);
  expect(String(error)).toMatch(/127\.0\.0\.1:1\/incidents.*Check DATABASE_URL/);
  expect(String(error)).not.toContain('hunter2');
});

describe('the embedded database', () => {
  let database: TestDatabase;
  let child: ChildProcess | null = null;
  beforeEach(async () => {
    database = await temporaryDirectory();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await database.drop();
  });

  async function startHolder(): Promise<ChildProcess> {
    child = await holdDatabase(database.url);
    return child;
  }

  it('loses nothing when its process is killed', async () => {
    const holder = await startHolder();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const store = await open(database.url);
    expect(await readAudit(store.db, {}, wholeAudit)).toMatchObject([{ who: 'holder' }]);
    await store.close();
  });

  it('says what to do when its log was cut short', async () => {
    const holder = await startHolder();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const log = join(database.url, 'pglite', 'pg_wal');
    for (const file of await readdir(log))
      if (/^[0-9A-F]{24}$/.test(file)) await truncate(join(log, file), 100);
    await expect(open(database.url)).rejects.toThrow(
      /does not start: .*checkpoint record.*Move .*\/data\/pglite away.*leave .*\/data\/journal where it is/,
    );
    await expect(open(database.url)).rejects.not.toThrow(/in use/);
  });

  it('stops once and for all when its files fail, and says so', async () => {
    const fatal = Promise.withResolvers<StoreError>();
    const store = await openStore({ url: database.url, log: silentLog, onFatal: fatal.resolve });
    await rm(join(database.url, 'pglite', 'pg_wal'), { recursive: true });
    const statement = store.run(`select pg_switch_wal(); insert into kysely_migration values ('0000', '')`);
    await expect(statement).rejects.toThrow(/stopped: could not create file/);
    expect((await fatal.promise).message).toMatch(/stopped.*Start Sitrep again/);
    await expect(store.run('select 1')).rejects.toThrow(/stopped/);
    await store.close();
  });

  it('stops once and for all when its directory is gone, and says so', async () => {
    const fatal = Promise.withResolvers<StoreError>();
    const store = await openStore({ url: database.url, log: silentLog, onFatal: fatal.resolve });
    await rm(database.url, { recursive: true });
    const statement = store.run(`select pg_switch_wal(); insert into kysely_migration values ('0000', '')`);
    await expect(statement).rejects.toThrow(/is gone/);
    expect((await fatal.promise).message).toMatch(/is gone.*Put it back/);
    await store.close();
  });
});
