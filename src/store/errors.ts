import { hostname } from 'node:os';
import { version } from '../version.ts';
import type { Holder } from './holder.ts';

/** An error of the database that a person can do something about: what is wrong, where, and the remedy. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** What is wrong, and where. */
  readonly problem: string;
  readonly remedy: string;

  constructor(problem: string, remedy: string, options?: ErrorOptions) {
    super(`${problem} ${remedy}`, options);
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** Another process holds the directory of the embedded database. */
export class DirectoryInUse extends StoreError {}

/** The SQLSTATE that both drivers put on their errors, or null. */
function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/**
 * Whether the database refused a statement for the values in it, or for what it ran into (SQLSTATE classes 22, 23, 40
 * and 54): with other values, or alone, it may pass. A database that is away says something else.
 */
export function isRefusedValue(error: unknown): boolean {
  return /^(?:22|23|40|54)[0-9A-Z]{3}$/.test(sqlState(error) ?? '');
}

const diskFull = /No space left on device|ENOSPC|could not extend file|disk is full/;

/** Whether the error says that the disk is full (SQLSTATE 53100, or the operating system's own words). */
export function isDiskFull(error: unknown): boolean {
  return sqlState(error) === '53100' || (error instanceof Error && diskFull.test(error.message));
}

/** The embedded database refuses its directory: most often a write-ahead log cut short by a power failure. */
export function unreadableDirectory(directory: string, cause: unknown): StoreError {
  if (/incompatible with server/.test(detail(cause))) return otherFiles(directory, cause);
  return new StoreError(
    `The embedded database in ${directory} does not start: ${detail(cause)}.`,
    `Its files are probably damaged, as after a power cut. Move ${directory}/pglite away, and put a backup in its place ` +
      `or start with none; leave ${directory}/journal where it is: from it the next start takes up what was ` +
      'acknowledged and not finished. Set DATABASE_URL to a PostgreSQL server where that must not happen.',
    { cause },
  );
}

/** The package that carries PostgreSQL is not there whole. */
export function withoutEngine(cause: unknown): StoreError {
  return new StoreError(
    `The embedded database cannot be loaded: ${detail(cause)}.`,
    'Install Sitrep again (npm ci), or set DATABASE_URL to a PostgreSQL server.',
    { cause },
  );
}

/** The files are sound, and of another PostgreSQL than the one that this Sitrep carries. */
function otherFiles(directory: string, cause: unknown): StoreError {
  return new StoreError(
    `The embedded database in ${directory} does not start: ${detail(cause)}.`,
    'Another version of Sitrep has made it. Start that one, or give this one a directory of its own in DATABASE_URL.',
    { cause },
  );
}

/** The disk is full: what was acknowledged is kept, nothing more can be. */
export function fullDisk(where: string, cause: unknown): StoreError {
  return new StoreError(
    `The disk of the database (${where}) is full.`,
    'Free some space and start Sitrep again; what was acknowledged before is kept.',
    { cause },
  );
}

/** There is nothing to look at yet. */
export function noDatabase(directory: string): StoreError {
  return new StoreError(
    `There is no database in ${directory}.`,
    'Set DATABASE_URL as the server has it, or run this where the server runs; its first start makes the database.',
  );
}

/** Another process holds the directory of the embedded database; null where it has not said who it is. */
export function directoryInUse(directory: string, holder: Holder | null, cause: unknown): DirectoryInUse {
  return new DirectoryInUse(
    `The database directory ${directory} is in use by ${holder === null ? 'another process' : shown(holder)}.`,
    'Stop that process, or give this one a directory of its own in DATABASE_URL; for several processes on one ' +
      'database set DATABASE_URL to a PostgreSQL server (postgres://…).',
    { cause },
  );
}

function shown({ pid, host, since }: Holder): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return `process ${String(pid)}${where} since ${since.toISOString()}`;
}

/** The directory of the embedded database cannot be made, read or written. */
export function unusable(directory: string, cause: unknown): StoreError {
  if (isDiskFull(cause)) return fullDisk(directory, cause);
  return new StoreError(
    `The database directory ${directory} cannot be used: ${detail(cause)}.`,
    'Create it for the user that runs Sitrep, who must read and write it, or name another one in DATABASE_URL.',
    { cause },
  );
}

/** The thread of the embedded database ended by itself. */
export function databaseStopped(where: string, cause: unknown): StoreError {
  return new StoreError(
    `The embedded database (${where}) stopped: ${detail(cause)}.`,
    'Start Sitrep again; what was acknowledged before is kept.',
    { cause },
  );
}

/** The directory of the embedded database was removed or taken away under it. */
export function directoryGone(where: string, cause: unknown): StoreError {
  return new StoreError(
    `The directory of the embedded database (${where}) is gone.`,
    'Put it back, or restore a backup there, then start Sitrep again.',
    { cause },
  );
}

/** A newer Sitrep has migrated the database; the names are those of its migrations. */
export function newerDatabase(unknown: readonly string[]): StoreError {
  return new StoreError(
    `The database is newer than this Sitrep (${version}), which does not know ${unknown.map((name) => `migrations/${name}.sql`).join(', ')}.`,
    'Nothing was changed. Start the newer Sitrep, or put back a backup of the database from before it.',
  );
}

/** A database is to get rows of an earlier version, and has been brought further already. */
export function furtherDatabase(where: string, further: readonly string[]): StoreError {
  return new StoreError(
    `${where} has newer tables than the file: ${further.map((name) => `migrations/${name}.sql`).join(', ')}.`,
    'Nothing was changed. Import into a database on which no Sitrep was started yet; its tables are brought up afterwards.',
  );
}

/** The PostgreSQL server does not answer or does not let us in. `where` is its address without the password. */
export function unreachableServer(where: string, cause: unknown): StoreError {
  return new StoreError(
    `PostgreSQL at ${where} cannot be used: ${detail(cause)}.`,
    'Check DATABASE_URL (host, port, database, user, password) and that the server runs.',
    { cause },
  );
}

/** The PostgreSQL server took our statement, or our call, and did not answer. */
export function silentServer(ms: number): StoreError {
  return new StoreError(
    `PostgreSQL has not answered for ${String(ms / 1_000)} s.`,
    'Check that the server is not overloaded, and the network to it.',
  );
}

function detail(cause: unknown): string {
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return text.replace(/\.$/, '');
}
