import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnTemplates } from '../../src/core/own-templates/own-templates.ts';
import type { Store } from '../../src/store/open.ts';
import { findTemplates, keepTemplates, pruneTemplates } from '../../src/store/own-templates.ts';
import { engines, open, type TestDatabase } from './engines.ts';

const { all, stop } = engines();
afterAll(stop);

const templates = (text: string): OwnTemplates => ({ kinds: { status: text }, partials: {}, refused: [] });
const repository = (repositoryId: number) => ({ installationId: 41, repositoryId });
const none: OwnTemplates = { kinds: {}, partials: {}, refused: [] };

describe.each(all)('templates of repositories on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  it('keeps those that were read last, by repository, and tells whether they are others', async () => {
    expect(await findTemplates(store.db, repository(1))).toBeNull();
    expect(await keepTemplates(store.db, repository(1), templates('a'))).toBe(true);
    expect(await keepTemplates(store.db, repository(2), templates('two'))).toBe(true);
    expect(await keepTemplates(store.db, repository(1), templates('a'))).toBe(false);
    expect(await keepTemplates(store.db, repository(1), templates('b\0\uD800'))).toBe(true);
    expect(await findTemplates(store.db, repository(1))).toEqual(templates('b\uFFFD\uFFFD'));
    expect(await findTemplates(store.db, repository(2))).toEqual(templates('two'));
    expect(await keepTemplates(store.db, repository(1), none)).toBe(true);
    expect(await findTemplates(store.db, repository(1))).toBeNull();
  });

  it('takes what it does not understand for none', async () => {
    await keepTemplates(store.db, repository(3), templates('a'));
    await sql`update own_templates set body = '{"kinds": 1}' where repository_id = 3`.execute(store.db);
    expect(await findTemplates(store.db, repository(3))).toBeNull();
  });

  it('forgets those that nobody asked about for 90 days', async () => {
    await keepTemplates(store.db, repository(4), templates('old'));
    await keepTemplates(store.db, repository(5), templates('new'));
    await sql`update own_templates set seen_at = clock_timestamp() - interval '91 days' where repository_id = 4`.execute(
      store.db,
    );
    await pruneTemplates(store.db);
    expect(await findTemplates(store.db, repository(4))).toBeNull();
    expect(await findTemplates(store.db, repository(5))).toEqual(templates('new'));
  });
});
