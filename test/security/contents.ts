import { createHash } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';

/** What the tables of a database hold: of each, how many rows and a digest of them. */
export type Contents = Record<string, string>;

/**
 * Kept by timers, whatever is delivered: the turns of the sweep, and what pg-boss notes of its own upkeep. Of its jobs
 * those of the sweep are left out for the same reason.
 */
const keptByTimers = /^(?:public\.round|pgboss\.(?:version|queue|schedule|bam|job_\w+|warning))$/u;
const left: Readonly<Record<string, string>> = { 'pgboss.job': `where name <> 'sweep'` };

/** Reads every table of a PostgreSQL database. */
export async function contentsOf(databaseUrl: string): Promise<Contents> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `select schemaname as schema, tablename as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`,
    );
    const contents: Contents = {};
    for (const { schema, name } of tables) {
      const table = `${schema}.${name}`;
      if (keptByTimers.test(table)) continue;
      const from = `${escapeIdentifier(schema)}.${escapeIdentifier(name)} as t ${left[table] ?? ''}`;
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${from} order by 1`);
      const digest = createHash('sha256')
        .update(rows.map(({ row }) => row).join('\n'))
        .digest('hex');
      contents[table] = `${String(rows.length)} rows, ${digest}`;
    }
    return contents;
  } finally {
    await client.end();
  }
}
