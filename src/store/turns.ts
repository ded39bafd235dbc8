import { StoreError } from './errors.ts';

/** Gives the one connection of the embedded database to one user at a time, in the order of asking. */
export interface Turns {
  /** Resolves to the function that ends the turn. Rejects where the turn does not come within the time. */
  take(): Promise<() => void>;
}

/**
 * @param waitMs how long a turn is waited for: what waits longer most likely waits for itself, by a statement on
 *   `db` inside a transaction that holds the turn.
 */
export function createTurns(waitMs: number): Turns {
  let last: Promise<void> = Promise.resolve();
  let users = 0;

  return {
    async take() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const before = last;
      last = last.then(() => promise);
      users += 1;
      const end = () => {
        users -= 1;
        resolve();
      };
      if (users === 1) return end;
      try {
        await within(before, waitMs);
      } catch (error) {
        end();
        throw error;
      }
      return end;
    },
  };
}

async function within(turn: Promise<void>, waitMs: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLong(waitMs)), waitMs);
  try {
    await Promise.race([turn, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLong(waitMs: number): StoreError {
  return new StoreError(
    `The embedded database was busy with one transaction for ${waitMs / 1000} s.`,
    'A statement inside a transaction must run on that transaction, not on the database beside it.',
  );
}
