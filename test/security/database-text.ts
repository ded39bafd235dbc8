import { sql } from 'kysely';
import { open } from '../store/engines.ts';

/** All that a database holds as text, by table; of answers of Google, which are encrypted, all but these. */
export async function textsOfDatabase(url: string): Promise<{ table: string; text: string; rows: number }[]> {
  const store = await open(url);
  try {
    const { rows: tables } = await sql<{ schema: string; name: string }>`
      select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
      store.db,
    );
    const found = [];
    for (const { schema, name } of tables) {
      const { rows } = await sql<{ text: string }>`
        select (to_jsonb(held) - 'sealed')::text as text from ${sql.id(schema, name)} held`.execute(store.db);
      found.push({
        table: `${schema}.${name}`,
        text: rows.map(({ text }) => text).join('\n'),
        rows: rows.length,
      });
    }
    return found;
  } finally {
    await store.close();
  }
}
