import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import type { StoreLog } from './engine.ts';
import type { Database } from './schema.ts';

/**
 * Whether the database may have forgotten what it did: after a power cut, or put back from an older copy. It is kept,
 * so that a process which dies soon after does not take the doubt with it: beside the embedded database, whose own
 * files are what is in doubt, and in a table of a server, where all its processes find it when they start.
 */
export interface Doubt {
  /** What was done from this time on may be forgotten, and may be done again; null where there is no doubt. */
  since(): Date | null;
  /** Doubts what was done from a time on; of several doubts the one that reaches back furthest counts. */
  raise(since: Date): void | Promise<void>;
  /** What was to be done again has been. */
  settle(): void | Promise<void>;
}

/** A doubt that is kept in a file: raised and settled when the call returns. */
export interface FileDoubt extends Doubt {
  raise(since: Date): void;
  settle(): void;
}

const written = z.object({ since: z.iso.datetime() });

export function doubtIn(file: string): FileDoubt {
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

/** The doubt that is kept in the database itself, as it stands now. */
export async function doubtWithin(db: Kysely<Database>): Promise<Doubt> {
  const row = await db.selectFrom('doubt').selectAll().executeTakeFirst();
  let since = row?.since ?? null;
  return {
    since: () => since,
    async raise(from) {
      const { rows } = await sql<{ since: Date }>`
        insert into doubt (since) values (${from}::timestamptz)
        on conflict (one) do update
          set since = least(doubt.since, excluded.since), raised_at = excluded.raised_at
        returning since`.execute(db);
      since = rows[0]?.since ?? from;
    },
    async settle() {
      since = null;
      // One that was raised since this process started is for those that start after it.
      const before = row?.raised_at;
      if (before !== undefined)
        await sql`delete from doubt where date_trunc('milliseconds', raised_at) <= ${before}::timestamptz`.execute(
          db,
        );
    },
  };
}

/** What a start does again is done by then: a job is tried for some minutes, and put off for an hour at the most. */
const settledAfterMs = 2 * 3_600_000;

/** Lets go of the doubt when the process has run for two hours. */
export function tendDoubt(doubt: Doubt, log: StoreLog): { stop(): void } {
  if (doubt.since() !== null)
    log.warn(
      { since: doubt.since() },
      'The database may have forgotten what was posted; for two hours each posting is looked for on GitHub first.',
    );
  const timer = setTimeout(() => void settle(), settledAfterMs);
  timer.unref();

  async function settle(): Promise<void> {
    try {
      await doubt.settle();
    } catch (error) {
      log.warn({ err: error }, 'The doubt about the database stays until the next start.');
    }
  }

  return { stop: () => clearTimeout(timer) };
}
