import { readdir, readFile } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { migrate, readMigrations, type MigrationFile } from '../../../src/store/migrate.ts';
import type { Database } from '../../../src/store/schema.ts';

/** Databases that have lived: filled with what Sitrep wrote while each migration in turn was the newest. */

/** Names of the migrations of which there are rows, `NNNN_name.sql` beside this file. */
export async function namesOfRows(): Promise<string[]> {
  const files = await readdir(import.meta.dirname);
  return files.flatMap((file) => (file.endsWith('.sql') ? [file.replace(/\.sql$/u, '')] : [])).sort();
}

/** Makes an empty database one that has come up to the `newest`-th migration, with the rows of each on the way. */
export async function liveUpTo(db: Kysely<Database>, newest: number): Promise<void> {
  const migrations = await readMigrations();
  const lived = migrations.slice(0, newest).map(async ({ name, statements }): Promise<MigrationFile> => {
    const rows = await readFile(new URL(`./${name}.sql`, import.meta.url), 'utf8');
    return { name, statements: `${statements}\n${rows}` };
  });
  await migrate(db, await Promise.all(lived));
}
