import type { DatabaseThread } from '../../src/store/embedded.thread.ts';

/** What a fresh database holds. */
export interface Picture {
  /** Its tables, functions and triggers: where these are others, nobody knows how to make it fresh again. */
  catalogue: string;
  /** The rows of the tables that have any, as JSON. */
  rows: ReadonlyMap<string, string>;
}

type Thread = Pick<DatabaseThread, 'call'>;

/** What was made by others than the database itself. */
const ours = 'oid >= 16384';

const catalogue = `
  select concat_ws(' ',
    (select string_agg(concat_ws(' ', oid, relname, relkind, relhastriggers), ',' order by oid) from pg_class where ${ours}),
    (select string_agg(concat_ws(' ', attrelid, attname, atttypid, attnotnull, atthasdef), ',' order by attrelid, attnum)
     from pg_attribute where attrelid >= 16384 and attnum > 0),
    (select string_agg(concat_ws(' ', oid, md5(pg_get_constraintdef(oid))), ',' order by oid) from pg_constraint where ${ours}),
    (select string_agg(concat_ws(' ', oid, md5(prosrc)), ',' order by oid) from pg_proc where ${ours}),
    (select string_agg(concat_ws(' ', oid, tgenabled), ',' order by oid) from pg_trigger where ${ours}),
    (select count(*) from pg_db_role_setting)
  ) as text`;

/** Tables that take room; also those whose rows are deleted do. */
const filled = `
  select format('%I.%I', nspname, relname) as text
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where relkind = 'r' and pg_class.${ours} and pg_relation_size(pg_class.oid) > 0
  order by 1`;

const restartSequences = `
  select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
  from pg_sequences where last_value is not null`;

/** What the planner was told of rows that are gone. */
const forgetStatistics = 'delete from pg_statistic where starelid >= 16384';

/** Takes the picture; null where there are no tables yet. */
export async function pictureOf(thread: Thread): Promise<Picture | null> {
  const tables = await texts(thread, filled);
  if (tables.length === 0) return null;
  const rows = new Map<string, string>();
  for (const table of tables) rows.set(table, await rowsOf(thread, table));
  return { catalogue: await catalogueOf(thread), rows };
}

/** Makes the database as it is in the picture; false where it cannot be. */
export async function restore(thread: Thread, picture: Picture): Promise<boolean> {
  await run(thread, 'rollback');
  await run(thread, 'discard all');
  // As PGlite has it from its start.
  await run(thread, 'set search_path to public');
  if ((await catalogueOf(thread)) !== picture.catalogue) return false;
  // The triggers of the audit would let nobody empty it.
  await run(thread, 'set session_replication_role = replica');
  const others = (await texts(thread, filled)).filter((table) => !picture.rows.has(table));
  if (others.length > 0) await run(thread, `truncate ${others.join(', ')} cascade`);
  for (const [table, rows] of picture.rows) {
    if ((await rowsOf(thread, table)) === rows) continue;
    await run(thread, `delete from ${table}`);
    await run(thread, `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      rows,
    ]);
  }
  await run(thread, restartSequences);
  await run(thread, forgetStatistics);
  await run(thread, 'reset session_replication_role');
  return true;
}

async function catalogueOf(thread: Thread): Promise<string> {
  return (await texts(thread, catalogue)).join();
}

async function rowsOf(thread: Thread, table: string): Promise<string> {
  const row = `select json_agg(line order by line::text)::text as text from ${table} as line`;
  return (await texts(thread, row)).join();
}

async function texts(thread: Thread, statement: string): Promise<string[]> {
  const { rows } = await thread.call<{ text: string | null }>({ kind: 'query', text: statement, values: [] });
  return rows.map(({ text }) => text ?? '[]');
}

async function run(thread: Thread, text: string, values: readonly unknown[] = []): Promise<void> {
  await thread.call({ kind: 'query', text, values });
}
