import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { InstalledRepository } from '../core/installed-repository.ts';
import { ownTemplatesSchema, type OwnTemplates } from '../core/own-templates/own-templates.ts';
import { json } from './json.ts';
import type { Database } from './schema.ts';

/** Templates of repositories as they were read last. */

/** Those of a repository; null where none are kept, or none that this version understands. */
export async function findTemplates(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
): Promise<OwnTemplates | null> {
  const row = await db
    .selectFrom('own_templates')
    .select('body')
    .where('installation_id', '=', installationId)
    .where('repository_id', '=', repositoryId)
    .executeTakeFirst();
  const parsed = ownTemplatesSchema.safeParse(row?.body);
  return parsed.success ? parsed.data : null;
}

/** Keeps them in place of those before; false where they are the same. A repository without any has no row. */
export async function keepTemplates(
  db: Kysely<Database>,
  { installationId, repositoryId }: InstalledRepository,
  templates: OwnTemplates,
): Promise<boolean> {
  const { kinds, partials, refused } = templates;
  if (Object.keys(kinds).length + Object.keys(partials).length + refused.length === 0) {
    await db
      .deleteFrom('own_templates')
      .where('installation_id', '=', installationId)
      .where('repository_id', '=', repositoryId)
      .execute();
    return true;
  }
  const body = json(templates);
  const seen_at = sql<Date>`clock_timestamp()`;
  const digest = createHash('sha256').update(body).digest('hex');
  // Unchanged, as nearly always, the text is not written again.
  const seen = await db
    .updateTable('own_templates')
    .set({ seen_at })
    .where('installation_id', '=', installationId)
    .where('repository_id', '=', repositoryId)
    .where('digest', '=', digest)
    .executeTakeFirst();
  if (seen.numUpdatedRows > 0n) return false;
  const values = { digest, body, seen_at };
  await db
    .insertInto('own_templates')
    .values({ installation_id: installationId, repository_id: repositoryId, ...values })
    .onConflict((conflict) => conflict.columns(['installation_id', 'repository_id']).doUpdateSet(values))
    .execute();
  return true;
}

/** Forgets those of repositories that nobody asked about for 90 days. */
export async function pruneTemplates(db: Kysely<Database>): Promise<void> {
  await sql`delete from own_templates where seen_at < clock_timestamp() - interval '90 days'`.execute(db);
}
