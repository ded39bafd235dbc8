import type { Kysely } from 'kysely';
import { json, text } from './json.ts';
import type { Database } from './schema.ts';

/** One line of the record of who did what. The database refuses to change or delete one. */
export interface AuditEntry {
  at: Date;
  /** GitHub login, or `sitrep` for what nobody asked for. */
  who: string;
  /** What was done, in a few words: `severity P1`, `resolve --override`. */
  what: string;
  repository: string | null;
  issue: number | null;
  /** GUID of the delivery that asked for it. */
  delivery: string | null;
  /** More of it, as JSON; null for nothing. */
  detail: unknown;
}

/** Adds to the record, in the transaction of what was done where there is one. */
export async function recordAudit(db: Kysely<Database>, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at: entry.at,
      who: text(entry.who),
      what: text(entry.what),
      repository: entry.repository,
      issue: entry.issue,
      delivery: entry.delivery,
      detail: entry.detail === null ? null : json(entry.detail),
    })
    .execute();
}

/** The record of an issue, oldest first. */
export async function auditOf(
  db: Kysely<Database>,
  repository: string,
  issue: number,
): Promise<AuditEntry[]> {
  return await db
    .selectFrom('audit')
    .select(['at', 'who', 'what', 'repository', 'issue', 'delivery', 'detail'])
    .where('repository', '=', repository)
    .where('issue', '=', issue)
    .orderBy('id')
    .execute();
}
