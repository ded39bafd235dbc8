import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { directoryInUse } from './errors.ts';
import { mayLive, readHolder, thisProcess, type Holder } from './holder.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Keeps a second process off the embedded database, which has no lock of its own and is damaged by two. It is an
 * exclusive transaction on a SQLite file: the operating system ends it with the process, however that dies. Nobody can
 * read that file meanwhile, so who holds it stands in a file beside it.
 * Throws a StoreError that names the holder where the lock is held.
 *
 * @param onLeft told who held it before, where that one did not release it: it was killed, or the power was cut
 */
export function lockDirectory(directory: string, onLeft: (before: Holder) => void): DirectoryLock {
  const holderFile = join(directory, 'holder.json');
  const database = new DatabaseSync(join(directory, 'lock.sqlite'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    const before = readHolder(holderFile);
    if (before !== null) onLeft(before);
    writeWhole(holderFile, JSON.stringify(thisProcess()));
  } catch (error) {
    database.close();
    throw isBusy(error) ? directoryInUse(directory, livingHolder(holderFile), error) : error;
  }
  return {
    release() {
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

/** A process that died leaves its name behind, until the next one has written its own. */
function livingHolder(file: string): Holder | null {
  const holder = readHolder(file);
  return holder !== null && mayLive(holder) ? holder : null;
}

/** Who reads the file at any moment finds the old text or the new one. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
