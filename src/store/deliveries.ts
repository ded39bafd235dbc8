import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { json, text } from './json.ts';
import type { Database, DeliveryState, DeliveryTable } from './schema.ts';

/** A webhook delivery as received. One database serves one GitHub App: two apps may share a GUID. */
export interface Delivery {
  /** X-GitHub-Delivery */
  guid: string;
  /** X-GitHub-Event */
  event: string;
  action: string | null;
  installationId: number | null;
  repository: string | null;
  receivedAt: Date;
  /** Trimmed to what the handlers read. */
  payload: object;
  /** Set for a comment: the GUID is not signed, so the same may come under another. */
  comment: { id: number; updatedAt: string } | null;
  /** Names what is delivered where it concerns no comment; missing or null where it cannot be told. */
  subject?: string | null;
}

/**
 * Records deliveries, in the transaction that enqueues their jobs; tells of each, in order, whether it is new. A
 * `duplicate` has the GUID of one that is recorded already, also by this call, or tells the same of the same comment or
 * issue under another GUID: enqueue nothing for it.
 */
export async function recordDeliveries(
  trx: Transaction<Database>,
  deliveries: readonly Delivery[],
): Promise<('new' | 'duplicate')[]> {
  // One JSON text for all: written out as so many parameters, making the statement took longer than running it.
  const rows = json(deliveries.map(toRow));
  const { rows: inserted } = await sql<{ guid: string }>`
    insert into delivery (guid, event, action, installation_id, repository, received_at, payload, dedupe_key)
    select guid, event, action, installation_id, repository, received_at, payload, dedupe_key
    from json_to_recordset(${rows}::json) as arrived (
      guid text, event text, action text, installation_id bigint, repository text, received_at timestamptz,
      payload jsonb, dedupe_key text)
    on conflict do nothing returning guid`.execute(trx);
  const fresh = new Set(inserted.map(({ guid }) => guid));
  return deliveries.map(({ guid }) => (fresh.delete(text(guid)) ? 'new' : 'duplicate'));
}

/** A recorded delivery, or null. */
export async function findDelivery(db: Kysely<Database>, guid: string): Promise<StoredDelivery | null> {
  const row = await db.selectFrom('delivery').select(columns).where('guid', '=', guid).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Which of these GUIDs are recorded. */
export async function recordedDeliveries(db: Kysely<Database>, guids: string[]): Promise<Set<string>> {
  if (guids.length === 0) return new Set();
  const rows = await db.selectFrom('delivery').select('guid').where('guid', 'in', guids).execute();
  return new Set(rows.map(({ guid }) => guid));
}

/** Records how a delivery ended. `error` is for operators: no secrets in it. */
export async function finishDelivery(
  db: Kysely<Database>,
  guid: string,
  state: 'done' | 'failed' | 'cancelled',
  at: Date,
  error: string | null = null,
): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ state, finished_at: at, error: error === null ? null : text(error).slice(0, 2_000) })
    .where('guid', '=', guid)
    .execute();
}

/**
 * Takes back that a delivery was given up, in the transaction that gives its job back. `gone` where it is not recorded
 * any more: its job would have nothing to do.
 */
export async function reopenDelivery(trx: Transaction<Database>, guid: string): Promise<'there' | 'gone'> {
  await trx
    .updateTable('delivery')
    .set({ state: 'received', finished_at: null, error: null })
    .where('guid', '=', guid)
    .where('state', '=', 'failed')
    .execute();
  const row = await trx.selectFrom('delivery').select('guid').where('guid', '=', guid).executeTakeFirst();
  return row === undefined ? 'gone' : 'there';
}

/** GUIDs of the deliveries that are not finished, oldest first: as many as there are. */
export async function unfinishedDeliveries(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('guid')
    .where('state', '=', 'received')
    .orderBy('received_at')
    .execute();
  return rows.map(({ guid }) => guid);
}

/**
 * Deletes the deliveries that were finished before a time; gives how many. Keep them for a week at least: GitHub
 * redelivers for three days, and a GUID that is forgotten is taken for new.
 */
export async function pruneDeliveries(db: Kysely<Database>, finishedBefore: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('delivery')
    .where('state', '<>', 'received')
    .where('finished_at', '<', finishedBefore)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export interface StoredDelivery {
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repository: string | null;
  receivedAt: Date;
  /** JSON of the shape that was recorded; parse it. */
  payload: unknown;
  state: DeliveryState;
}

const columns = [
  'guid',
  'event',
  'action',
  'installation_id',
  'repository',
  'received_at',
  'payload',
  'state',
] as const;

function fromRow(row: Pick<Selectable<DeliveryTable>, (typeof columns)[number]>): StoredDelivery {
  const { guid, event, action, repository, payload, state } = row;
  return {
    guid,
    event,
    action,
    installationId: row.installation_id,
    repository,
    receivedAt: row.received_at,
    payload,
    state,
  };
}

function toRow(delivery: Delivery): object {
  return {
    guid: delivery.guid,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository: delivery.repository,
    received_at: delivery.receivedAt,
    payload: delivery.payload,
    dedupe_key: dedupeKey(delivery),
  };
}

function dedupeKey({ event, action, comment, subject = null }: Delivery): string | null {
  const named = comment === null ? subject : `${comment.id} ${comment.updatedAt}`;
  return named === null ? null : text(`${event}.${action ?? ''} ${named}`);
}
