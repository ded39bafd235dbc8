import { resolve } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { openEmbedded } from './embedded.ts';
import type { Engine, Listener, StoreLog } from './engine.ts';
import type { StoreError } from './errors.ts';
import { digestOf, migrate, readMigrations, type MigrationFile } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import type { Database } from './schema.ts';

/** The open database, migrated. The modules beside this one are functions over its `db`. */
export interface Store {
  /** Inside a transaction use the transaction only: the embedded database has one connection. */
  db: Kysely<Database>;
  kind: 'pglite' | 'postgres';
  /** For the queue: runs a statement, or without values a script of several. */
  run(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** For the queue: hears NOTIFY. */
  listen(channel: string, onNotification: (payload: string) => void): Promise<Listener>;
  /** For the queue: makes an embedded database that is fresh and unused the template of later ones. */
  keep(): Promise<void>;
  /** Waits for what runs, then closes. Stop the queue first. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** `postgres://…` for a server, `memory:` for a database that is gone when closed, else a directory. */
  url: string;
  log: StoreLog;
  /**
   * Called once when the embedded database can store nothing more (disk full, thread ended): end the process and
   * let its supervisor start it again. Every later statement is rejected with the same error.
   */
  onFatal?: (error: StoreError) => void;
}

/** Opens and migrates the database. Throws a StoreError that says what to do where that fails. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const migrations = await readMigrations();
  const engine = await openEngine(options, migrations);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: engine.pool }) });
  try {
    await migrate(db, migrations);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return {
    db,
    kind: engine.kind,
    run: engine.run,
    listen: engine.listen,
    async keep() {
      if (engine.kind === 'pglite' && (await isEmpty(db))) await engine.keep();
    },
    close: engine.close,
  };
}

async function openEngine(
  { url, log, onFatal = () => undefined }: StoreOptions,
  migrations: MigrationFile[],
): Promise<Engine> {
  if (/^postgres(ql)?:\/\//.test(url)) return await openPostgres({ url, log });
  const directory = /^memory:(\/\/)?$/.test(url) ? null : resolve(url);
  return await openEmbedded({ directory, migrations: digestOf(migrations), log, onFatal });
}

async function isEmpty(db: Kysely<Database>): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from delivery) or exists (select from incident) or exists (select from publication)
      or exists (select from audit) as used`.execute(db);
  return rows[0]?.used === false;
}
