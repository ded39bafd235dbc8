import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import type { TroubleKind } from '../core/troubles.ts';
import type { Database } from './schema.ts';

/**
 * Troubles of Sitrep itself, the last of each kind, as all processes together see them: one lasts while any of them sees
 * it. By the database's clock.
 */

/** A trouble as it is recorded. */
export interface StoredTrouble {
  kind: TroubleKind;
  beganAt: Date;
  /** When a process saw last that it lasts. */
  seenAt: Date;
  /** Null while it lasts. */
  overAt: Date | null;
  /** What was told of it on the operator's issue. */
  told: 'nothing' | 'begun' | 'over';
}

/** Notes that this process sees a trouble, which began so long ago here. One whose end was not told goes on. */
export async function noteTrouble(db: Kysely<Database>, kind: TroubleKind, sinceMs: number): Promise<void> {
  await sql`
    insert into trouble (kind, began_at, seen_at)
    values (${kind}, clock_timestamp() - ${sinceMs} * interval '1 millisecond', clock_timestamp())
    on conflict (kind) do update set
      seen_at = excluded.seen_at,
      over_at = null,
      began_at = case when ${goesOn} then trouble.began_at else excluded.began_at end,
      told = case when ${goesOn} then trouble.told else 'nothing' end`.execute(db);
}

const goesOn = sql`(trouble.over_at is null or trouble.told = 'begun')`;

/** Notes that this process sees none of these; each is over when no process has seen it for so long. */
export async function endTroubles(
  db: Kysely<Database>,
  kinds: readonly TroubleKind[],
  unseenMs: number,
): Promise<void> {
  await sql`
    update trouble set over_at = clock_timestamp()
    where kind = any(${[...kinds]}::text[]) and over_at is null
      and seen_at < clock_timestamp() - ${unseenMs} * interval '1 millisecond'`.execute(db);
}

/**
 * Notes a trouble that is over, and that could not be noted while it lasted. Other processes had the same: who says so
 * within five minutes of its end adds nothing.
 */
export async function notePastTrouble(
  db: Kysely<Database>,
  kind: TroubleKind,
  { beganMs, endedMs }: { beganMs: number; endedMs: number },
): Promise<void> {
  await sql`
    insert into trouble (kind, began_at, seen_at, over_at)
    values (${kind}, ${ago(beganMs)}, ${ago(endedMs)}, ${ago(endedMs)})
    on conflict (kind) do update set
      began_at = excluded.began_at, seen_at = excluded.seen_at, over_at = excluded.over_at, told = 'nothing'
    where trouble.over_at < excluded.over_at - interval '5 minutes'`.execute(db);
}

/** The troubles that last, the oldest first. */
export async function openTroubles(db: Kysely<Database>): Promise<StoredTrouble[]> {
  const rows = await db
    .selectFrom('trouble')
    .selectAll()
    .where('over_at', 'is', null)
    .orderBy('began_at')
    .execute();
  return rows.map(asStored);
}

/** When a kind of trouble is told of. */
export interface Telling {
  /** Its beginning once in so long; the end of what was told always. Milliseconds. */
  apartMs: number;
  /** Of these nothing can be told while they last. */
  onlyWhenOver: readonly TroubleKind[];
}

/** Whether there is something to tell: that a trouble began, or is over. */
export async function hasUntold(db: Kysely<Database>, telling: Telling): Promise<boolean> {
  const row = await db
    .selectFrom('trouble')
    .select('kind')
    .where(isUntold(telling))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes the troubles of which there is something to tell; what another process is telling now is left to it. */
export async function takeUntold(trx: Transaction<Database>, telling: Telling): Promise<StoredTrouble[]> {
  const rows = await trx
    .selectFrom('trouble')
    .selectAll()
    .where(isUntold(telling))
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { kind, over_at: overAt } of rows)
    await trx
      .updateTable('trouble')
      .set({ told: overAt === null ? 'begun' : 'over', told_at: sql<Date>`clock_timestamp()` })
      .where('kind', '=', kind)
      .execute();
  return rows.map(asStored);
}

function ago(milliseconds: number): RawBuilder<Date> {
  return sql<Date>`clock_timestamp() - ${milliseconds} * interval '1 millisecond'`;
}

function isUntold({ apartMs, onlyWhenOver }: Telling): RawBuilder<boolean> {
  return sql<boolean>`(told = 'begun' and over_at is not null) or (told = 'nothing'
    and (over_at is not null or kind <> all(${[...onlyWhenOver]}::text[]))
    and (told_at is null or told_at < clock_timestamp() - ${apartMs} * interval '1 millisecond'))`;
}

function asStored(row: {
  kind: TroubleKind;
  began_at: Date;
  seen_at: Date;
  over_at: Date | null;
  told: StoredTrouble['told'];
}): StoredTrouble {
  return {
    kind: row.kind,
    beganAt: row.began_at,
    seenAt: row.seen_at,
    overAt: row.over_at,
    told: row.told,
  };
}
