import type { Kysely } from 'kysely';
import type { Role } from '../core/roles.ts';
import type { InstalledRepository } from '../core/installed-repository.ts';
import { text } from './json.ts';
import type { Database } from './schema.ts';

/** Roles that people were seen to hold, for the minutes in which GitHub does not tell. Logins compare without case. */

/** Whose role in which repository. */
export interface RoleHolder extends InstalledRepository {
  login: string;
}

/** Keeps the role that GitHub just told; it takes the place of the one before. */
export async function keepRole(
  db: Kysely<Database>,
  { installationId, repositoryId, login }: RoleHolder,
  role: Role,
  at: Date,
): Promise<void> {
  await db
    .insertInto('role_seen')
    .values({
      installation_id: installationId,
      repository_id: repositoryId,
      login: text(login.toLowerCase()),
      role,
      at,
    })
    .onConflict((conflict) =>
      conflict.columns(['installation_id', 'repository_id', 'login']).doUpdateSet((excluded) => ({
        role: excluded.ref('excluded.role'),
        at: excluded.ref('excluded.at'),
      })),
    )
    .execute();
}

/** The role that was seen at `since` or later; null where none was. */
export async function roleSeenSince(
  db: Kysely<Database>,
  { installationId, repositoryId, login }: RoleHolder,
  since: Date,
): Promise<Role | null> {
  const row = await db
    .selectFrom('role_seen')
    .select('role')
    .where('installation_id', '=', installationId)
    .where('repository_id', '=', repositoryId)
    .where('login', '=', login.toLowerCase())
    .where('at', '>=', since)
    .executeTakeFirst();
  return row?.role ?? null;
}

/** Forgets the roles that were seen before a time. */
export async function pruneRoles(db: Kysely<Database>, before: Date): Promise<void> {
  await db.deleteFrom('role_seen').where('at', '<', before).execute();
}
