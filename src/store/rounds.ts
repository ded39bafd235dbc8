import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** Processes that start together take a round once: so long after it was taken it is not taken for a start. */
const startsTogetherMs = 30_000;

/**
 * Takes the turn of work that comes round every `everyMs`: true in one process of all, when it is due; then it is next
 * due so long from now. A process that starts may have been away: `atStart` takes the turn whatever is due, or, where it
 * was taken in the last half minute, makes it due when that is over. By the database's clock. Enqueue the work in the same
 * transaction.
 */
export async function takeRound(
  trx: Transaction<Database>,
  name: string,
  { everyMs, atStart }: { everyMs: number; atStart: boolean },
): Promise<boolean> {
  const next = sql`clock_timestamp() + ${everyMs} * interval '1 millisecond'`;
  const together = sql`${startsTogetherMs} * interval '1 millisecond'`;
  const { rows } = await sql`
    insert into round (name, due_at, taken_at) values (${name}, ${next}, clock_timestamp())
    on conflict (name) do update set due_at = ${next}, taken_at = clock_timestamp()
    where round.due_at <= clock_timestamp()
      or (${atStart}::boolean and round.taken_at <= clock_timestamp() - ${together})
    returning name`.execute(trx);
  if (rows.length > 0) return true;
  if (atStart)
    await sql`update round set due_at = least(due_at, taken_at + ${together}) where name = ${name}`.execute(
      trx,
    );
  return false;
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
