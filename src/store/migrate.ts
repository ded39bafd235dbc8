import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StoreError } from './errors.ts';

const folder = new URL('../../migrations/', import.meta.url);
const fileName = /^\d{4}_[a-z_]+\.sql$/;

export interface MigrationFile {
  /** File name without `.sql`. */
  name: string;
  statements: string;
}

/** The migrations in their order. */
export async function readMigrations(): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => fileName.test(name)).sort();
  return await Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/, ''),
      statements: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
}

/** Short digest of the migrations: databases of the same digest have the same tables. */
export function digestOf(migrations: MigrationFile[]): string {
  return createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16);
}

/**
 * Brings the database to the newest migration: numbered SQL files, forward only, all in one transaction under an
 * advisory lock, so that processes that start together do not disturb each other.
 */
export async function migrate<Tables>(db: Kysely<Tables>, migrations: MigrationFile[]): Promise<void> {
  if (await isMigrated(db, migrations)) return;
  const provider = {
    getMigrations: async () =>
      Object.fromEntries(
        migrations.map(({ name, statements }) => [
          name,
          { up: async (trx: Kysely<unknown>) => void (await sql.raw(statements).execute(trx)) },
        ]),
      ),
  };
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
  if (error === undefined) return;
  const failed = results.find(({ status }) => status === 'Error')?.migrationName;
  throw new StoreError(
    `The database could not be migrated${failed === undefined ? '' : ` (migrations/${failed}.sql)`}: ${messageOf(error)}.`,
    'Nothing was changed. If an older Sitrep runs on a newer database, start the newer one.',
    { cause: error },
  );
}

/** Spares a start with nothing to do Kysely's look through the catalogue: a fifth of a second on PGlite. */
async function isMigrated<Tables>(db: Kysely<Tables>, migrations: MigrationFile[]): Promise<boolean> {
  const table = await sql<{
    found: boolean;
  }>`select to_regclass('kysely_migration') is not null as found`.execute(db);
  if (table.rows[0]?.found !== true) return false;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name).join() === migrations.map(({ name }) => name).join();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
