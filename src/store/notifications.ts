import { sql, type Kysely, type Transaction } from 'kysely';
import { notificationSchema, type Notification } from '../core/notification.ts';
import { recordAudit } from './audit.ts';
import { json, text } from './json.ts';
import type { Database } from './schema.ts';

/** What is to be told outside GitHub, as it is kept. */
export interface StoredNotification {
  id: string;
  /** Name of the variable that holds the address. */
  channel: string;
  notification: Notification;
  attempts: number;
  createdAt: Date;
  /** Of the update that it links to; null where there is none. */
  update: { url: string | null; state: string } | null;
}

export interface NewNotification {
  id: string;
  incidentId: string;
  publicationId: string | null;
  channel: string;
  notification: Notification;
  createdAt: Date;
}

/** Keeps a notification; false where it is kept already. */
export async function keepNotification(
  trx: Transaction<Database>,
  { id, incidentId, publicationId, channel, notification, createdAt }: NewNotification,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows: kept } = await trx
    .insertInto('notification')
    .values({
      id,
      incident_id: incidentId,
      publication_id: publicationId,
      contact: text(notification.contact),
      channel: text(channel),
      body: json(notification),
      created_at: createdAt,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return kept !== undefined && kept > 0n;
}

/** A notification that is still to be sent; null where it was, or was given up. */
export async function pendingNotification(
  db: Kysely<Database>,
  id: string,
): Promise<StoredNotification | null> {
  const row = await db
    .selectFrom('notification')
    .leftJoin('publication', 'publication.id', 'notification.publication_id')
    .select([
      'notification.id',
      'notification.channel',
      'notification.body',
      'notification.attempts',
      'notification.created_at',
      'publication.id as publicationId',
      'publication.comment_url',
      'publication.state as publicationState',
    ])
    .where('notification.id', '=', id)
    .where('notification.state', '=', 'pending')
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.id,
    channel: row.channel,
    notification: notificationSchema.parse(row.body),
    attempts: row.attempts,
    createdAt: row.created_at,
    update:
      row.publicationId === null || row.publicationState === null
        ? null
        : { url: row.comment_url, state: row.publicationState },
  };
}

/** Notes a try that failed and that is worth another one. */
export async function noteNotificationTry(db: Kysely<Database>, id: string, reason: string): Promise<void> {
  await db
    .updateTable('notification')
    .set({ attempts: sql`attempts + 1`, error: text(reason) })
    .where('id', '=', id)
    .execute();
}

/** Notes how a notification ended, and audits it; where it ended before, nothing. */
export async function settleNotification(
  db: Kysely<Database>,
  id: string,
  { state, at, reason }: { state: 'sent' | 'failed'; at: Date; reason: string | null },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('notification')
      .from('incident')
      .set({ state, settled_at: at, error: reason === null ? null : text(reason) })
      .where('notification.id', '=', id)
      .where('notification.state', '=', 'pending')
      .whereRef('incident.id', '=', 'notification.incident_id')
      .returning(['contact', 'channel', 'installation_id', 'repository_id', 'repository', 'issue'])
      .executeTakeFirst();
    if (row === undefined) return;
    await recordAudit(trx, {
      key: null,
      at,
      who: 'sitrep',
      what: state === 'sent' ? 'notification sent' : 'notification given up',
      installationId: row.installation_id,
      repositoryId: row.repository_id,
      repository: row.repository,
      issue: row.issue,
      delivery: null,
      detail: { notification: id, contact: row.contact, channel: row.channel, reason },
    });
  });
}

/** Deletes the notifications that ended before a time. */
export async function pruneNotifications(db: Kysely<Database>, before: Date): Promise<void> {
  await db.deleteFrom('notification').where('settled_at', '<', before).execute();
}
