import { sql, type Kysely } from 'kysely';
import { diagnosisSchema, type Diagnosis } from '../core/diagnosis.ts';
import { snapshotSchema, type Snapshot } from '../core/snapshot.ts';
import type { Database } from './schema.ts';

/**
 * The update of an incident that tells most of its cause: the last one in which it was confirmed, or else probable; where
 * none tells a cause, the last one. An update of the time after, when nothing fails any more, tells nothing of it. Null
 * where nothing was ever read.
 */
export async function tellingSnapshot(
  db: Kysely<Database>,
  incidentId: string,
): Promise<{ snapshot: Snapshot; diagnosis: Diagnosis } | null> {
  const row = await db
    .selectFrom('snapshot')
    .select(['body', 'diagnosis'])
    .where('incident_id', '=', incidentId)
    .where('diagnosis', 'is not', null)
    .orderBy(
      sql`case when diagnosis->'root'->>'cause' = 'unknown' then 2
               when diagnosis->'root'->>'verdict' = 'confirmed' then 0
               when diagnosis->'root'->>'verdict' = 'probable' then 1
               else 2 end`,
    )
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { snapshot: snapshotSchema.parse(row.body), diagnosis: diagnosisSchema.parse(row.diagnosis) };
}
