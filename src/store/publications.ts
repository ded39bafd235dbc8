import { createHash } from 'node:crypto';
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { recordAudit, type NewAuditEntry } from './audit.ts';
import { composed, text } from './json.ts';
import type { Database, PublicationState, PublicationTable } from './schema.ts';

/**
 * The outbox: a comment is a row here before it is a comment on GitHub, which has no idempotency key. Whoever posts
 * claims the row first and records the comment under the claim's fence, so that of two only one is recorded.
 */

export interface NewPublication {
  /** UUID derived from what is posted (UUIDv5): the same posting always has the same. */
  id: string;
  incidentId: string | null;
  installationId: number;
  /** Null for postings of earlier versions without an incident. */
  repositoryId: number | null;
  /** GUID of the delivery that asked for it; null where none did. */
  delivery: string | null;
  /** owner/name */
  repository: string;
  issue: number;
  kind: string;
  /** Markdown, as it will stand on GitHub. */
  body: string;
  createdAt: Date;
  /** Whether somebody asked for it; what nobody asked for counts as noise. */
  asked: boolean;
  /** What the issue is brought to after the comment is out; null where it stays. */
  issueState: 'open' | 'closed' | null;
}

export interface Publication extends NewPublication {
  /** SHA-256 of the body, hexadecimal. */
  bodyHash: string;
  state: PublicationState;
  attempts: number;
  fence: number;
  /** Null before the first claim. */
  firstAttemptAt: Date | null;
  commentId: number | null;
  commentUrl: string | null;
  sentAt: Date | null;
  error: string | null;
  /** When the issue was brought to `issueState`; null where that is still to be done, or nothing is. */
  issueStateAt: Date | null;
}

/** A publication that is ours to post until the lease ends. */
export interface ClaimedPublication extends Publication {
  firstAttemptAt: Date;
  /** An earlier attempt may have been posted: look for its comment, from `firstAttemptAt` on, before the next POST. */
  readBack: boolean;
}

/** A claim as it is asked for. */
export interface ClaimRequest {
  at: Date;
  leaseMs: number;
  /** UUID of this process; it may take up its own claims at once. */
  holder: string;
  /** No other process can hold a claim: those of earlier ones are void. */
  alone: boolean;
}

/** Puts a posting in the outbox, in the transaction that changes the state it tells of and enqueues its job. */
export async function enqueuePublication(
  trx: Transaction<Database>,
  publication: NewPublication,
): Promise<'new' | 'duplicate'> {
  const body = composed(publication.body);
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('publication')
    .values({
      id: publication.id,
      incident_id: publication.incidentId,
      installation_id: publication.installationId,
      repository_id: publication.repositoryId,
      delivery: publication.delivery,
      repository: publication.repository,
      issue: publication.issue,
      kind: publication.kind,
      body,
      body_hash: createHash('sha256').update(body).digest('hex'),
      state: 'pending',
      lease_until: null,
      holder: null,
      unseen_at: null,
      first_attempt_at: null,
      comment_id: null,
      comment_url: null,
      created_at: publication.createdAt,
      asked: publication.asked,
      issue_state: publication.issueState,
      sent_at: null,
      error: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n ? 'new' : 'duplicate';
}

/**
 * Claims a publication for `leaseMs`: it is `sending`, with one more attempt and the next fence. Committed before
 * the POST. Null where it is sent or failed, or where somebody else's lease runs. `readBack` where an earlier claim
 * was left open, or given up without knowing whether GitHub has the comment.
 * The lease runs by the database's clock, so that processes with different clocks agree on it.
 */
export async function claimPublication(
  db: Kysely<Database>,
  id: string,
  { at, leaseMs, holder, alone }: ClaimRequest,
): Promise<ClaimedPublication | null> {
  const row = await db
    .updateTable('publication')
    .set({
      state: 'sending',
      attempts: sql`attempts + 1`,
      fence: sql`fence + 1`,
      holder,
      lease_until: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`,
      first_attempt_at: sql`coalesce(first_attempt_at, ${at})`,
      read_back: sql`read_back or state = 'sending'`,
      unseen_at: sql`case when state = 'sending' then null else unseen_at end`,
    })
    .where('id', '=', id)
    .where(
      sql<boolean>`(state = 'pending' or (state = 'sending'
        and (lease_until <= clock_timestamp() or holder = ${holder}::uuid or ${alone}::boolean)))`,
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  return { ...fromRow(row), firstAttemptAt: row.first_attempt_at ?? at, readBack: row.read_back };
}

/** Milliseconds until a publication that somebody is sending may be claimed; 0 where that may be now, or is over. */
export async function leaseLeft(db: Kysely<Database>, id: string): Promise<number> {
  const row = await db
    .selectFrom('publication')
    .select(sql<number>`(extract(epoch from lease_until - clock_timestamp()) * 1000)::float8`.as('left'))
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .executeTakeFirst();
  return Math.max(0, row?.left ?? 0);
}

/**
 * Notes that a comment was looked for in vain; gives how many milliseconds ago that was noted first. GitHub's list lags
 * behind: one look proves nothing.
 */
export async function notePublicationUnseen(
  db: Kysely<Database>,
  { id, fence }: { id: string; fence: number },
): Promise<number> {
  const row = await db
    .updateTable('publication')
    .set({ unseen_at: sql`coalesce(unseen_at, clock_timestamp())` })
    .where('id', '=', id)
    .where('fence', '=', fence)
    .returning(sql<number>`(extract(epoch from clock_timestamp() - unseen_at) * 1000)::float8`.as('ago'))
    .executeTakeFirst();
  return Math.max(0, row?.ago ?? 0);
}

/**
 * Records the comment, posted or found, and audits it with that. False where the claim is no longer ours: somebody else
 * will record.
 */
export async function completePublication(
  db: Kysely<Database>,
  { id, fence }: { id: string; fence: number },
  comment: { id: number; nodeId: string; url: string; at: Date },
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const settled = await settle(trx, id, fence, {
      state: 'sent',
      comment_id: comment.id,
      comment_url: comment.url,
      node_id: comment.nodeId,
      sent_at: comment.at,
      error: null,
    });
    if (settled) await auditPublication(trx, id, 'comment posted', comment.at);
    return settled;
  });
}

/** Adds to the audit what was done with a posting that is out. */
export async function auditPublication(
  trx: Transaction<Database>,
  id: string,
  what: string,
  at: Date,
  more: object = {},
): Promise<void> {
  const publication = await findPublication(trx, id);
  if (publication !== null) await recordAudit(trx, auditOfPublication(publication, what, at, more));
}

function auditOfPublication(
  { id, kind, commentId, commentUrl, ...of }: Publication,
  what: string,
  at: Date,
  more: object,
): NewAuditEntry {
  return {
    key: null,
    at,
    who: 'sitrep',
    what,
    installationId: of.installationId,
    repositoryId: of.repositoryId,
    repository: of.repository,
    issue: of.issue,
    delivery: of.delivery,
    detail: { kind, posting: id, comment: commentId, url: commentUrl, ...more },
  };
}

/**
 * Gives a claim up: to be tried again, or for good where GitHub will never take it (404, 410, 422). `certain` where the
 * comment was certainly not made, so that the next attempt need not look for it. False where the claim is no longer
 * ours. `error` is for operators: no secrets in it.
 */
export async function failPublication(
  db: Kysely<Database>,
  { id, fence }: { id: string; fence: number },
  { error, again, certain }: { error: string; again: boolean; certain: boolean },
): Promise<boolean> {
  return await settle(db, id, fence, {
    state: again ? 'pending' : 'failed',
    error: text(error).slice(0, 2_000),
    ...(certain ? {} : { read_back: true, unseen_at: null }),
  });
}

async function settle(
  db: Kysely<Database>,
  id: string,
  fence: number,
  values: Partial<Selectable<PublicationTable>>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('publication')
    .set({ ...values, lease_until: null, holder: null })
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('state', '=', 'sending')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Gives up a publication that is not out, whoever has a claim on it. `error` is for operators: no secrets in it. */
export async function abandonPublication(db: Kysely<Database>, id: string, error: string): Promise<void> {
  await db
    .updateTable('publication')
    .set({ state: 'failed', error: text(error).slice(0, 2_000), lease_until: null, holder: null })
    .where('id', '=', id)
    .where('state', 'in', ['pending', 'sending'])
    .execute();
}

/** A publication, or null. */
export async function findPublication(db: Kysely<Database>, id: string): Promise<Publication | null> {
  const row = await db.selectFrom('publication').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The posting of a kind that went out last for an incident, or null: to link to it, edit it or minimise it. */
export async function lastSentPublication(
  db: Kysely<Database>,
  incidentId: string,
  kind: string,
): Promise<Publication | null> {
  const row = await db
    .selectFrom('publication')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .where('kind', '=', kind)
    .where('state', '=', 'sent')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/**
 * Notes that the issue of a posting is as the posting wants it, and audits that; `found` where it was so before it was
 * touched.
 */
export async function noteIssueState(
  db: Kysely<Database>,
  { id, issueState }: Pick<Publication, 'id' | 'issueState'>,
  { at, found }: { at: Date; found: boolean },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('publication').set({ issue_state_at: at }).where('id', '=', id).execute();
    const what = issueState === 'closed' ? 'issue closed' : 'issue reopened';
    await auditPublication(trx, id, what, at, found ? { found: 'it was so already' } : {});
  });
}

/** A posting that is out, and that a later one has made out of date. */
export interface OutdatedPosting {
  id: string;
  nodeId: string;
}

/** The postings of these kinds that went out for an incident before another one, and are not folded away yet. */
export async function outdatedPostings(
  db: Kysely<Database>,
  { incidentId, createdAt, id }: { incidentId: string; createdAt: Date; id: string },
  kinds: readonly string[],
): Promise<OutdatedPosting[]> {
  const rows = await db
    .selectFrom('publication')
    .select(['id', 'node_id'])
    .where('incident_id', '=', incidentId)
    .where('kind', 'in', kinds)
    .where('state', '=', 'sent')
    .where('created_at', '<=', createdAt)
    .where('id', '<>', id)
    .where('minimised_at', 'is', null)
    .where('node_id', 'is not', null)
    .orderBy('created_at')
    .limit(20)
    .execute();
  return rows.flatMap((row) => (row.node_id === null ? [] : [{ id: row.id, nodeId: row.node_id }]));
}

/** Notes that a posting is folded away, and audits it. */
export async function noteMinimised(db: Kysely<Database>, id: string, at: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('publication').set({ minimised_at: at }).where('id', '=', id).execute();
    await auditPublication(trx, id, 'comment minimised', at);
  });
}

/** Those of some postings that are stored, whatever became of them. */
export async function storedAmong(db: Kysely<Database>, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('publication').select('id').where('id', 'in', ids).execute();
  return rows.map(({ id }) => id);
}

/** How many comments came to an incident since a time although nobody asked for them, those on their way included. */
export async function unaskedSince(db: Kysely<Database>, incidentId: string, since: Date): Promise<number> {
  const { count } = await db
    .selectFrom('publication')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('incident_id', '=', incidentId)
    .where('asked', '=', false)
    .where('state', '<>', 'failed')
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow();
  return count;
}

/** Ids of what is neither sent nor failed, or has a reaction or the state of its issue left to set, oldest first. */
export async function unfinishedPublications(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom('publication')
    .select('id')
    .where(
      sql<boolean>`(state in ('pending', 'sending') or (state = 'sent' and exists (
        select from acknowledgement where publication_id = publication.id and given_at is null))
        or (state = 'sent' and issue_state is not null and issue_state_at is null))`,
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(1_000)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Forgets the text of what was sent or given up, and was made before a time; all of it where there is no incident that it
 * belongs to.
 */
export async function prunePublications(db: Kysely<Database>, before: Date): Promise<void> {
  const old = sql<boolean>`state in ('sent', 'failed') and created_at < ${before}::timestamptz`;
  await db.deleteFrom('publication').where('incident_id', 'is', null).where(old).execute();
  await db.updateTable('publication').set({ body: '' }).where(old).where('body', '<>', '').execute();
}

/** The kinds of the postings that are out on an issue, by the id of the comment; a checkpoint without news is one. */
export async function kindsOfComments(
  db: Kysely<Database>,
  repository: string,
  issue: number,
): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('publication')
    .select(['comment_id', 'kind'])
    .where('repository', '=', repository)
    .where('issue', '=', issue)
    .where('comment_id', 'is not', null)
    .execute();
  return new Map(
    rows.flatMap(({ comment_id: id, kind }) => (id === null ? [] : [[id, kind.replace(/-unchanged$/u, '')]])),
  );
}

function fromRow(row: Selectable<PublicationTable>): Publication {
  return {
    id: row.id,
    incidentId: row.incident_id,
    installationId: row.installation_id,
    repositoryId: row.repository_id,
    delivery: row.delivery,
    repository: row.repository,
    issue: row.issue,
    kind: row.kind,
    body: row.body,
    createdAt: row.created_at,
    asked: row.asked,
    issueState: row.issue_state,
    issueStateAt: row.issue_state_at,
    bodyHash: row.body_hash,
    state: row.state,
    attempts: row.attempts,
    fence: row.fence,
    firstAttemptAt: row.first_attempt_at,
    commentId: row.comment_id,
    commentUrl: row.comment_url,
    sentAt: row.sent_at,
    error: row.error,
  };
}
