import { join } from 'node:path';
import { doubtIn, type FileDoubt } from './doubt.ts';

/** What lies in the directory of an embedded database; told without loading the database. */

/** Where PGlite's own files lie within the directory. */
export function filesOf(directory: string): string {
  return join(directory, 'pglite');
}

/** The doubt about the database in a directory. */
export function doubtOf(directory: string): FileDoubt {
  return doubtIn(join(directory, 'doubt.json'));
}
