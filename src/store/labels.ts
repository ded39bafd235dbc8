import { sql, type Kysely, type Transaction } from 'kysely';
import { labelMeanings, type KeptLabel, type LabelState, type WantedLabel } from '../core/kept-labels.ts';
import { recordAudit } from './audit.ts';
import { text } from './json.ts';
import type { Database } from './schema.ts';

/**
 * Records which labels an incident's issue should carry, in the transaction of the update that found so; each name once.
 * True where that leaves something to do on the issue.
 *
 * @param delivery GUID of the delivery by which it was found; null where nobody asked
 */
export async function wantLabels(
  trx: Transaction<Database>,
  incidentId: string,
  labels: readonly WantedLabel[],
  delivery: string | null = null,
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
        delivery,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['incident_id', 'name'])
        .doUpdateSet((excluded) => ({
          wanted: excluded.ref('excluded.wanted'),
          meaning: excluded.ref('excluded.meaning'),
          delivery: excluded.ref('excluded.delivery'),
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

/**
 * Records what became of a label, and audits that it was set or taken away. One that is gone though it was ours and is not
 * wanted counts as taken away by us: the answer to our request may have been lost.
 */
export async function noteLabel(
  db: Kysely<Database>,
  incidentId: string,
  name: string,
  { state, at }: { state: LabelState; at: Date },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('kept_label')
      .innerJoin('incident', 'incident.id', 'kept_label.incident_id')
      .select(['kept_label.state', 'kept_label.wanted', 'kept_label.delivery'])
      .select(['installation_id', 'repository_id', 'repository', 'issue'])
      .where('incident_id', '=', incidentId)
      .where('name', '=', name)
      .executeTakeFirst();
    if (before === undefined) return;
    await trx
      .updateTable('kept_label')
      .set({ state })
      .where('incident_id', '=', incidentId)
      .where('name', '=', name)
      .execute();
    const what = whatBecame(before, state);
    if (what === null) return;
    await recordAudit(trx, {
      key: null,
      at,
      who: 'sitrep',
      what,
      installationId: before.installation_id,
      repositoryId: before.repository_id,
      repository: before.repository,
      issue: before.issue,
      delivery: before.delivery,
      detail: { label: name },
    });
  });
}

function whatBecame(
  before: { state: LabelState; wanted: boolean },
  state: LabelState,
): 'label set' | 'label taken away' | null {
  if (state === 'set' && before.state !== 'set') return 'label set';
  return state === 'absent' && !before.wanted && before.state !== 'left' && before.state !== 'absent'
    ? 'label taken away'
    : null;
}
