import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import { doubtWithin, tendDoubt, type Doubt } from './doubt.ts';
import { doubtOf, filesOf } from './embedded.directory.ts';
import type { Engine, Listener, StoreLog } from './engine.ts';
import { furtherDatabase, newerDatabase, noDatabase, unusable, type StoreError } from './errors.ts';
import { openJournal, type Journal } from './journal.ts';
import { tendJournal } from './journal.upkeep.ts';
import {
  digestOf,
  migrate,
  readMigrations,
  schemaState,
  type MigrationFile,
  type SchemaState,
} from './migrate.ts';
import { isServer, openPostgres, withoutPassword } from './postgres.ts';
import type { Database } from './schema.ts';

/** The open database, migrated. The modules beside this one are functions over its `db`. */
export interface Store {
  /** Inside a transaction use the transaction only: the embedded database has one connection. */
  db: Kysely<Database>;
  kind: 'pglite' | 'postgres';
  /** Of the embedded database; null for a server, and in memory. */
  directory: string | null;
  /** For people: the directory, `memory`, or the server's address without the password. */
  where: string;
  /** Of an embedded database in a directory, which needs one: see there. Null for others, and for one that is looked at. */
  journal: Journal | null;
  /** Whether the database may have forgotten what it did; null in memory, and for one that is looked at. */
  doubt: Doubt | null;
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
  /** The server that `url` names, where it is being connected to already. */
  server?: Promise<Engine> | null;
}

/** Opens and migrates the database. Throws a StoreError that says what to do where that fails. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const migrations = await readMigrations();
  const { engine, store } = await openAsIs(options, migrations);
  try {
    const { missing, unknown } = await schemaState(store.db, migrations);
    if (unknown.length > 0) throw newerDatabase(unknown);
    if (missing.length > 0) await migrateWith(engine, migrations);
    if (store.kind === 'postgres') return tended(store, await doubtWithin(store.db), options.log);
    return store.directory === null ? store : await withJournal(store, store.directory, options.log);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** An open database that is to be filled, and that is not looked after meanwhile. */
export interface StoreForImport {
  store: Store;
  /** Makes the tables. Throws a StoreError where there are newer ones. */
  begin: () => Promise<void>;
  /** Brings the tables up to this version. */
  bringUp: () => Promise<void>;
  /** Doubts what was posted from a time on; gives since when all in all. Only when the tables were brought up. */
  doubt: (since: Date) => Promise<Date>;
}

/**
 * Opens a database as it is; a directory is made where there is none. Throws a StoreError that says what to do where that
 * fails.
 *
 * @param first those of the migrations by which its tables are to be made first
 */
export async function openForImport(
  options: StoreOptions,
  first: readonly MigrationFile[],
): Promise<StoreForImport> {
  const { engine, store } = await openAsIs(options, [...first]);
  const { directory } = store;
  return {
    store,
    async begin() {
      const { missing, unknown } = await schemaState(store.db, [...first]);
      if (unknown.length > 0) throw furtherDatabase(store.where, unknown);
      if (missing.length > 0) await migrateWith(engine, [...first]);
    },
    async bringUp() {
      const migrations = await readMigrations();
      const { missing } = await schemaState(store.db, migrations);
      if (missing.length > 0) await migrateWith(engine, migrations);
    },
    async doubt(since) {
      const doubt = directory === null ? await doubtWithin(store.db) : doubtOf(directory);
      await doubt.raise(since);
      return doubt.since() ?? since;
    },
  };
}

async function withJournal(store: Store, directory: string, log: StoreLog): Promise<Store> {
  const journal = await openJournal(join(directory, 'journal')).catch((error: unknown) => {
    throw unusable(directory, error);
  });
  const upkeep = tendJournal(store.db, journal, log);
  const closing = {
    ...store,
    journal,
    async close() {
      upkeep.stop();
      await journal.close();
      await store.close();
    },
  };
  return tended(closing, doubtOf(directory), log);
}

function tended(store: Store, doubt: Doubt, log: StoreLog): Store {
  const upkeep = tendDoubt(doubt, log);
  return {
    ...store,
    doubt,
    async close() {
      upkeep.stop();
      await store.close();
    },
  };
}

async function migrateWith(engine: Engine, migrations: MigrationFile[]): Promise<void> {
  const db = kyselyOn(engine.patientPool());
  try {
    await migrate(db, migrations);
  } finally {
    await db.destroy();
  }
}

/** A database as it was found. */
export interface FoundStore {
  store: Store;
  schema: SchemaState;
}

/**
 * Opens a database that is there, to look at it: makes none and migrates nothing. Throws a StoreError that says what
 * to do where that fails.
 */
export async function findStore(options: StoreOptions): Promise<FoundStore> {
  const directory = directoryOf(options.url);
  if (directory !== null && !existsSync(filesOf(directory))) throw noDatabase(directory);
  const migrations = await readMigrations();
  const { store } = await openAsIs(options, migrations);
  try {
    return { store, schema: await schemaState(store.db, migrations) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openAsIs(
  options: StoreOptions,
  migrations: MigrationFile[],
): Promise<{ engine: Engine; store: Store }> {
  const engine = await openEngine(options, migrations);
  const db = kyselyOn<Database>(engine.pool);
  const directory = directoryOf(options.url);
  const store = {
    db,
    kind: engine.kind,
    directory,
    where: engine.kind === 'postgres' ? withoutPassword(options.url) : (directory ?? 'memory'),
    journal: null,
    doubt: null,
    run: engine.run,
    listen: engine.listen,
    keep: () => engine.keepIf(empty),
    close: engine.close,
  };
  return { engine, store };
}

function kyselyOn<Tables>(pool: PostgresPool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

async function openEngine(
  { url, log, onFatal = () => undefined, server }: StoreOptions,
  migrations: MigrationFile[],
): Promise<Engine> {
  if (isServer(url)) return await (server ?? openPostgres({ url, log }));
  // Loaded here: on a server's database nothing of it is needed.
  const { openEmbedded } = await import('./embedded.ts');
  return await openEmbedded({ directory: directoryOf(url), migrations: digestOf(migrations), log, onFatal });
}

/** Whether a URL names a database that is gone when closed. */
export function isInMemory(url: string): boolean {
  return /^memory:(\/\/)?$/.test(url);
}

/** Directory of the embedded database that a URL names; null for a server, and for a database in memory. */
export function directoryOf(url: string): string | null {
  return isServer(url) || isInMemory(url) ? null : resolve(url);
}

/** Gives a row where the database holds nobody's data. */
const empty = `select where not exists (select from delivery) and not exists (select from incident)
  and not exists (select from publication) and not exists (select from audit)`;
