import { afterAll, beforeAll, expect, test } from 'vitest';
import { findStore, type Store } from '../../src/store/open.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { rowsOfTables } from '../../src/store/transfer.ts';
import { engines, silentLog, type TestDatabase } from './engines.ts';

/** How much of a database is in memory while it leaves: `test/cli/transfer.test.ts` has what arrives. */

const { all, stop } = engines();

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  const postgres = all.find(({ name }) => name === 'PostgreSQL');
  if (postgres === undefined) throw new Error('no PostgreSQL');
  database = await postgres.create();
  store = (await findStore({ url: database.url, log: silentLog })).store;
  await migrate(store.db, await readMigrations());
});
afterAll(async () => {
  await store.close();
  await database.drop();
  await stop();
});

test('of 100,000 rows a hundred are held at a time, and of large ones a few', async () => {
  await store.run(`
    insert into audit (at, who, what) select now(), 'dana', 'command' from generate_series(1, 100000);
    insert into etag (installation_id, repository_id, key, etag, body, used_at)
      select 41, 7, n::text, 'W', repeat('x', 300000), now() from generate_series(1, 40) n`);
  const most: Record<string, { rows: number; characters: number }> = {};
  const counts: Record<string, number> = {};
  await store.db.transaction().execute(async (trx) => {
    for await (const page of rowsOfTables(trx)) {
      const table = page[0]?.table ?? '';
      const characters = page.reduce((sum, { json }) => sum + json.length, 0);
      const before = most[table] ?? { rows: 0, characters: 0 };
      most[table] = {
        rows: Math.max(before.rows, page.length),
        characters: Math.max(before.characters, characters),
      };
      counts[table] = (counts[table] ?? 0) + page.length;
    }
  });
  expect(counts).toEqual({ audit: 100_000, etag: 40 });
  expect(most['audit']?.rows).toBe(100);
  expect(most['etag']?.characters).toBeLessThan(1.5 * 1024 * 1024);
});
