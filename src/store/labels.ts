import { sql, type Kysely, type Transaction } from 'kysely';
import { labelMeanings, type KeptLabel, type LabelState, type WantedLabel } from '../core/kept-labels.ts';
import { text } from './json.ts';
import type { Database } from './schema.ts';

/**
 * Records which labels an incident's issue should carry, in the transaction of the update that found so; each name once.
 * True where that leaves something to do on the issue.
 */
export async function wantLabels(
  trx: Transaction<Database>,
  incidentId: string,
  labels: readonly WantedLabel[],
): Promise<boolean> {
  if (labels.length === 0) return false;
  const changed = await trx
    .insertInto('kept_label')
    .values(
      labels.map(({ name, wanted, meaning = 'finding' }) => ({
        incident_id: incidentId,
        name: text(name),
        wanted,
        meaning,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['incident_id', 'name'])
        .doUpdateSet((excluded) => ({
          wanted: excluded.ref('excluded.wanted'),
          meaning: excluded.ref('excluded.meaning'),
        }))
        .whereRef('kept_label.wanted', '<>', 'excluded.wanted'),
    )
    .returning(['wanted', 'state'])
    .execute();
  return changed.some(({ wanted, state }) => wanted || state !== 'absent');
}

/** The labels that are kept on an incident's issue, by name. */
export async function keptLabels(db: Kysely<Database>, incidentId: string): Promise<KeptLabel[]> {
  const rows = await db
    .selectFrom('kept_label')
    .select(['name', 'wanted', 'state', 'meaning'])
    .where('incident_id', '=', incidentId)
    .orderBy('name')
    .execute();
  return rows.map(({ meaning, ...row }) => ({
    ...row,
    meaning: labelMeanings.find((known) => known === meaning) ?? 'finding',
  }));
}

/** A person took a label away: where it is wanted it is not set again, also where it was theirs. */
export async function leaveLabel(
  trx: Transaction<Database>,
  incidentId: string,
  name: string,
): Promise<void> {
  await trx
    .updateTable('kept_label')
    .set({ state: 'left' })
    .where('incident_id', '=', incidentId)
    .where(sql`lower(name)`, '=', text(name).toLowerCase())
    .where('wanted', '=', true)
    .execute();
}

/** Records what became of a label. */
export async function noteLabel(
  db: Kysely<Database>,
  incidentId: string,
  name: string,
  state: LabelState,
): Promise<void> {
  await db
    .updateTable('kept_label')
    .set({ state })
    .where('incident_id', '=', incidentId)
    .where('name', '=', name)
    .execute();
}
