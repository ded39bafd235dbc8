import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/**
 * Whether the embedded database may have forgotten what it did: after a power cut, or with an older copy of its files.
 * Kept in a file, so that a process which dies soon after does not take the doubt with it.
 */
export interface Doubt {
  /** What was done from this time on may be forgotten, and may be done again; null where there is no doubt. */
  since(): Date | null;
  /** Doubts what was done from a time on; of several doubts the one that reaches back furthest counts. */
  raise(since: Date): void;
  /** What was to be done again has been. */
  settle(): void;
}

const written = z.object({ since: z.iso.datetime() });

export function doubtIn(file: string): Doubt {
  let since = read(file);
  return {
    since: () => since,
    raise(from) {
      if (since !== null && since <= from) return;
      since = from;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ since: from.toISOString() }));
    },
    settle() {
      since = null;
      rmSync(file, { force: true });
    },
  };
}

/** A file that is cut short tells no time: then all that may be asked for is in doubt. */
function read(file: string): Date | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  try {
    return new Date(written.parse(JSON.parse(text)).since);
  } catch {
    return new Date(0);
  }
}
