import { CompiledQuery, sql, type Kysely, type Transaction } from 'kysely';
import type { TransferRow } from '../core/transfer.ts';
import type { Database } from './schema.ts';

/** How rows leave a database and come into another, whichever of the two engines each is. */

/** A table whose rows go along. */
interface Transferred {
  table: string;
  /** By which its rows are in the same order each time, on every engine: a key, or all columns. */
  by: string;
}

/** All tables whose rows go along, each behind those that its rows refer to. A test fails where a table is in neither list. */
export const transferred: readonly Transferred[] = [
  { table: 'delivery', by: 'guid collate "C"' },
  { table: 'redelivery', by: 'guid collate "C"' },
  { table: 'incident', by: 'id' },
  { table: 'publication', by: 'id' },
  { table: 'acknowledgement', by: 'publication_id, comment_id, content collate "C"' },
  { table: 'incident_event', by: 'id' },
  { table: 'snapshot', by: 'id' },
  { table: 'checkpoint', by: 'incident_id, kind collate "C"' },
  { table: 'board', by: 'incident_id' },
  { table: 'criterion_state', by: 'incident_id, kind collate "C", id collate "C"' },
  { table: 'kept_label', by: 'incident_id, name collate "C"' },
  { table: 'sampling', by: 'incident_id' },
  { table: 'sample', by: 'incident_id, at' },
  { table: 'notification', by: 'id' },
  { table: 'history', by: 'repository_id, issue' },
  { table: 'history_read', by: 'repository_id' },
  { table: 'own_templates', by: 'repository_id' },
  { table: 'etag', by: 'key collate "C"' },
  { table: 'role_seen', by: 'repository_id, login collate "C"' },
  { table: 'github_budget', by: 'installation_id' },
  { table: 'github_write', by: 'installation_id, at' },
  { table: 'google_budget', by: 'project collate "C", api collate "C"' },
  { table: 'google_read', by: 'project collate "C", api collate "C", at, reads' },
  { table: 'google_window', by: 'project collate "C"' },
  { table: 'audit', by: 'id' },
  { table: 'trouble', by: 'kind collate "C"' },
  { table: 'forgotten', by: 'installation_id, repository_id' },
  { table: 'round', by: 'name collate "C"' },
];

/** Tables whose rows stay, and why. */
export const leftBehind: Readonly<Record<string, string>> = {
  google_answer: 'answers of Google Cloud, which no backup is to hold, and which are used for 30 s',
  doubt: 'raised anew by whoever puts the file into a database',
};

/** Rows that are in memory at a time: at most so many, and about so many bytes of them. */
const page = { rows: 100, bytes: 1024 * 1024 };

/** Runs within a transaction: all that is read belongs together, and reads as it does on the other engine. */
export async function beginReading(trx: Transaction<Database>): Promise<void> {
  await sql`set local timezone = 'UTC'`.execute(trx);
}

/** How many rows there are of each table; tables that a database of an earlier version lacks are left out. */
export async function countRows(trx: Transaction<Database>): Promise<Record<string, number>> {
  const there = await tablesOf(trx);
  const counts: Record<string, number> = {};
  for (const { table } of transferred) {
    if (!there.has(table)) continue;
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
      trx,
    );
    counts[table] = rows[0]?.count ?? 0;
  }
  return counts;
}

/** The rows of all tables, a page at a time, in an order that is the same each time. */
export async function* rowsOfTables(trx: Transaction<Database>): AsyncGenerator<TransferRow[]> {
  const there = await tablesOf(trx);
  for (const { table, by } of transferred)
    if (there.has(table)) yield* pagesOf(trx, table, `select * from ${table} order by ${by}`);
}

/** The rows of a query as the database's own JSON, a page at a time. */
export async function* pagesOf<Tables>(
  trx: Transaction<Tables>,
  table: string,
  query: string,
): AsyncGenerator<TransferRow[]> {
  const run = (text: string) => trx.executeQuery<{ json: string }>(CompiledQuery.raw(text));
  await run(
    `declare transferred no scroll cursor for select row_to_json(taken)::text as json from (${query}) taken`,
  );
  for (let size = 1; ;) {
    const { rows } = await run(`fetch ${String(size)} from transferred`);
    if (rows.length === 0) break;
    yield rows.map(({ json }) => ({ table, json }));
    const bytes = rows.reduce((sum, { json }) => sum + json.length, 0);
    size = Math.max(1, Math.min(page.rows, 2 * size, Math.floor((rows.length * page.bytes) / bytes)));
  }
  await run('close transferred');
}

/** Which of the tables hold rows: none where the database is empty. Until the transaction ends, nobody else writes there. */
export async function filledTables(trx: Transaction<Database>): Promise<string[]> {
  const there = [...(await tablesOf(trx))].filter((table) => transferred.some((one) => one.table === table));
  await sql`lock table ${sql.join(there.map((table) => sql.table(table)))} in exclusive mode`.execute(trx);
  const filled: string[] = [];
  for (const table of there) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(trx);
    if (rows.length > 0) filled.push(table);
  }
  return filled.toSorted();
}

/** Adds rows of one table, as they were taken; gives how many. */
export async function addRows(
  trx: Transaction<Database>,
  table: string,
  rows: readonly string[],
): Promise<number> {
  const { rows: columns } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = ${table} order by ordinal_position`.execute(trx);
  const names = sql.join(columns.map(({ name }) => sql.ref(name)));
  const { numAffectedRows = 0n } = await sql`
    insert into ${sql.table(table)} (${names}) overriding system value
    select ${names} from json_populate_recordset(null::${sql.table(table)}, ${`[${rows.join(',')}]`}::json)`.execute(
    trx,
  );
  return Number(numAffectedRows);
}

/** Numbers that the database gives out go on behind the highest that was added. */
export async function continueNumbers(trx: Transaction<Database>): Promise<void> {
  const there = await tablesOf(trx);
  for (const table of ['snapshot', 'incident_event', 'audit'].filter((name) => there.has(name)))
    await sql`
      select setval(pg_get_serial_sequence(${table}, 'id'), coalesce(max(id), 1), max(id) is not null)
      from ${sql.table(table)}`.execute(trx);
}

/** How many other sessions of Sitrep there are on a PostgreSQL server's database: servers, or commands that look. */
export async function otherSessions(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and application_name = 'sitrep' and pid <> pg_backend_pid()`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

async function tablesOf<Tables>(db: Kysely<Tables>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
