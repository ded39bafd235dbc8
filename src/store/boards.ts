import { sql, type Kysely, type Transaction } from 'kysely';
import type { Stage } from '../core/snapshot.ts';
import { timeOf, type CheckpointClock } from './checkpoints.ts';
import { composed } from './json.ts';
import { auditPublication } from './publications.ts';
import type { Database, PublicationState } from './schema.ts';

/**
 * The living comment of each incident: when it is refreshed next, and as what it was written last. A refresh is due by
 * the database's clock, and one process of all takes it.
 */

/** A job that took a board and was never heard of again: longer than a queue lets one run. */
const lostAfterMs = 6 * 60_000;
/** However a process' clock is wrong, a board is not refreshed more often. */
const leastMs = 60_000;

/** The living comment of an incident, with what is needed to write it. */
export interface Board {
  incidentId: string;
  installationId: number;
  repositoryId: number;
  /** owner/name, as it was at the last update. */
  repository: string;
  issue: number;
  stage: Stage;
  watched: boolean;
  environment: string | null;
  /** Null where it is refreshed no more. */
  dueAt: Date | null;
  /** 1; 2 where somebody deleted the first comment. */
  generation: number;
  /** As we wrote it last, without what people added; null before that. */
  body: string | null;
  /** Its posting; null before it was decided on. */
  posting: { id: string; state: PublicationState; commentId: number | null } | null;
}

/** A board whose refresh has come. */
export interface DueBoard {
  incidentId: string;
  repositoryId: number;
  issue: number;
  dueAt: Date;
}

/** Begins the board of an incident, or sets when the one that is there is refreshed next; null for no more. */
export async function keepBoard(
  trx: Transaction<Database>,
  incidentId: string,
  dueAt: Date | null,
  clock: CheckpointClock,
): Promise<void> {
  if (dueAt === null) return await endBoard(trx, incidentId);
  const due = sql`greatest(${dueAt}::timestamptz, ${timeOf(clock)} + ${leastMs} * interval '1 millisecond')`;
  await sql`
    insert into board (incident_id, due_at) values (${incidentId}, ${due})
    on conflict (incident_id) do update set due_at = excluded.due_at, taken_at = null`.execute(trx);
}

/** Refreshes the board of an incident no more; the next update that says when begins it anew. */
export async function endBoard(db: Kysely<Database>, incidentId: string): Promise<void> {
  await db
    .updateTable('board')
    .set({ due_at: null, taken_at: null })
    .where('incident_id', '=', incidentId)
    .execute();
}

/** Refreshes a board again that was ended: its incident is looked after again. */
export async function wakeBoard(
  trx: Transaction<Database>,
  incidentId: string,
  clock: CheckpointClock,
): Promise<void> {
  await sql`
    update board set due_at = ${timeOf(clock)} + ${leastMs} * interval '1 millisecond'
    where incident_id = ${incidentId} and due_at is null`.execute(trx);
}

/** Puts the refresh off, by the clock that is asked, and lets the board go; one that has ended stays so. */
export async function postponeBoard(
  db: Kysely<Database>,
  incidentId: string,
  milliseconds: number,
  clock: CheckpointClock,
): Promise<void> {
  await sql`
    update board set due_at = ${timeOf(clock)} + ${milliseconds} * interval '1 millisecond', taken_at = null
    where incident_id = ${incidentId} and due_at is not null`.execute(db);
}

/** Has the next refresh of a board come at once, where none is under way; of one that has ended there comes none. */
export async function hastenBoard(
  trx: Transaction<Database>,
  incidentId: string,
  clock: CheckpointClock,
): Promise<void> {
  const now = timeOf(clock);
  await sql`
    update board set due_at = ${now} where incident_id = ${incidentId} and due_at > ${now} and ${isFree(clock)}`.execute(
    trx,
  );
}

/** Whether a board is due. Cheap however many there are. */
export async function isBoardDue(db: Kysely<Database>, clock: CheckpointClock): Promise<boolean> {
  const { rows } = await sql`
    select from board where due_at <= ${timeOf(clock)} and ${isFree(clock)} limit 1`.execute(db);
  return rows.length > 0;
}

/** Takes up to `limit` boards that are due; one whose refresh is under way is left out. */
export async function takeDueBoards(
  trx: Transaction<Database>,
  clock: CheckpointClock,
  limit: number,
): Promise<DueBoard[]> {
  const now = timeOf(clock);
  const { rows } = await sql<DueBoard>`
    update board set taken_at = ${now}
    from (
      select incident_id from board where due_at <= ${now} and ${isFree(clock)}
      order by due_at limit ${limit} for no key update skip locked
    ) due, incident
    where board.incident_id = due.incident_id and incident.id = due.incident_id
    returning incident.id as "incidentId", incident.repository_id as "repositoryId", incident.issue,
      board.due_at as "dueAt"`.execute(trx);
  return rows;
}

function isFree(clock: CheckpointClock) {
  return sql`(taken_at is null or taken_at <= ${timeOf(clock)} - ${lostAfterMs} * interval '1 millisecond')`;
}

/** The board of an incident, or null. */
export async function findBoard(db: Kysely<Database>, incidentId: string): Promise<Board | null> {
  const row = await db
    .selectFrom('board')
    .innerJoin('incident', 'incident.id', 'board.incident_id')
    .leftJoin('publication', 'publication.id', 'board.publication_id')
    .select([
      'incident.id',
      'incident.installation_id',
      'incident.repository_id',
      'incident.repository',
      'incident.issue',
      'stage',
      'watched',
      'environment',
      'due_at',
      'generation',
      'board.body',
      'publication.id as posting',
      'publication.state',
      'comment_id',
    ])
    .where('board.incident_id', '=', incidentId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { posting, state } = row;
  return {
    incidentId: row.id,
    installationId: row.installation_id,
    repositoryId: row.repository_id,
    repository: row.repository,
    issue: row.issue,
    stage: row.stage,
    watched: row.watched,
    environment: row.environment,
    dueAt: row.due_at,
    generation: row.generation,
    body: row.body,
    posting: posting === null || state === null ? null : { id: posting, state, commentId: row.comment_id },
  };
}

/** Whether an incident has a living comment, or is about to. */
export async function hasBoard(db: Kysely<Database>, incidentId: string): Promise<boolean> {
  const query = db.selectFrom('board').select('incident_id').where('incident_id', '=', incidentId);
  return (await query.executeTakeFirst()) !== undefined;
}

/** The incident whose living comment is this posting, and whether it is pinned; null where it is none's. */
export async function boardOfPosting(
  db: Kysely<Database>,
  posting: string,
): Promise<{ incidentId: string; repositoryId: number; issue: number; pinned: boolean } | null> {
  const row = await db
    .selectFrom('board')
    .innerJoin('incident', 'incident.id', 'board.incident_id')
    .select(['incident_id', 'repository_id', 'issue', 'pinned_at'])
    .where('publication_id', '=', posting)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    incidentId: row.incident_id,
    repositoryId: row.repository_id,
    issue: row.issue,
    pinned: row.pinned_at !== null,
  };
}

/** Notes the posting that is to become the living comment, with its text. */
export async function noteBoardPosting(
  trx: Transaction<Database>,
  incidentId: string,
  { id, body, generation, at }: { id: string; body: string; generation: number; at: Date },
): Promise<void> {
  await trx
    .updateTable('board')
    .set({ publication_id: id, body: composed(body), generation, written_at: at, pinned_at: null })
    .where('incident_id', '=', incidentId)
    .execute();
}

/** Notes as what the living comment was written, and audits the edit. */
export async function noteBoardBody(
  db: Kysely<Database>,
  incidentId: string,
  body: string,
  at: Date,
): Promise<void> {
  await noteOnBoard(db, incidentId, { body: composed(body), written_at: at }, { what: 'comment edited', at });
}

/** Notes that the living comment is pinned, and audits it. */
export async function noteBoardPinned(db: Kysely<Database>, incidentId: string, at: Date): Promise<void> {
  await noteOnBoard(db, incidentId, { pinned_at: at }, { what: 'comment pinned', at });
}

async function noteOnBoard(
  db: Kysely<Database>,
  incidentId: string,
  noted: { body: string; written_at: Date } | { pinned_at: Date },
  { what, at }: { what: string; at: Date },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('board')
      .set(noted)
      .where('incident_id', '=', incidentId)
      .returning('publication_id')
      .executeTakeFirst();
    const posting = row?.publication_id ?? null;
    if (posting !== null) await auditPublication(trx, posting, what, at);
  });
}
