import type { Kysely, Transaction } from 'kysely';
import { standingAfter, type Standing, type Standings } from '../core/criteria/standing.ts';
import type { CriterionResult } from '../core/criteria/types.ts';
import { text } from './json.ts';
import type { Database } from './schema.ts';

/** How the criteria of incidents stand, and since when: brought on by each look and each sample. */

/** What a look or a sample tells of the criteria. */
export interface ToldCriteria {
  /** Those that it can tell of; the others stay as they were. */
  told: readonly CriterionResult[];
  /** When it was taken. */
  at: Date;
  by: Standing['toldBy'];
}

/** How the criteria of an incident stood when they were read last. */
export async function standingsOf(db: Kysely<Database>, incidentId: string): Promise<Standings> {
  const rows = await db
    .selectFrom('criterion_state')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('id')
    .execute();
  const ofKind = (wanted: CriterionResult['kind']): Record<string, Standing> =>
    Object.fromEntries(
      rows
        .filter(({ kind }) => kind === wanted)
        .map((row) => [
          row.id,
          {
            result: row.result,
            since: row.since.toISOString(),
            changed: row.changed,
            unmetSince: row.unmet_since?.toISOString() ?? null,
            toldBy: row.told_by,
          },
        ]),
    );
  return { success: ofKind('success'), escalation: ofKind('escalation') };
}

/** Brings on how the criteria of an incident stand. What is older than what is recorded changes nothing. */
export async function keepStandings(
  trx: Transaction<Database>,
  incidentId: string,
  { told, at, by }: ToldCriteria,
): Promise<void> {
  if (told.length === 0) return;
  const rows = await trx
    .selectFrom('criterion_state')
    .select(['kind', 'id', 'at'])
    .where('incident_id', '=', incidentId)
    .forUpdate()
    .execute();
  const before = await standingsOf(trx, incidentId);
  const newer = new Set(rows.filter((row) => row.at > at).map(({ kind, id }) => `${kind} ${id}`));
  const values = told
    .filter(({ kind, id }) => !newer.has(`${kind} ${id}`))
    .map(({ kind, id, result }) => {
      const next = standingAfter(before[kind][id], { result, at: at.toISOString(), by });
      return {
        incident_id: incidentId,
        kind,
        id: text(id),
        result: next.result,
        since: new Date(next.since),
        changed: next.changed,
        unmet_since: next.unmetSince === null ? null : new Date(next.unmetSince),
        told_by: next.toldBy,
        at,
      };
    });
  if (values.length === 0) return;
  await trx
    .insertInto('criterion_state')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['incident_id', 'kind', 'id']).doUpdateSet((excluded) => ({
        result: excluded.ref('excluded.result'),
        since: excluded.ref('excluded.since'),
        changed: excluded.ref('excluded.changed'),
        unmet_since: excluded.ref('excluded.unmet_since'),
        told_by: excluded.ref('excluded.told_by'),
        at: excluded.ref('excluded.at'),
      })),
    )
    .execute();
}
