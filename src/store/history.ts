import { sql, type Kysely, type Transaction } from 'kysely';
import type { InstalledRepository } from '../core/installed-repository.ts';
import { earlierIncidentSchema, type EarlierIncident } from '../core/regression/earlier-incident.ts';
import { timeOf, type CheckpointClock } from './checkpoints.ts';
import { json, text } from './json.ts';
import type { Database } from './schema.ts';

/**
 * The earlier incidents of a repository. What Sitrep recorded itself is never replaced by what is read from an issue;
 * the other way round it is.
 */

/** Incidents that are kept of a repository, and compared: the newest. */
const kept = 200;
/** One page is read of an installation in so long: with its comments it takes less than 30 requests. */
const paceMs = 60_000;
/** A page that was taken and never heard of again: longer than a queue lets a job run. */
const lostAfterMs = 10 * 60_000;
/** What changed is looked for so often. */
const refreshMs = 24 * 3_600_000;

/** Changes are looked for from so long before the last round: GitHub's clock is another one. */
const overlapMs = 3_600_000;

/** A repository whose issues are read. */
export interface HistoryRepository extends InstalledRepository {
  /** owner/name */
  repository: string;
}

/** How far its issues are read. */
export interface HistoryCursor {
  /** Place among the incident labels. */
  label: number;
  page: number;
  /** Only what changed since; null for all. */
  since: Date | null;
}

export interface HistoryReading extends HistoryRepository {
  cursor: HistoryCursor;
  /** Digest of the configuration that the issues were read by; null before the first page. */
  reads: string | null;
}

/**
 * Has the issues of a repository read in the background, from now on; where they are already, only its names follow. What
 * another installation had read of it is begun anew.
 */
export async function ensureHistory(
  trx: Transaction<Database>,
  { repositoryId, installationId, repository }: HistoryRepository,
  clock: CheckpointClock,
): Promise<void> {
  const names = { installation_id: installationId, repository: text(repository) };
  await trx
    .deleteFrom('history_read')
    .where('repository_id', '=', repositoryId)
    .where('installation_id', '<>', installationId)
    .execute();
  await trx
    .insertInto('history_read')
    .values({ repository_id: repositoryId, ...names, due_at: timeOf(clock) })
    .onConflict((conflict) => conflict.column('repository_id').doUpdateSet(names))
    .execute();
}

/** Whether a page is due. */
export async function isHistoryDue(db: Kysely<Database>, clock: CheckpointClock): Promise<boolean> {
  const { rows } = await sql`
    select from history_read one where due_at <= ${timeOf(clock)} and ${isPaced(clock)} limit 1`.execute(db);
  return rows.length > 0;
}

/** Takes repositories of which a page is due, of each installation one; other processes leave them alone. */
export async function takeDueHistory(
  trx: Transaction<Database>,
  clock: CheckpointClock,
): Promise<{ repositoryId: number; installationId: number }[]> {
  // Two processes must not take two repositories of one installation.
  await sql`select pg_advisory_xact_lock(hashtext('history_read'))`.execute(trx);
  const { rows } = await sql<{ repositoryId: number; installationId: number }>`
    update history_read set read_at = ${timeOf(clock)}, due_at = ${timeOf(clock)} + ${lostAfterMs} * interval '1 millisecond'
    where repository_id in (
      select distinct on (installation_id) repository_id from history_read one
      where due_at <= ${timeOf(clock)} and ${isPaced(clock)}
      order by installation_id, due_at, repository_id)
    returning repository_id as "repositoryId", installation_id as "installationId"`.execute(trx);
  return rows.toSorted((a, b) => a.repositoryId - b.repositoryId);
}

function isPaced(clock: CheckpointClock) {
  return sql`not exists (select from history_read other where other.installation_id = one.installation_id
    and other.read_at > ${timeOf(clock)} - ${paceMs} * interval '1 millisecond')`;
}

/** How far the issues of a repository are read; null where they are not. */
export async function findHistoryReading(
  db: Kysely<Database>,
  repositoryId: number,
): Promise<HistoryReading | null> {
  const row = await db
    .selectFrom('history_read')
    .selectAll()
    .where('repository_id', '=', repositoryId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    repositoryId: row.repository_id,
    installationId: row.installation_id,
    repository: row.repository,
    cursor: { label: row.label, page: row.page, since: row.since },
    reads: row.reads,
  };
}

/** Begins a repository anew: other components are named in issues by another configuration. What was read stays till then. */
export async function beginHistoryAnew(
  trx: Transaction<Database>,
  { installationId, repositoryId }: InstalledRepository,
  reads: string,
): Promise<void> {
  await trx
    .updateTable('history_read')
    .set({ reads, label: 0, page: 1, since: null, began_at: null })
    .where('repository_id', '=', repositoryId)
    .execute();
  await sql`update history set updated_at = 'epoch' 
    where installation_id = ${installationId} and repository_id = ${repositoryId} and body ->> 'source' = 'read'`.execute(
    trx,
  );
}

/** Notes that a page was read: `next` is due in a minute; null ends the round, and what changed is looked for in a day. */
export async function advanceHistory(
  trx: Transaction<Database>,
  repository: HistoryRepository,
  next: HistoryCursor | null,
  clock: CheckpointClock,
): Promise<void> {
  const now = timeOf(clock);
  const after = (milliseconds: number) => sql<Date>`${now} + ${milliseconds} * interval '1 millisecond'`;
  const change =
    next === null
      ? {
          label: 0,
          page: 1,
          since: sql<Date>`coalesce(began_at, read_at, ${now}) - ${overlapMs} * interval '1 millisecond'`,
          began_at: null,
          finished_at: now,
          due_at: after(refreshMs),
        }
      : { ...next, began_at: sql<Date>`coalesce(began_at, read_at, ${now})`, due_at: after(paceMs) };
  await trx
    .updateTable('history_read')
    .set(change)
    .where('repository_id', '=', repository.repositoryId)
    .execute();
  if (next === null) await dropOldest(trx, repository);
}

/** Puts the next page of a repository off. */
export async function postponeHistory(
  db: Kysely<Database>,
  repositoryId: number,
  milliseconds: number,
  clock: CheckpointClock,
): Promise<void> {
  await db
    .updateTable('history_read')
    .set({ due_at: sql<Date>`${timeOf(clock)} + ${milliseconds} * interval '1 millisecond'` })
    .where('repository_id', '=', repositoryId)
    .execute();
}

/** Of these issues those that are kept as they are now. */
export async function keptAsTheyAre(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
  issues: readonly { issue: number; updatedAt: Date }[],
): Promise<ReadonlySet<number>> {
  if (issues.length === 0) return new Set();
  const rows = await db
    .selectFrom('history')
    .select(['issue', 'updated_at'])
    .where('installation_id', '=', installationId)
    .where('repository_id', '=', repositoryId)
    .where(
      'issue',
      'in',
      issues.map(({ issue }) => issue),
    )
    .execute();
  const at = new Map(rows.map((row) => [row.issue, row.updated_at.getTime()]));
  return new Set(
    issues.filter(({ issue, updatedAt }) => at.get(issue) === updatedAt.getTime()).map(({ issue }) => issue),
  );
}

/** Keeps an earlier incident, in place of what was read of it before; of a recorded one only when it was closed changes. */
export async function keepEarlier(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
  incident: EarlierIncident,
  updatedAt: Date,
): Promise<void> {
  const { issue, closedAt, source } = incident;
  await sql`
    insert into history (installation_id, repository_id, issue, closed_at, updated_at, body)
    values (${installationId}, ${repositoryId}, ${issue}, ${closedAt}::timestamptz, ${updatedAt}::timestamptz,
      ${json(incident)}::jsonb)
    on conflict (installation_id, repository_id, issue) do update set
      closed_at = excluded.closed_at,
      updated_at = excluded.updated_at,
      body = case when ${source} = 'recorded' or history.body ->> 'source' = 'read' then excluded.body
        else history.body || jsonb_build_object('closedAt', excluded.body -> 'closedAt') end`.execute(db);
}

/** The earlier incidents of a repository, the newest first. */
export async function earlierIncidents(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
): Promise<EarlierIncident[]> {
  const rows = await db
    .selectFrom('history')
    .select('body')
    .where('installation_id', '=', installationId)
    .where('repository_id', '=', repositoryId)
    .orderBy(sql`closed_at desc nulls first`)
    .orderBy('issue', 'desc')
    .limit(kept)
    .execute();
  return rows.map(({ body }) => earlierIncidentSchema.parse(body));
}

async function dropOldest(
  trx: Transaction<Database>,
  { installationId, repositoryId }: InstalledRepository,
): Promise<void> {
  const ofIt = sql`installation_id = ${installationId} and repository_id = ${repositoryId}`;
  await sql`
    delete from history where ${ofIt} and issue not in (
      select issue from history where ${ofIt}
      order by closed_at desc nulls first, issue desc limit ${kept})`.execute(trx);
}

/** Forgets the earlier incidents of repositories of which no incident is kept any more. */
export async function pruneHistory(db: Kysely<Database>): Promise<void> {
  for (const table of [sql.table('history'), sql.table('history_read')])
    await sql`
      delete from ${table} kept where not exists (
        select from incident
        where incident.installation_id = kept.installation_id and incident.repository_id = kept.repository_id)`.execute(
      db,
    );
}
