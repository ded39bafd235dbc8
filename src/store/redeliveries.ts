import { sql, type Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** How often GitHub was asked to send each of these deliveries again, by GUID; none is left out. */
export async function redeliveriesOf(
  db: Kysely<Database>,
  guids: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map(guids.map((guid) => [guid, 0]));
  if (guids.length === 0) return counts;
  const rows = await db
    .selectFrom('redelivery')
    .select(['guid', 'attempts'])
    .where('guid', 'in', guids)
    .execute();
  for (const { guid, attempts } of rows) counts.set(guid, attempts);
  return counts;
}

/** Notes that GitHub is asked once more: before it is, so that a process that dies over it is counted too. */
export async function noteRedelivery(db: Kysely<Database>, guid: string): Promise<void> {
  const values = { attempts: 1, last_at: sql<Date>`clock_timestamp()` };
  await db
    .insertInto('redelivery')
    .values({ guid, ...values })
    .onConflict((conflict) =>
      conflict.column('guid').doUpdateSet({ ...values, attempts: sql`redelivery.attempts + 1` }),
    )
    .execute();
}

/** Forgets those of more than a week ago: GitHub redelivers for three days. */
export async function pruneRedeliveries(db: Kysely<Database>): Promise<void> {
  await sql`delete from redelivery where last_at < clock_timestamp() - interval '7 days'`.execute(db);
}
