import type { Kysely, Transaction } from 'kysely';
import type { KeptLabel, LabelState } from '../core/kept-labels.ts';
import { text } from './json.ts';
import type { Database } from './schema.ts';

/** Records which labels an incident's issue should carry, in the transaction of the update that found so. */
export async function wantLabels(
  trx: Transaction<Database>,
  incidentId: string,
  labels: readonly { name: string; wanted: boolean }[],
): Promise<void> {
  if (labels.length === 0) return;
  await trx
    .insertInto('kept_label')
    .values(labels.map(({ name, wanted }) => ({ incident_id: incidentId, name: text(name), wanted })))
    .onConflict((conflict) =>
      conflict
        .columns(['incident_id', 'name'])
        .doUpdateSet((excluded) => ({ wanted: excluded.ref('excluded.wanted') })),
    )
    .execute();
}

/** The labels that are kept on an incident's issue, by name. */
export async function keptLabels(db: Kysely<Database>, incidentId: string): Promise<KeptLabel[]> {
  return await db
    .selectFrom('kept_label')
    .select(['name', 'wanted', 'state'])
    .where('incident_id', '=', incidentId)
    .orderBy('name')
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
