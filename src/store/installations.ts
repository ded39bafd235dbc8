import { sql, type Transaction } from 'kysely';
import { resumeCheckpoints, timeOf, type CheckpointClock } from './checkpoints.ts';
import type { Database } from './schema.ts';

/** Nothing comes by itself any more for the incidents of an installation: no checkpoints, samples and refreshes. */
export async function suspendInstallation(trx: Transaction<Database>, installationId: number): Promise<void> {
  const itsIncidents = trx.selectFrom('incident').select('id').where('installation_id', '=', installationId);
  await trx.deleteFrom('sampling').where('incident_id', 'in', itsIncidents).execute();
  await trx
    .updateTable('board')
    .set({ due_at: null, taken_at: null })
    .where('incident_id', 'in', itsIncidents)
    .execute();
  await trx
    .updateTable('checkpoint')
    .set({ state: 'cancelled' })
    .where('state', '=', 'pending')
    .where('incident_id', 'in', itsIncidents)
    .execute();
}

/** Of its incidents that are not over, checkpoints come again, and the living comment is refreshed now, which begins samples. */
export async function resumeInstallation(
  trx: Transaction<Database>,
  installationId: number,
  clock: CheckpointClock,
): Promise<void> {
  await sql`
    update board set due_at = ${timeOf(clock)}, taken_at = null
    where incident_id in (select id from incident where installation_id = ${installationId} and watched)`.execute(
    trx,
  );
  const watched = await trx
    .selectFrom('incident')
    .select('id')
    .where('installation_id', '=', installationId)
    .where('watched', '=', true)
    .execute();
  for (const { id } of watched) await resumeCheckpoints(trx, id, clock);
}
