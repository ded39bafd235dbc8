import { sql, type Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** The clock of quotas: null for the database's own, on which all processes agree. */
export type ReadClock = (() => Date) | null;

/** Reads of one API that somebody wants to make. */
export interface WantedReads {
  project: string;
  /** Host of the API. */
  api: string;
  reads: number;
  /** The most that all processes together make in a minute. */
  perMinute: number;
}

/** What was given of them. */
export interface TakenReads {
  granted: number;
  /** Milliseconds until the next one is free; 0 where all were granted. */
  waitMs: number;
}

/** Takes reads of several APIs in one statement; what it gives is in the same order. */
export async function takeReads(
  db: Kysely<Database>,
  wanted: readonly WantedReads[],
  clock: ReadClock,
): Promise<TakenReads[]> {
  const asks = wanted.map(({ perMinute, ...ask }, place) => ({ ...ask, place, per_minute: perMinute }));
  // In one order for all, so that two processes never wait for each other.
  const { rows } = await sql<{ place: number; granted: number; wait: number }>`
    select ask.place, taken.granted, taken.wait
    from (
      select * from jsonb_to_recordset(${JSON.stringify(asks)}::jsonb)
        as asks (place integer, project text, api text, reads integer, per_minute integer)
      order by project, api
    ) ask
    cross join lateral take_google_reads(
      ask.project, ask.api, ask.reads, ask.per_minute, ${clock === null ? null : clock()}::timestamptz
    ) taken`.execute(db);
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return wanted.map((_, place) => {
    const { granted = 0, wait = 0 } = byPlace.get(place) ?? {};
    return { granted, waitMs: Math.ceil(wait * 1_000) };
  });
}

/** An answer as it is kept: its text is encrypted. */
export interface SealedAnswer {
  key: string;
  readAt: Date;
  sealed: Uint8Array;
}

/** The answers to these questions that were read after a time and not later than another. */
export async function findAnswers(
  db: Kysely<Database>,
  keys: readonly string[],
  { after, until }: { after: Date; until: Date },
): Promise<SealedAnswer[]> {
  const rows = await db
    .selectFrom('google_answer')
    .select(['key', 'read_at', 'sealed'])
    .where('key', 'in', keys)
    .where('read_at', '>', after)
    .where('read_at', '<=', until)
    .execute();
  return rows.map(({ key, read_at: readAt, sealed }) => ({ key, readAt, sealed }));
}

/** Answers that are kept at most, and their bytes together: the newest. */
const most = { answers: 500, bytes: 64 * 1024 * 1024 };

/** Keeps answers, each in place of an older one to the same question; those of more than a minute ago go. */
export async function keepAnswers(db: Kysely<Database>, answers: readonly SealedAnswer[]): Promise<void> {
  await pruneAnswers(db);
  await db
    .insertInto('google_answer')
    .values(
      answers.map(({ key, readAt, sealed }) => ({
        key,
        read_at: readAt,
        sealed,
        kept_at: sql<Date>`clock_timestamp()`,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((row) => ({
        read_at: row.ref('excluded.read_at'),
        sealed: row.ref('excluded.sealed'),
        kept_at: row.ref('excluded.kept_at'),
      })),
    )
    .execute();
}

/** Forgets answers that nobody may use any more. */
export async function pruneAnswers(db: Kysely<Database>): Promise<void> {
  await sql`
    delete from google_answer
    where kept_at < clock_timestamp() - interval '1 minute'
      or key in (
        select key
        from (
          select key, row_number() over newest as place, sum(octet_length(sealed)) over newest as bytes
          from google_answer
          window newest as (order by kept_at desc, key rows unbounded preceding)
        ) ranked
        where place > ${most.answers} or bytes > ${most.bytes}
      )`.execute(db);
}

/** Forgets the reads that count no longer, for projects that are not read any more. */
export async function pruneReads(db: Kysely<Database>): Promise<void> {
  await sql`delete from google_read where at < clock_timestamp() - interval '1 hour'`.execute(db);
}

/**
 * Where the window of a collection that starts now ends: at the end of the latest one's of the same project where that
 * lies within `withinMs` of now, so that both ask the same; else now, which later ones then adopt.
 */
export async function adoptWindowEnd(
  db: Kysely<Database>,
  project: string,
  now: Date,
  withinMs: number,
): Promise<Date> {
  const { rows } = await sql<{ ends_at: Date }>`
    insert into google_window (project, ends_at) values (${project}, ${now}::timestamptz)
    on conflict (project) do update set ends_at = case
      when abs(extract(epoch from google_window.ends_at - excluded.ends_at)) * 1000 < ${withinMs}
      then google_window.ends_at else excluded.ends_at end
    returning ends_at`.execute(db);
  return rows[0]?.ends_at ?? now;
}

/** Forgets the projects that were not read for a day. */
export async function pruneWindows(db: Kysely<Database>): Promise<void> {
  await sql`delete from google_window where ends_at < clock_timestamp() - interval '1 day'`.execute(db);
  await sql`
    delete from google_budget
    where not exists (select from google_window where google_window.project = google_budget.project)
      and not exists (select from google_read where google_read.project = google_budget.project)`.execute(db);
}
