import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Below this the embedded database cannot write its log and stops. */
export const leastFreeBytes = 4 * 1024 * 1024;

/** Room for a day or so of a busy installation: with less an operator should know. */
export const warnBelowBytes = 256 * 1024 * 1024;

/** Free space of the disk that holds a directory. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/**
 * Makes a directory and those above it. Node's own `recursive` never comes back where a parent is there and yet says
 * that it is not, as /proc does.
 */
export function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  try {
    mkdirSync(directory);
  } catch (error) {
    if (!existsSync(directory)) throw error; // another process was faster
  }
}

/** Throws the operating system's error where this user cannot read and write in the directory. */
export function expectUsable(directory: string): void {
  accessSync(`${directory}/.`, constants.R_OK | constants.W_OK | constants.X_OK);
}
