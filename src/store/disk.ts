import { statfsSync } from 'node:fs';

/** Below this the embedded database cannot write its log and stops. */
export const leastFreeBytes = 4 * 1024 * 1024;

/** Free space of the disk that holds a directory. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
