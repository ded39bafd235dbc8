/** An error of the database that a person can do something about: what is wrong, where, and the remedy. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(`${message} ${remedy}`, options);
    this.remedy = remedy;
  }
}

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

const diskFull = /No space left on device|ENOSPC|could not extend file/;

/** Whether the error says that the disk is full (SQLSTATE 53100, or the operating system's own words). */
export function isDiskFull(error: unknown): boolean {
  return sqlState(error) === '53100' || (error instanceof Error && diskFull.test(error.message));
}

/** The embedded database refuses its directory: most often a write-ahead log cut short by a power failure. */
export function unreadableDirectory(directory: string, cause: unknown): StoreError {
  return new StoreError(
    `The embedded database in ${directory} does not start: ${detail(cause)}.`,
    'Its files are probably damaged, as after a power failure. Move the directory away and put back a backup, ' +
      'or start with an empty one; set DATABASE_URL to a PostgreSQL server where that must not happen.',
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

/** Another process holds the directory of the embedded database. */
export function directoryInUse(directory: string, cause: unknown): StoreError {
  return new StoreError(
    `The database directory ${directory} is in use by another process.`,
    'Stop that process, or give this one a directory of its own in DATABASE_URL; for several processes on one ' +
      'database set DATABASE_URL to a PostgreSQL server (postgres://…).',
    { cause },
  );
}

/** The directory of the embedded database cannot be made or written. */
export function unwritableDirectory(directory: string, cause: unknown): StoreError {
  return new StoreError(
    `The database directory ${directory} cannot be written: ${detail(cause)}.`,
    'Create it for the user that runs Sitrep, or name another one in DATABASE_URL.',
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

/** The PostgreSQL server does not answer or does not let us in. `where` is its address without the password. */
export function unreachableServer(where: string, cause: unknown): StoreError {
  return new StoreError(
    `PostgreSQL at ${where} cannot be used: ${detail(cause)}.`,
    'Check DATABASE_URL (host, port, database, user, password) and that the server runs.',
    { cause },
  );
}

function detail(cause: unknown): string {
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return text.replace(/\.$/, '');
}
