import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { findStore, type Store } from '../../src/store/open.ts';
import { engines, open, silentLog, type TestDatabase } from './engines.ts';

const { all, stop } = engines();
afterAll(stop);

/** All that a migration could leave: columns, functions, and what is noted of it. */
async function traces(store: Store): Promise<unknown[]> {
  const { rows } = await store.run(`
    select table_schema || '.' || table_name || '.' || column_name as trace from information_schema.columns
      where table_schema not in ('pg_catalog', 'information_schema')
    union all select 'function ' || proname from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'migration ' || name || ' ' || timestamp from kysely_migration order by 1`);
  return rows.map(({ trace }) => trace);
}

describe.each(all.filter(({ lasts }) => lasts))('migrations on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterEach(async () => {
    await store.close();
    await database.drop();
  });

  it('of a newer Sitrep are refused before anything is touched', async () => {
    await store.run(`drop table audit; delete from kysely_migration;
      insert into kysely_migration (name, timestamp) values ('9999_of_the_future', '')`);
    const before = await traces(store);
    await store.close();
    await expect(open(database.url)).rejects.toThrow(
      /newer than this Sitrep \(0\.1\.0\).*migrations\/9999_of_the_future\.sql\. Nothing was changed/,
    );
    const found = await findStore({ url: database.url, log: silentLog });
    expect(found.schema).toEqual({
      missing: (await readMigrations()).map(({ name }) => name),
      unknown: ['9999_of_the_future'],
    });
    expect(await traces(found.store)).toEqual(before);
    await found.store.close();
  });

  it('that fail half-way leave nothing, and let the next one through', async () => {
    const before = await traces(store);
    const known = await readMigrations();
    const failing = `create table half (id int); alter table audit add half int; select 1 / 0`;
    const half = { name: '9000_half', statements: failing };
    const whole = { name: '8000_whole', statements: 'create table whole (id int)' };
    await expect(migrate(store.db, [...known, whole, half])).rejects.toThrow(
      /could not be migrated \(migrations\/9000_half\.sql\): division by zero\. Nothing was changed/,
    );
    expect(await traces(store)).toEqual(before);
    await migrate(store.db, [...known, whole]);
    expect(await traces(store)).toContain('public.whole.id');
  });
});

describe.each(all.filter(({ name }) => name === 'PostgreSQL'))(
  'processes that start at once on $name',
  ({ create }) => {
    it('end with one migration', async () => {
      const database = await create();
      const stores = await Promise.all(Array.from({ length: 6 }, () => open(database.url)));
      const [first, ...others] = await Promise.all(stores.map(traces));
      expect(first).toEqual(expect.arrayContaining(['public.audit.who', 'function audit_is_append_only']));
      for (const other of others) expect(other).toEqual(first);
      for (const store of stores) await store.close();
      await database.drop();
    });
  },
);
