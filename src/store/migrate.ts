import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { ownFile } from '../own-files.ts';
import { StoreError } from './errors.ts';

const folder = ownFile('migrations');
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
      statements: await readFile(join(folder, name), 'utf8'),
    })),
  );
}

/** Short digest of the migrations: databases of the same digest have the same tables. */
export function digestOf(migrations: MigrationFile[]): string {
  return createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16);
}

/** What the database holds beside what this Sitrep knows. */
export interface SchemaState {
  /** Known and not in the database: a start brings them there. All of them where the database is fresh. */
  missing: string[];
  /** In the database and unknown: a newer Sitrep has made them. */
  unknown: string[];
}

/** Compares a database with the migrations; changes nothing. */
export async function schemaState<Tables>(
  db: Kysely<Tables>,
  migrations: MigrationFile[],
): Promise<SchemaState> {
  const known = migrations.map(({ name }) => name);
  const applied = await appliedMigrations(db);
  return {
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

async function appliedMigrations<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const table = await sql<{
    found: boolean;
  }>`select to_regclass('kysely_migration') is not null as found`.execute(db);
  if (table.rows[0]?.found !== true) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/**
 * Brings the database to the newest migration: numbered SQL files, forward only, all in one transaction under an
 * advisory lock, so that processes that start together do not disturb each other. Where nothing is missing
 * (`schemaState`) spare it: Kysely's look through the catalogue takes a fifth of a second on PGlite.
 */
export async function migrate<Tables>(db: Kysely<Tables>, migrations: MigrationFile[]): Promise<void> {
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
    'Nothing was changed. Start the Sitrep that ran before, and report this.',
    { cause: error },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
