import { sql, type Kysely, type Transaction } from 'kysely';
import type { InstalledRepository } from '../core/installed-repository.ts';
import type { Database } from './schema.ts';

/**
 * What belongs to an installation that was removed, or to a repository that was taken from one, goes from all tables. What
 * still runs for it finds nothing, and what it would record is refused.
 */

/** An installation, or one repository of it; null for all of them. */
export interface Forgettable {
  installationId: number;
  repositoryId: number | null;
}

/** What waits in the queue for what is gone: by what its data names, and by the key under which it runs. */
export interface OrphanedJobs {
  deliveries: string[];
  incidents: string[];
  /** Of postings and notifications. */
  ids: string[];
  repositories: string[];
}

/** Class of the locks by which a record and a removal of the same installation come one after the other. */
const lockClass = sql`hashtext('sitrep forgets')`;
const lockOf = (installationId: number) => sql`(${installationId}::bigint % 2147483647)::integer`;

/**
 * Whether what a call records may be kept: not where its installation was removed, nor where its repository was taken away
 * after the call came. A repository that is there again is known by a delivery that came later. Until the transaction
 * ends, the installation is not removed.
 *
 * @param receivedAt when the delivery came; null for what nobody asked for
 */
export async function isRemembered(
  trx: Transaction<Database>,
  { installationId, repositoryId }: InstalledRepository,
  receivedAt: Date | null,
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock_shared(${lockClass}, ${lockOf(installationId)})`.execute(trx);
  const rows = await trx
    .selectFrom('forgotten')
    .select(['repository_id', 'at'])
    .where('installation_id', '=', installationId)
    .where('repository_id', 'in', [0, repositoryId])
    .execute();
  const isBack = rows.every((row) => row.repository_id !== 0 && receivedAt !== null && receivedAt > row.at);
  if (!isBack) return false;
  if (rows.length > 0)
    await trx
      .deleteFrom('forgotten')
      .where('installation_id', '=', installationId)
      .where('repository_id', '=', repositoryId)
      .execute();
  return true;
}

/** Since when each of these installations, and repositories of them, is forgotten. */
export async function forgottenAmong(
  db: Kysely<Database>,
  installationIds: readonly number[],
): Promise<(Forgettable & { at: Date })[]> {
  if (installationIds.length === 0) return [];
  const rows = await db
    .selectFrom('forgotten')
    .selectAll()
    .where('installation_id', 'in', [...installationIds])
    .execute();
  return rows.map((row) => ({
    installationId: row.installation_id,
    repositoryId: row.repository_id === 0 ? null : row.repository_id,
    at: row.at,
  }));
}

/** Whether another installation has recorded something of a repository: it was transferred, or the App installed anew. */
export async function elsewhere(
  trx: Transaction<Database>,
  { installationId, repositoryId }: InstalledRepository,
): Promise<Forgettable[]> {
  const rows = await trx
    .selectFrom('incident')
    .select('installation_id')
    .distinct()
    .where('repository_id', '=', repositoryId)
    .where('installation_id', '<>', installationId)
    .execute();
  return rows.map((row) => ({ installationId: row.installation_id, repositoryId }));
}

/**
 * Deletes all that is recorded of it, its audit included, and gives what now waits in the queue for nothing. The delivery
 * that says so stays, emptied.
 *
 * @param delivery GUID of that delivery; null where none says so
 */
export async function forget(
  trx: Transaction<Database>,
  of: Forgettable,
  delivery: string | null,
): Promise<OrphanedJobs> {
  const { installationId, repositoryId } = of;
  await sql`select pg_advisory_xact_lock(${lockClass}, ${lockOf(installationId)})`.execute(trx);
  const ofIt = sql<boolean>`installation_id = ${installationId}
    and (${repositoryId}::bigint is null or repository_id = ${repositoryId}::bigint)`;
  const isDelivery = sql<boolean>`installation_id = ${installationId} and guid is distinct from ${delivery}
    and (${repositoryId}::bigint is null or (payload -> 'repository' ->> 'id')::bigint = ${repositoryId}::bigint
      -- One that took it away before; others that it names may still wait for theirs.
      or (state <> 'received' and payload -> 'repositories_removed' @> jsonb_build_array(
        jsonb_build_object('id', ${repositoryId}::bigint))))`;
  const { rows } = await sql<Record<'what' | 'id', string>>`
    select 'repository' as what, repository_id::text as id from incident where ${ofIt}
    union select 'repository', repository_id::text from history_read where ${ofIt}
    union select 'incident', id::text from incident where ${ofIt}
    union select 'id', id::text from publication where ${ofIt}
    union select 'id', id::text from notification where incident_id in (select id from incident where ${ofIt})
    union select 'delivery', guid from delivery where ${isDelivery}`.execute(trx);
  // With an incident goes what hangs on it: events, board, criteria, snapshots, checkpoints, samples, labels, notifications.
  for (const table of tables) await trx.deleteFrom(table).where(ofIt).execute();
  await trx.deleteFrom('delivery').where(isDelivery).execute();
  if (delivery !== null)
    await sql`update delivery set payload = payload - 'repositories_removed' where guid = ${delivery}`.execute(
      trx,
    );
  if (repositoryId === null)
    for (const table of ofWholeInstallations)
      await trx.deleteFrom(table).where('installation_id', '=', installationId).execute();
  await sql`select forget_audit_of(${installationId}, ${repositoryId}::bigint)`.execute(trx);
  const named = (what: string) => rows.filter((row) => row.what === what).map(({ id }) => id);
  const repositories = named('repository');
  return {
    deliveries: named('delivery'),
    incidents: named('incident'),
    ids: named('id'),
    repositories:
      repositoryId === null ? repositories : [...new Set([...repositories, String(repositoryId)])],
  };
}

/** Whose rows name installation and repository. */
const tables = [
  'incident',
  'publication',
  'history',
  'history_read',
  'own_templates',
  'role_seen',
  'etag',
] as const;
const ofWholeInstallations = ['github_budget', 'github_write'] as const;

/** Notes that it is forgotten, so that what still runs for it records nothing. */
export async function noteForgotten(
  trx: Transaction<Database>,
  { installationId, repositoryId }: Forgettable,
  at: Date,
): Promise<void> {
  await trx
    .insertInto('forgotten')
    .values({ installation_id: installationId, repository_id: repositoryId ?? 0, at })
    .onConflict((conflict) => conflict.columns(['installation_id', 'repository_id']).doUpdateSet({ at }))
    .execute();
}

/** Forgets repositories that were taken away before a time, and installations that were removed before another one. */
export async function pruneForgotten(
  db: Kysely<Database>,
  { repositories, installations }: { repositories: Date; installations: Date },
): Promise<void> {
  await sql`
    delete from forgotten
    where at < case when repository_id = 0 then ${installations}::timestamptz else ${repositories}::timestamptz end`.execute(
    db,
  );
}
