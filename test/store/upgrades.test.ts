import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordAudit } from '../../src/store/audit.ts';
import { planCheckpoints } from '../../src/store/checkpoints.ts';
import { appendEvents } from '../../src/store/events.ts';
import { forget } from '../../src/store/forget.ts';
import { openIncident } from '../../src/store/incidents.ts';
import { migrate, readMigrations, schemaState } from '../../src/store/migrate.ts';
import { findStore, openStore, type Store } from '../../src/store/open.ts';
import { claimPublication, completePublication } from '../../src/store/publications.ts';
import { retentions } from '../../src/store/retention.ts';
import { saveSnapshot } from '../../src/store/snapshots.ts';
import { engines, silentLog, type EngineUnderTest, type TestDatabase } from './engines.ts';
import { auditEntry, incident, snapshot } from './fixtures.ts';
import { facts, open, posting, repository } from './upgrades/facts.ts';
import { liveUpTo, namesOfRows } from './upgrades/lived.ts';

/** A database of every schema, with the data of its time, comes up to this version, and this version works on it. */

const migrations = await readMigrations();
const { all, stop } = engines();
afterAll(stop);

test('there are rows of the time of every migration', async () => {
  expect(await namesOfRows()).toEqual(migrations.map(({ name }) => name));
});

/** Takes away all that is in a database: migrations begin anew. */
async function empty(store: Store): Promise<void> {
  await store.run('drop schema if exists pgboss cascade; drop schema public cascade; create schema public');
}

const tablesOf = (store: Store) =>
  store.run(`select table_name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'kysely%'`);

/** Tables without a row. */
async function emptyTables(store: Store): Promise<string[]> {
  const found: string[] = [];
  for (const { table_name: table } of (await tablesOf(store)).rows) {
    const { rows } = await store.run(`select 1 from ${String(table)} limit 1`);
    if (rows.length === 0) found.push(String(table));
  }
  return found;
}

/** What a server does with an incident of old: its next look, its posting, its events, and the removal of it all. */
async function goOn({ db }: Store): Promise<void> {
  const at = new Date('2025-09-15T20:00:00Z');
  await db.transaction().execute(async (trx) => {
    expect(await openIncident(trx, { ...incident, issue: 1278 })).toMatchObject({ id: open, opened: false });
    expect(await saveSnapshot(trx, open, snapshot([5, 6, 7]), null)).toBeGreaterThan(2);
    const state = await appendEvents(
      trx,
      open,
      [
        {
          key: 'stage',
          at: at.toISOString(),
          by: 'dana',
          url: null,
          body: { kind: 'stage', stage: 'identified' },
        },
      ],
      at,
    );
    expect(state).toMatchObject({ severity: 'P0', stage: 'identified', watched: true });
    await planCheckpoints(trx, open, { checkpoints: ['2h', '4h'], takenAt: at }, () => at);
    await recordAudit(trx, { ...auditEntry, key: 'once' }, { ...auditEntry, key: 'once' });
  });
  const claim = { at, leaseMs: 1_000, holder: '00000000-0000-4000-8000-0000000000bb', alone: true };
  const claimed = await claimPublication(db, posting(2), claim);
  expect(claimed).toMatchObject({ incidentId: open, repositoryId: 7_000_000_001 });
  const comment = { id: 77, nodeId: 'IC_77', url: 'https://github.com/c/77', at };
  expect(await completePublication(db, { id: posting(2), fence: claimed?.fence ?? 0 }, comment)).toBe(true);
  for (const { prune } of retentions) await prune?.(db, (days) => new Date(at.getTime() - days * 86_400_000));
  await db.transaction().execute((trx) => forget(trx, { ...repository, repositoryId: null }, null));
  const left = await sql<{ rows: number }>`
    select (select count(*) from incident where installation_id = 41)
      + (select count(*) from publication where installation_id = 41)
      + (select count(*) from incident_event) - (select count(*) from incident) as rows`.execute(db);
  expect(left.rows).toEqual([{ rows: 0 }]);
}

const everySchema = migrations.map(({ name }, place) => ({ name, number: place + 1 }));
/** PGlite is the same engine: there the first schema, the one that has most to fill in afterwards, and the last before this. */
const schemasOf: Partial<Record<EngineUnderTest['name'], typeof everySchema>> = {
  PostgreSQL: everySchema,
  'PGlite in memory': everySchema.filter(({ number }) => [1, 7, migrations.length - 1].includes(number)),
};

describe.each(all.filter(({ name }) => schemasOf[name] !== undefined))('on $name', ({ name, create }) => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await create();
    store = (await findStore({ url: database.url, log: silentLog })).store;
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(() => empty(store));

  test.each(schemasOf[name] ?? [])('a database of $name comes up with its data', async ({ number }) => {
    await liveUpTo(store.db, number);
    expect(await emptyTables(store)).toEqual([]);
    await migrate(store.db, migrations);
    expect(await schemaState(store.db, migrations)).toEqual({ missing: [], unknown: [] });
    const told = facts.filter(({ since, until }) => since <= number && number <= (until ?? Infinity));
    for (const { that, holds } of told)
      await holds(store).catch((cause: unknown) => {
        throw new Error(`not so any more: ${that}`, { cause });
      });
    await goOn(store);
  });

  test('one that fails leaves the data and the schema of before, and the next goes through', async () => {
    await liveUpTo(store.db, 7);
    const before = await everything(store);
    const failing = { name: '9999_fails', statements: 'delete from kept_label; select 1 / 0' };
    await expect(migrate(store.db, [...migrations, failing])).rejects.toThrow(
      'migrations/9999_fails.sql): division by zero. Nothing was changed',
    );
    expect(await everything(store)).toEqual(before);
    await migrate(store.db, migrations);
    expect(await schemaState(store.db, migrations)).toEqual({ missing: [], unknown: [] });
  });
});

/** All rows and columns of a database, as text. */
async function everything(store: Store): Promise<unknown[]> {
  const { rows } = await tablesOf(store);
  const tables = rows.map(({ table_name: table }) => String(table)).sort();
  const found: unknown[] = [];
  for (const table of [...tables, 'kysely_migration'])
    found.push([
      table,
      (await store.run(`select t::text, row_to_json(t)::text from ${table} t order by 1`)).rows,
    ]);
  return found;
}

describe.each(all.filter(({ name }) => name === 'PostgreSQL'))(
  'processes that start at once on $name',
  ({ create }) => {
    let database: TestDatabase;
    const stores: Store[] = [];
    afterEach(async () => {
      for (const store of stores) await store.close();
      await database.drop();
    });

    test('bring a database of the first schema up once, with its data', async () => {
      database = await create();
      const { store } = await findStore({ url: database.url, log: silentLog });
      stores.push(store);
      await liveUpTo(store.db, 1);
      const starting = await Promise.all(
        [1, 2, 3].map(() => openStore({ url: database.url, log: silentLog })),
      );
      stores.push(...starting);
      for (const { since, until, holds } of facts)
        if (since === 1 && until === undefined) for (const one of starting) await holds(one);
      expect((await store.run('select count(*) as times from kysely_migration')).rows).toEqual([
        { times: migrations.length },
      ]);
    });
  },
);
