import { sql, type Kysely, type SqlBool } from 'kysely';
import { json, text } from './json.ts';
import type { Database } from './schema.ts';

/**
 * The record of who did what. The database refuses to change or delete an entry, but for what is too old
 * (`forgetAuditBefore`) and what belongs to an installation that was removed (`store/forget.ts`).
 */

/** One entry. */
export interface AuditEntry {
  at: Date;
  /** GitHub login, or `sitrep` for what nobody asked for and for what Sitrep does on GitHub. */
  who: string;
  /** What was done, in a few words: `command`, `comment posted`, `label set`, `stood-down`. */
  what: string;
  installationId: number | null;
  repositoryId: number | null;
  /** owner/name, as it was then. */
  repository: string | null;
  issue: number | null;
  /** GUID of the delivery that asked for it; null where none did. */
  delivery: string | null;
  /** More of it, as JSON, without secrets; null for nothing. */
  detail: unknown;
}

/** An entry that is to be added. */
export interface NewAuditEntry extends AuditEntry {
  /** The same each time the call is tried again: such an entry is added once. Null where it is added each time. */
  key: string | null;
}

/** Adds to the record, in the transaction of what was done where there is one. */
export async function recordAudit(db: Kysely<Database>, ...entries: readonly NewAuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db
    .insertInto('audit')
    .values(
      entries.map((entry) => ({
        key: entry.key === null ? null : text(entry.key),
        at: entry.at,
        who: text(entry.who),
        what: text(entry.what),
        installation_id: entry.installationId,
        repository_id: entry.repositoryId,
        repository: entry.repository === null ? null : text(entry.repository),
        issue: entry.issue,
        delivery: entry.delivery === null ? null : text(entry.delivery),
        detail: entry.detail === null ? null : json(entry.detail),
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** Which entries are asked for; all where nothing is said. */
export interface AuditFilter {
  /** owner/name, as it was at the time of the entry; case does not matter. */
  repository?: string | undefined;
  issue?: number | undefined;
  /** At this time or later. */
  since?: Date | undefined;
  /** Before this time. */
  until?: Date | undefined;
}

/** An entry with its place in the order in which they were added. */
export interface StoredAuditEntry extends AuditEntry {
  id: number;
}

/** A page of entries in the order in which they were added: up to `limit` of those behind `after`, 0 for the first. */
export async function readAudit(
  db: Kysely<Database>,
  { repository, issue, since, until }: AuditFilter,
  { after, limit }: { after: number; limit: number },
): Promise<StoredAuditEntry[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('id', '>', after)
    .$if(repository !== undefined, (query) =>
      query.where(sql<SqlBool>`lower(repository) = ${(repository ?? '').toLowerCase()}`),
    )
    .$if(issue !== undefined, (query) => query.where('issue', '=', issue ?? 0))
    .$if(since !== undefined, (query) => query.where('at', '>=', since ?? new Date(0)))
    .$if(until !== undefined, (query) => query.where('at', '<', until ?? new Date(0)))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    who: row.who,
    what: row.what,
    installationId: row.installation_id,
    repositoryId: row.repository_id,
    repository: row.repository,
    issue: row.issue,
    delivery: row.delivery,
    detail: row.detail,
  }));
}

/** Forgets the entries from before a time; gives how many. */
export async function forgetAuditBefore(db: Kysely<Database>, limit: Date): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    select forget_audit_before(${limit}::timestamptz) as gone`.execute(db);
  return rows[0]?.gone ?? 0;
}
