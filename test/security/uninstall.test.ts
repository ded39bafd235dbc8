import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { forgetAgain } from '../../src/composition/forgetting.ts';
import type { Queue } from '../../src/queue/port.ts';
import { startQueue } from '../../src/queue/queue.ts';
import { readAudit } from '../../src/store/audit.ts';
import type { Store } from '../../src/store/open.ts';
import { engines, open, silentLog, type TestDatabase } from '../store/engines.ts';
import { installationPayload, issue, openTenants, tell, type Tenants } from './tenants.ts';

/** What is left of an installation that was removed, and of a neighbour whose names are the same. */

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const { all, stop } = engines();
const postgres = all.find(({ name }) => name === 'PostgreSQL');
afterAll(stop);

/** Tables that may name what was removed, by its id alone: that it was removed, and the job that says so. */
const mayKnowTheId = new Set(['public.audit', 'public.forgotten', 'pgboss.job', 'pgboss.job_common']);

interface Row {
  table: string;
  text: string;
}

/** Every row of every table as text. */
async function everything({ db }: Store): Promise<Row[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`.execute(db);
  const found: Row[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await sql<{ text: string }>`
      select to_jsonb(one)::text as text from ${sql.table(`${schema}.${name}`)} one`.execute(db);
    found.push(...rows.map(({ text }) => ({ table: `${schema}.${name}`, text })));
  }
  return found;
}

/** Rows that hold one of these words; numbers stand alone, not within a longer one. */
function holding(rows: readonly Row[], words: readonly (string | number)[]): Row[] {
  const patterns = words.map((word) =>
    typeof word === 'number' ? new RegExp(`(?<!\\d)${String(word)}(?!\\d)`, 'u') : new RegExp(word, 'u'),
  );
  return rows.filter(({ text }) => patterns.some((pattern) => pattern.test(text)));
}

const namesOf = (rows: readonly Row[]) => [...new Set(rows.map(({ table }) => table))].toSorted();

let database: TestDatabase;
let tenants: Tenants;
let store: Store;
let queue: Queue;
beforeAll(async () => {
  if (postgres === undefined) throw new Error('there is no PostgreSQL to test with');
  database = await postgres.create();
  tenants = await openTenants(database.url);
  await tenants.second.say('bob', '/sitrep declare P1');
  await tenants.second.say('carol', '/status');
  tenants.play.clock.advance(60_000);
  await tenants.play.rest();
  store = await open(database.url);
  queue = await startQueue(store, { now: () => tenants.play.clock.now(), log: silentLog });
});
afterAll(async () => {
  await queue.stop({ graceMs: 0 });
  await store.close();
  await tenants.play.close();
  await database.drop();
});

/** What the second has, but for its budget of writes, which goes by the database's clock, and jobs that are done. */
function ofSecond(rows: readonly Row[]): string[] {
  return holding(rows, ['BRAVO', tenants.second.installationId, tenants.second.repositoryId])
    .filter(({ table }) => !table.startsWith('pgboss.') && table !== 'public.github_budget')
    .map(({ table, text }) => `${table} ${text}`)
    .toSorted();
}

/** One life of two installations: each test goes on where the one before ended. */
describe('the life of an installation', { shuffle: false }, () => {
  test('a webhook that is not true deletes nothing: the App is still there', async () => {
    const before = await everything(store);
    expect(
      await tell(tenants, 'installation', installationPayload('deleted', tenants.first.installationId)),
    ).toBe(202);
    const after = await everything(store);
    expect(holding(after, ['ALPHA']).length).toBe(holding(before, ['ALPHA']).length);
    expect(holding(before, ['ALPHA']).length).toBeGreaterThan(10);
  });

  test('what does not fit is refused, what means nothing is let go', async () => {
    const table: [event: string, payload: object, status: number][] = [
      ['installation', { action: 'deleted' }, 400],
      ['installation', installationPayload('created', 1), 200],
      [
        'installation_repositories',
        { action: 'added', installation: { id: 1 }, repositories_added: [] },
        200,
      ],
      [
        'installation_repositories',
        { action: 'removed', installation: { id: 1 }, repositories_removed: [{}] },
        400,
      ],
      [
        'repository',
        { action: 'renamed', installation: { id: 1 }, repository: { id: 1, full_name: 'a/b' } },
        200,
      ],
      ['repository', { action: 'deleted', installation: { id: 1 } }, 400],
    ];
    for (const [event, payload, status] of table)
      expect(await tell(tenants, event, payload), `${event} ${JSON.stringify(payload)}`).toBe(status);
  });

  test('while it is suspended nothing comes by itself; afterwards it does', async () => {
    const { second, play } = tenants;
    const due = async () => {
      const { rows } = await sql<{ sampled: number; boards: number; checkpoints: number }>`
      select
        (select count(*) from sampling join incident on id = incident_id where installation_id = ${second.installationId}) as sampled,
        (select count(*) from board join incident on id = incident_id
          where installation_id = ${second.installationId} and due_at is not null) as boards,
        (select count(*) from checkpoint join incident on id = incident_id
          where installation_id = ${second.installationId} and state = 'pending') as checkpoints`.execute(
        store.db,
      );
      return rows[0];
    };
    expect(await due()).toEqual({ sampled: 1, boards: 1, checkpoints: 1 });
    // Not so, says GitHub.
    await tell(tenants, 'installation', installationPayload('suspend', second.installationId));
    expect(await due()).toEqual({ sampled: 1, boards: 1, checkpoints: 1 });
    play.github.suspend(second.installationId, true);
    await tell(tenants, 'installation', installationPayload('suspend', second.installationId));
    expect(await due()).toEqual({ sampled: 0, boards: 0, checkpoints: 0 });
    play.github.suspend(second.installationId, false);
    await tell(tenants, 'installation', installationPayload('unsuspend', second.installationId));
    expect(await due()).toEqual({ sampled: 1, boards: 1, checkpoints: 1 });
  });

  describe('when the App was uninstalled', () => {
    const guid = randomUUID();
    let before: Row[];
    let after: Row[];
    beforeAll(async () => {
      const { play, first } = tenants;
      before = await everything(store);
      play.github.uninstall(first.installationId);
      expect(
        await tell(tenants, 'installation', installationPayload('deleted', first.installationId), guid),
      ).toBe(202);
      await forgetAgain({ store, queue }, { installationId: first.installationId, repositoryId: null }, guid);
      after = await everything(store);
    });

    test('every kind of data was there to be found', () => {
      const { first } = tenants;
      const found = namesOf(holding(before, ['ALPHA', first.installationId, first.repositoryId]));
      for (const table of [
        'audit',
        'board',
        'delivery',
        'etag',
        'github_write',
        'history_read',
        'incident',
        'incident_event',
        'own_templates',
        'publication',
        'role_seen',
        'snapshot',
      ])
        expect(found).toContain(`public.${table}`);
      expect(found).toContain('pgboss.job_common');
    });

    test('nothing of it is left in any column of any table', () => {
      const { first } = tenants;
      expect(holding(after, ['ALPHA', 'shop-before'])).toEqual([]);
      const ids = holding(after, [first.installationId, first.repositoryId]);
      expect(ids.filter(({ table }) => !mayKnowTheId.has(table))).toEqual([]);
      expect(holding(after, [first.repositoryId])).toEqual([]);
    });

    test('one entry of the audit tells that it was removed, and names nobody', async () => {
      const entries = await readAudit(store.db, {}, { after: 0, limit: 10_000 });
      const told = entries.filter(({ installationId }) => installationId === tenants.first.installationId);
      expect(told).toMatchObject([
        { who: 'sitrep', what: 'installation removed', repository: null, detail: null, delivery: guid },
      ]);
    });

    test('the neighbour with equal names has every row that it had', () => {
      expect(ofSecond(before).length).toBeGreaterThan(20);
      expect(ofSecond(after)).toEqual(ofSecond(before));
    });

    test('the same webhook again, and an old one after a new installation, delete nothing', async () => {
      const { play, first, second } = tenants;
      expect(
        await tell(tenants, 'installation', installationPayload('deleted', first.installationId), guid),
      ).toBe(202);
      expect(await tell(tenants, 'installation', installationPayload('deleted', first.installationId))).toBe(
        202,
      );
      const rows = await everything(store);
      expect(holding(rows, ['BRAVO']).length).toBe(holding(after, ['BRAVO']).length);
      expect(play.github.refusals.filter((text) => text.includes(String(second.installationId)))).toEqual([]);
    });

    test('a webhook of it that comes late is taken and leaves nothing', async () => {
      const { first } = tenants;
      const late = {
        action: 'created',
        installation: { id: first.installationId },
        repository: {
          id: first.repositoryId,
          name: 'shop',
          full_name: 'acme/shop',
          private: true,
          owner: { login: 'acme' },
        },
        sender: { login: 'carol', type: 'User' },
        issue: {
          number: issue,
          title: 'ALPHA',
          html_url: 'https://github.com/acme/shop/issues/13',
          state: 'open',
          created_at: '2026-03-03T10:26:00Z',
          comments: 1,
          labels: [],
        },
        comment: {
          id: 1,
          html_url: 'https://github.com/acme/shop/issues/13#issuecomment-1',
          body: '/status',
          updated_at: '2026-03-03T11:00:00Z',
          user: { login: 'carol', type: 'User' },
        },
      };
      expect(await tell(tenants, 'issue_comment', late)).toBe(202);
      expect(holding(await everything(store), ['ALPHA', first.repositoryId])).toEqual([]);
    });
  });

  describe('when one repository was taken away', () => {
    test('nothing of it is left, and it begins anew when it is there again', async () => {
      const { play, second } = tenants;
      const payload = {
        action: 'removed',
        installation: { id: second.installationId },
        repository_selection: 'selected',
        repositories_added: [],
        repositories_removed: [
          { id: second.repositoryId, full_name: 'acme/shop', name: 'shop', private: true },
        ],
        sender: { login: 'alice', type: 'User' },
      };
      await tell(tenants, 'installation_repositories', payload);
      expect(holding(await everything(store), ['BRAVO']).length).toBeGreaterThan(5);
      const back = play.github.withhold(second.installationId);
      const guid = randomUUID();
      await tell(tenants, 'installation_repositories', payload, guid);
      await forgetAgain({ store, queue }, second, guid);
      const rows = await everything(store);
      expect(holding(rows, ['BRAVO', 'acme/shop'])).toEqual([]);
      const named = namesOf(holding(rows, [second.repositoryId]));
      expect(named.filter((table) => !mayKnowTheId.has(table))).toEqual([]);
      back();
      play.clock.advance(1_000);
      const [answer = ''] = await second.say('carol', '/status');
      expect(answer).toContain('BRAVO');
      expect(holding(await everything(store), ['BRAVO']).length).toBeGreaterThan(3);
    });
  });

  describe('when the App is uninstalled in the midst of a look', () => {
    test('nothing of it is posted or kept', async () => {
      const { play, second } = tenants;
      const guid = randomUUID();
      const payload = installationPayload('deleted', second.installationId);
      const came = second.people.thread(issue).filter(({ bot }) => bot).length;
      const told = Promise.withResolvers<number>();
      play.github.when({ pathIncludes: '/graphql' }, () => {
        play.github.uninstall(second.installationId);
        tell(tenants, 'installation', payload, guid).then(told.resolve, told.reject);
      });
      await second.say('carol', '/status');
      expect(await told.promise).toBe(202);
      expect(second.people.thread(issue).filter(({ bot }) => bot)).toHaveLength(came);
      await forgetAgain(
        { store, queue },
        { installationId: second.installationId, repositoryId: null },
        guid,
      );
      const rows = await everything(store);
      expect(holding(rows, ['BRAVO', 'acme/shop'])).toEqual([]);
      const named = namesOf(holding(rows, [second.installationId, second.repositoryId]));
      expect(named.filter((table) => !mayKnowTheId.has(table))).toEqual([]);
    });
  });
});
