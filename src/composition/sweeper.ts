import type { Transaction } from 'kysely';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';

/** Work that is looked for again and again, in every process. */
export interface Sweeper {
  /** Does what is due now. */
  sweep(): Promise<void>;
  /** Ends it when the sweep under way is over. */
  stop(): Promise<void>;
}

/**
 * Does `sweep` every `everyMs`, one after the other: two would wait for each other's rows. A failure is told once, until
 * it works again.
 */
export function startSweeper(
  everyMs: number,
  sweepOnce: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Sweeper {
  let running = Promise.resolve();
  let waiting = false;
  let failing = false;

  function sweep(): Promise<void> {
    const mine = running.then(sweepOnce);
    running = mine.catch(() => undefined);
    return mine;
  }

  async function quietly(): Promise<void> {
    if (waiting) return;
    waiting = true;
    try {
      await sweep();
      failing = false;
    } catch (error) {
      if (!failing) onFailure(error);
      failing = true;
    } finally {
      waiting = false;
    }
  }

  const timer = setInterval(() => void quietly(), everyMs);
  timer.unref();
  return {
    sweep,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/**
 * Takes what is due, some at a time and each time in a transaction of its own, until nothing is due any more or what is
 * left is being taken by another process. `take` gives what it took.
 */
export async function takeWhileDue(
  { db }: Store,
  isDue: () => Promise<boolean>,
  take: (trx: Transaction<Database>) => Promise<readonly unknown[]>,
): Promise<void> {
  while (await isDue()) {
    const taken = await db.transaction().execute(take);
    if (taken.length === 0) return;
  }
}
