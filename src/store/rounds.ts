import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

/**
 * Takes the turn of work that comes round every `everyMs`: true in one process of all, when it is due; then it is next
 * due so long from now. With `atStart` also when it was last taken more than `fresh` ago, whatever is due: a process
 * that starts may have been away. By the database's clock. Enqueue the work in the same transaction.
 */
export async function takeRound(
  trx: Transaction<Database>,
  name: string,
  { everyMs, atStart }: { everyMs: number; atStart: boolean },
): Promise<boolean> {
  // Replicas that start together start it once: what was taken half a minute ago counts.
  const early = atStart ? everyMs - Math.min(30_000, everyMs / 2) : 0;
  const { rows } = await sql`
    insert into round (name, due_at) values (${name}, clock_timestamp() + ${everyMs} * interval '1 millisecond')
    on conflict (name) do update set due_at = excluded.due_at
    where round.due_at <= clock_timestamp() + ${early} * interval '1 millisecond'
    returning name`.execute(trx);
  return rows.length > 0;
}

/** Up to where a round has seen, in the time of what it looks at; null before the first. */
export async function seenUntil(db: Kysely<Database>, name: string): Promise<Date | null> {
  const row = await db.selectFrom('round').select('seen_until').where('name', '=', name).executeTakeFirst();
  return row?.seen_until ?? null;
}

/** Records up to where a round has seen. It never goes back. */
export async function markSeen(db: Kysely<Database>, name: string, until: Date): Promise<void> {
  await db
    .updateTable('round')
    .set({ seen_until: sql`greatest(seen_until, ${until}::timestamptz)` })
    .where('name', '=', name)
    .execute();
}
