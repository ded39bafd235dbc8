import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { prune } from '../../src/composition/retention.ts';
import { startQueue } from '../../src/queue/queue.ts';
import type { Store } from '../../src/store/open.ts';
import { retentions } from '../../src/store/retention.ts';
import { engines, open, silentLog, type TestDatabase } from '../store/engines.ts';

/** Each kind of data goes when it has been kept long enough, and not before. */

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const { all, stop } = engines();
afterAll(stop);

const openIncident = '00000000-0000-4000-8000-000000000001';
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A time so many seconds ago, as SQL, by the database's clock. */
const ago = (seconds: number) => `(clock_timestamp() - interval '${String(seconds)} seconds')`;

/** Rows of one table on both sides of its limit: an insert for a given age in seconds. */
interface Case {
  table: string;
  /** Seconds. */
  limit: number;
  insert: (at: string, id: number) => string;
}

const uuid = (id: number) => `'00000000-0000-4000-9000-${String(id).padStart(12, '0')}'`;
const incidentRow = (at: string, id: number, more: { columns: string; values: string }) =>
  `insert into incident (id, installation_id, repository_id, repository, issue, title, stage, declared_at, updated_at, ${more.columns})
   values (${uuid(id)}, 1, 7, 'acme/shop', ${String(id)}, 't', 'investigating', ${at}, ${at}, ${more.values})`;
const publicationRow = (at: string, id: number, incident: string, state: string) =>
  `insert into publication (id, incident_id, installation_id, repository, issue, kind, body, body_hash, state, created_at)
   values (${uuid(id)}, ${incident}, 1, 'acme/shop', 1, 'status', 'text', 'h', '${state}', ${at})`;

const cases: [what: string, Case][] = [
  [
    'deliveries that were carried out',
    {
      table: 'delivery',
      limit: 7 * day,
      insert: (at, id) => `insert into delivery (guid, event, received_at, payload, state, finished_at)
        values ('${String(id)}', 'issues', ${at}, '{}', 'done', ${at})`,
    },
  ],
  [
    'deliveries that were given up',
    {
      table: 'delivery',
      limit: 7 * day,
      insert: (at, id) => `insert into delivery (guid, event, received_at, payload, state, finished_at)
        values ('${String(id)}', 'issues', ${at}, '{}', 'failed', ${at})`,
    },
  ],
  [
    'deliveries that GitHub was asked for again',
    {
      table: 'redelivery',
      limit: 7 * day,
      insert: (at, id) =>
        `insert into redelivery (guid, attempts, last_at) values ('${String(id)}', 1, ${at})`,
    },
  ],
  [
    'incidents that are over',
    {
      table: 'incident',
      limit: 730 * day,
      insert: (at, id) => incidentRow(at, id, { columns: 'declared, watched', values: 'true, false' }),
    },
  ],
  [
    'issues where Sitrep only answered',
    {
      table: 'incident',
      limit: 90 * day,
      insert: (at, id) => incidentRow(at, id, { columns: 'declared, watched', values: 'false, false' }),
    },
  ],
  [
    'postings without an incident',
    {
      table: 'publication',
      limit: 90 * day,
      insert: (at, id) => publicationRow(at, id, 'null', 'sent'),
    },
  ],
  [
    'notifications',
    {
      table: 'notification',
      limit: 90 * day,
      insert: (
        at,
        id,
      ) => `insert into notification (id, incident_id, contact, channel, body, state, created_at, settled_at)
        values (${uuid(id)}, '${openIncident}', 'infra', 'C', '{}', 'sent', ${at}, ${at})`,
    },
  ],
  [
    'roles that were seen',
    {
      table: 'role_seen',
      limit: day,
      insert: (at, id) => `insert into role_seen (installation_id, repository_id, login, role, at)
        values (1, 7, 'p${String(id)}', 'write', ${at})`,
    },
  ],
  [
    'configurations',
    {
      table: 'etag',
      limit: 30 * day,
      insert: (at, id) => `insert into etag (installation_id, repository_id, key, etag, body, used_at)
        values (1, 7, 'k${String(id)}', 'e', 'b', ${at})`,
    },
  ],
  [
    'templates',
    {
      table: 'own_templates',
      limit: 90 * day,
      insert: (at, id) => `insert into own_templates (installation_id, repository_id, digest, body, seen_at)
        values (1, ${String(id)}, 'd', '{}', ${at})`,
    },
  ],
  [
    'answers of Google',
    {
      table: 'google_answer',
      limit: minute,
      insert: (at, id) =>
        `insert into google_answer (key, read_at, sealed, kept_at) values ('${String(id)}', ${at}, '', ${at})`,
    },
  ],
  [
    'reads of Google',
    {
      table: 'google_read',
      limit: hour,
      insert: (at, id) =>
        `insert into google_read (project, api, at, reads) values ('p${String(id)}', 'a', ${at}, 1)`,
    },
  ],
  [
    'projects that were read',
    {
      table: 'google_window',
      limit: day,
      insert: (at, id) => `insert into google_window (project, ends_at) values ('p${String(id)}', ${at})`,
    },
  ],
  [
    'writes to GitHub',
    {
      table: 'github_write',
      limit: hour,
      insert: (at) => `insert into github_write (installation_id, at) values (1, ${at})`,
    },
  ],
  [
    'budgets of writes',
    {
      table: 'github_budget',
      limit: 30 * day,
      insert: (at, id) =>
        `insert into github_budget (installation_id, bucket_full_at) values (${String(id)}, ${at})`,
    },
  ],
  [
    'the audit',
    {
      table: 'audit',
      limit: 730 * day,
      insert: (at) => `insert into audit (at, who, what) values (${at}, 'carol', 'command')`,
    },
  ],
  [
    'installations that were removed',
    {
      table: 'forgotten',
      limit: 90 * day,
      insert: (at, id) =>
        `insert into forgotten (installation_id, repository_id, at) values (${String(id)}, 0, ${at})`,
    },
  ],
  [
    'repositories that were taken away',
    {
      table: 'forgotten',
      limit: day,
      insert: (at, id) =>
        `insert into forgotten (installation_id, repository_id, at) values (1, ${String(id)}, ${at})`,
    },
  ],
];

/** PGlite in a directory is the same engine as in memory. */
describe.each(all.filter(({ name }) => name !== 'PGlite in a directory'))('on $name', ({ create }) => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await create();
    store = await open(database.url);
  });
  afterEach(async () => {
    await store.run(`delete from incident; delete from publication; delete from history; delete from history_read;
      delete from delivery; select forget_audit_before(now() + interval '1 day')`);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  const logged: object[] = [];
  const pruneNow = async () => {
    await prune(store, new Date(), { warn: (fields) => void logged.push(fields) });
    expect(logged).toEqual([]);
  };
  const count = async (table: string) => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
      store.db,
    );
    return rows[0]?.count;
  };
  /** Longer than a test takes, shorter than the shortest limit. */
  const margin = 30;
  const anIncident = () =>
    store.run(`insert into incident (id, installation_id, repository_id, repository, issue, title, stage, declared_at,
        updated_at, declared, watched)
      values ('${openIncident}', 1, 7, 'acme/shop', 1, 't', 'investigating', now(), now(), true, true)`);

  test.each(cases)('%s', async (_what, { table, limit, insert }) => {
    await anIncident();
    const before = await count(table);
    await store.run(insert(ago(limit + margin), 1001));
    await store.run(insert(ago(limit - margin), 1002));
    expect(await count(table)).toBe((before ?? 0) + 2);
    await pruneNow();
    expect(await count(table)).toBe((before ?? 0) + 1);
  });

  test('an incident that is still watched, and a delivery that is not carried out, stay however old they are', async () => {
    await store.run(
      incidentRow(ago(2_000 * day), 1003, { columns: 'declared, watched', values: 'true, true' }),
    );
    await store.run(
      `insert into delivery (guid, event, received_at, payload) values ('old', 'issues', ${ago(90 * day)}, '{}')`,
    );
    await pruneNow();
    expect([await count('incident'), await count('delivery')]).toEqual([1, 1]);
  });

  test('with an incident goes what hangs on it, and with the last of a repository its earlier incidents', async () => {
    await store.run(
      incidentRow(ago(731 * day), 1004, { columns: 'declared, watched', values: 'true, false' }),
    );
    await store.run(`
      insert into incident_event (incident_id, key, at, recorded_at, by, body) values (${uuid(1004)}, 'k', now(), now(), 'carol', '{}');
      insert into snapshot (incident_id, taken_at, body) values (${uuid(1004)}, now(), '{}');
      insert into sample (incident_id, at, badness, reads, figures) values (${uuid(1004)}, now(), 0, 'r', '{}');
      insert into kept_label (incident_id, name, wanted) values (${uuid(1004)}, 'P0', true);
      insert into board (incident_id) values (${uuid(1004)});
      insert into checkpoint (incident_id, kind, due_at) values (${uuid(1004)}, '2h', now());
      insert into history (installation_id, repository_id, issue, updated_at, body) values (1, 7, 5, now(), '{}');
      insert into history_read (repository_id, installation_id, repository, due_at) values (7, 1, 'acme/shop', now())`);
    await pruneNow();
    for (const table of [
      'incident_event',
      'snapshot',
      'sample',
      'kept_label',
      'board',
      'checkpoint',
      'history',
      'history_read',
    ])
      expect(await count(table), table).toBe(0);
  });

  test('of an old posting of an incident the text goes, and where it stands stays', async () => {
    await anIncident();
    await store.run(publicationRow(ago(91 * day), 1005, `'${openIncident}'`, 'sent'));
    await store.run(publicationRow(ago(89 * day), 1006, `'${openIncident}'`, 'sent'));
    await store.run(publicationRow(ago(91 * day), 1007, `'${openIncident}'`, 'pending'));
    await pruneNow();
    const rows = await store.db.selectFrom('publication').select('body').orderBy('id').execute();
    expect(rows.map(({ body }) => body)).toEqual(['', 'text', 'text']);
  });

  test('one kind that cannot be pruned holds up no other, and the log says so', async () => {
    await store.run(
      `insert into role_seen (installation_id, repository_id, login, role, at) values (1, 7, 'old', 'write', ${ago(2 * day)})`,
    );
    await store.run('alter table redelivery rename to redelivery_away');
    const told: object[] = [];
    await prune(store, new Date(), { warn: (fields) => void told.push(fields) });
    await store.run('alter table redelivery_away rename to redelivery');
    expect(told).toMatchObject([{ what: expect.stringContaining('asked for again') }]);
    const left = await store.db.selectFrom('role_seen').select('login').where('login', '=', 'old').execute();
    expect(left).toEqual([]);
  });

  test('every table of the database has its row in the list, and every row its table', async () => {
    const queue = await startQueue(store, { now: () => new Date(), log: silentLog });
    await queue.stop({ graceMs: 0 });
    const { rows } = await sql<{ name: string }>`
      select case table_schema when 'public' then '' else table_schema || '.' end || table_name as name
      from information_schema.tables
      where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
        and not exists (select from pg_inherits where inhrelid = (quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass
          and inhparent = 'pgboss.queue_stats'::regclass)`.execute(store.db);
    const listed = retentions.flatMap(({ tables }) => tables);
    expect(listed.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });
});
