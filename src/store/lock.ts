import { DatabaseSync } from 'node:sqlite';
import { directoryInUse } from './errors.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Keeps a second process off the embedded database, which has no lock of its own and is damaged by two. It is an
 * exclusive transaction on a SQLite file: the operating system ends it with the process, however that dies.
 * Throws a StoreError where the lock is held.
 */
export function lockDirectory(directory: string, file: string): DirectoryLock {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw isBusy(error) ? directoryInUse(directory, error) : error;
  }
  return { release: () => database.close() };
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
