import { setTimeout as pause } from 'node:timers/promises';
import { DirectoryInUse, newerDatabase, StoreError } from '../store/errors.ts';
import { readMigrations, type MigrationFile } from '../store/migrate.ts';
import { isInMemory, type FoundStore, type Store } from '../store/open.ts';
import { otherSessions } from '../store/transfer.ts';

/** What moves a whole database, or says what is to be thought of it, needs it alone: no server may run on it. */

/** @throws StoreError where the URL names a database that no other process has */
export function expectLasting(url: string): void {
  if (!isInMemory(url)) return;
  throw new StoreError(
    'A database in memory is gone with its process.',
    'Set DATABASE_URL as the server has it: a directory, or postgres://….',
  );
}

/** Says of a directory that somebody holds that the server has to be stopped; throws all else on. */
export function stopFirst(error: unknown): never {
  if (!(error instanceof DirectoryInUse)) throw error;
  throw new StoreError(error.problem, 'Stop the server there, wait until it has ended, and do this again.', {
    cause: error,
  });
}

/** A server lists a session for a moment after it was closed. */
const looks = 5;
const lookMs = 200;

/** @throws StoreError where something else of Sitrep is connected to the PostgreSQL server's database */
export async function expectAlone({ kind, db, where }: Pick<Store, 'kind' | 'db' | 'where'>): Promise<void> {
  if (kind !== 'postgres') return; // the lock on the directory is ours
  let others = await otherSessions(db);
  for (let look = 1; others > 0 && look < looks; look += 1) {
    await pause(lookMs);
    others = await otherSessions(db);
  }
  if (others === 0) return;
  throw new StoreError(
    `${where} is in use: ${String(others)} other connection${others === 1 ? '' : 's'} of Sitrep.`,
    'Stop every server on this database, wait until they have ended, and do this again.',
  );
}

/** The migrations that made the tables: all that this Sitrep knows, or the first of them. @throws StoreError where none did, or newer ones */
export async function migrationsIn({ store, schema }: FoundStore): Promise<MigrationFile[]> {
  if (schema.unknown.length > 0) throw newerDatabase(schema.unknown);
  const migrations = await readMigrations();
  const made = migrations.filter(({ name }) => !schema.missing.includes(name));
  if (made.length > 0) return made;
  throw new StoreError(
    `There is no database of Sitrep in ${store.where}.`,
    'Set DATABASE_URL as the server has it.',
  );
}
