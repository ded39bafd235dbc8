import { sql, type Kysely } from 'kysely';
import type { InstalledRepository } from '../core/installed-repository.ts';
import { composed } from './json.ts';
import type { Database } from './schema.ts';

/** GitHub's last answer of an address, with the tag by which it says that nothing changed. */
export interface TaggedAnswer {
  etag: string;
  body: string;
}

/** The answer that was kept for a repository under a key, or null. */
export async function findTagged(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
  key: string,
): Promise<TaggedAnswer | null> {
  const row = await db
    .selectFrom('etag')
    .select(['etag', 'body'])
    .where('installation_id', '=', installationId)
    .where('repository_id', '=', repositoryId)
    .where('key', '=', key)
    .executeTakeFirst();
  return row ?? null;
}

/** Keeps an answer in place of the one before. */
export async function keepTagged(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
  key: string,
  { etag, body }: TaggedAnswer,
): Promise<void> {
  const values = { etag, body: composed(body), used_at: sql<Date>`clock_timestamp()` };
  await db
    .insertInto('etag')
    .values({ installation_id: installationId, repository_id: repositoryId, key, ...values })
    .onConflict((conflict) =>
      conflict.columns(['installation_id', 'repository_id', 'key']).doUpdateSet(values),
    )
    .execute();
}

/** Forgets answers that were kept more than 30 days ago. */
export async function pruneTagged(db: Kysely<Database>): Promise<void> {
  await sql`delete from etag where used_at < clock_timestamp() - interval '30 days'`.execute(db);
}
