import { sql, type Kysely, type Transaction } from 'kysely';
import { diagnosisSchema, type Diagnosis } from '../core/diagnosis.ts';
import { snapshotSchema, type Snapshot } from '../core/snapshot.ts';
import { json } from './json.ts';
import type { Database } from './schema.ts';

export interface StoredSnapshot {
  id: number;
  snapshot: Snapshot;
  diagnosis: Diagnosis | null;
  /** The posting that shows it; null where it was not posted. */
  publicationId: string | null;
}

/** An evidence number was used that the incident has given out before. Collect anew, from its next free number. */
export class EvidenceTakenError extends Error {
  override readonly name = 'EvidenceTakenError';
}

/**
 * Keeps a snapshot with what was concluded from it, and moves the incident's next evidence number beyond the highest
 * one used. Throws EvidenceTakenError where the snapshot uses a number from before that: evidence numbers never
 * repeat within an incident. Gives the snapshot's id.
 */
export async function saveSnapshot(
  trx: Transaction<Database>,
  incidentId: string,
  snapshot: Snapshot,
  diagnosis: Diagnosis | null,
  publicationId: string | null = null,
): Promise<number> {
  const { next_evidence: next } = await trx
    .selectFrom('incident')
    .select('next_evidence')
    .where('id', '=', incidentId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const numbers = evidenceNumbers(snapshot);
  const taken = numbers.filter((number) => number < next);
  if (taken.length > 0) {
    throw new EvidenceTakenError(
      `Evidence E${Math.min(...taken)} is taken; the next free number is E${next}.`,
    );
  }
  await trx
    .updateTable('incident')
    .set({ next_evidence: Math.max(next - 1, ...numbers) + 1 })
    .where('id', '=', incidentId)
    .execute();
  const { id } = await trx
    .insertInto('snapshot')
    .values({
      incident_id: incidentId,
      taken_at: new Date(snapshot.takenAt),
      // What happened is recorded by itself.
      body: json({ ...snapshot, record: undefined, standing: undefined }),
      diagnosis: diagnosis === null ? null : json(diagnosis),
      publication_id: publicationId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The snapshot that was saved last, of those that a posting shows where that is asked for; or null. */
export async function latestSnapshot(
  db: Kysely<Database>,
  incidentId: string,
  { posted }: { posted: boolean } = { posted: false },
): Promise<StoredSnapshot | null> {
  const row = await db
    .selectFrom('snapshot')
    .select(['id', 'body', 'diagnosis', 'publication_id'])
    .where('incident_id', '=', incidentId)
    .$if(posted, (query) => query.where('publication_id', 'is not', null))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The snapshot that gave out an evidence id, of those that are kept; null where none did. */
export async function snapshotOfEvidence(
  db: Kysely<Database>,
  incidentId: string,
  evidence: string,
): Promise<StoredSnapshot | null> {
  const holds = json([{ id: evidence }]);
  const row = await db
    .selectFrom('snapshot')
    .select(['id', 'body', 'diagnosis', 'publication_id'])
    .where('incident_id', '=', incidentId)
    .where((where) =>
      where.or(
        ['observations', 'gaps', 'changes', 'series'].map((list) =>
          where.eb(sql<boolean>`body -> ${list}::text @> ${holds}::jsonb`, '=', true),
        ),
      ),
    )
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: {
  id: number;
  body: unknown;
  diagnosis: unknown;
  publication_id: string | null;
}): StoredSnapshot {
  return {
    id: row.id,
    snapshot: snapshotSchema.parse(row.body),
    diagnosis: row.diagnosis === null ? null : diagnosisSchema.parse(row.diagnosis),
    publicationId: row.publication_id,
  };
}

/** Deletes the snapshots of an incident before one that no posting shows: looks for the living comment, which shows the last. */
export async function deleteUnposted(
  trx: Transaction<Database>,
  incidentId: string,
  before: number,
): Promise<void> {
  await trx
    .deleteFrom('snapshot')
    .where('incident_id', '=', incidentId)
    .where('publication_id', 'is', null)
    .where('id', '<', before)
    .execute();
}

/** What was concluded from the snapshot that was saved last; null where nothing was. */
export async function latestDiagnosis(db: Kysely<Database>, incidentId: string): Promise<Diagnosis | null> {
  const row = await db
    .selectFrom('snapshot')
    .select('diagnosis')
    .where('incident_id', '=', incidentId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined || row.diagnosis === null ? null : diagnosisSchema.parse(row.diagnosis);
}

/**
 * Deletes the snapshots of incidents that were resolved before a time, but the last `keep` of each. Those of open
 * incidents all stay: people may ask for any of their evidence. Gives how many were deleted.
 */
export async function pruneSnapshots(
  db: Kysely<Database>,
  { resolvedBefore, keep }: { resolvedBefore: Date; keep: number },
): Promise<number> {
  const ranked = db
    .selectFrom('snapshot')
    .innerJoin('incident', 'incident.id', 'snapshot.incident_id')
    .select([
      'snapshot.id',
      sql<number>`row_number() over (partition by incident_id order by snapshot.id desc)`.as('age'),
    ])
    .where('stage', '=', 'resolved')
    .where('updated_at', '<', resolvedBefore);
  const { numDeletedRows } = await db
    .deleteFrom('snapshot')
    .where('id', 'in', db.selectFrom(ranked.as('ranked')).select('id').where('age', '>', keep))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** The numbers that this snapshot gives out. Those of the update before, which it also holds, are not its own. */
function evidenceNumbers({ observations, gaps, changes, series = [] }: Snapshot): number[] {
  return [...observations, ...gaps, ...changes, ...series].map(({ id }) => Number(id.slice(1)));
}
