import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Puts what arrives while a commit is under way into the next one, so that a burst costs few transactions. One
 * commit at a time, in the order of arrival.
 */
export interface Batches<Item, Outcome> {
  /** Resolves with the item's outcome after its commit; rejects where it was not stored, or not in time. */
  add(item: Item): Promise<Outcome>;
}

export interface BatchOptions<Item, Outcome> {
  /** Stores all items or none; gives their outcomes in the same order. */
  commit: (items: Item[]) => Promise<Outcome[]>;
  /** Whether a commit failed for what an item holds: then its neighbours are stored without it. */
  isItemsFault: (error: unknown) => boolean;
  /** Most items of a commit. */
  most: number;
  /** Most items that wait; more are rejected at once. */
  mostWaiting: number;
  /** An item without an outcome after this time is rejected; whether it was stored is not known then. */
  answerMs: number;
}

/** An item that was not stored in time, or for want of room. */
export class NotStored extends Error {
  override name = 'NotStored';
}

interface Entry<Item, Outcome> {
  item: Item;
  resolve(outcome: Outcome): void;
  reject(reason: unknown): void;
  timer: NodeJS.Timeout;
}

export function createBatches<Item, Outcome>({
  commit,
  isItemsFault,
  most,
  mostWaiting,
  answerMs,
}: BatchOptions<Item, Outcome>): Batches<Item, Outcome> {
  const waiting = new Set<Entry<Item, Outcome>>();
  let underWay = false;

  async function work(): Promise<void> {
    if (underWay) return;
    underWay = true;
    await nextTurn(); // what the same turn of the event loop still reads goes along
    while (waiting.size > 0) {
      const batch = [...waiting.values().take(most)];
      for (const entry of batch) waiting.delete(entry);
      await withinAnswerTime(settle(batch));
    }
    underWay = false;
  }

  /** A commit that hangs must not hold up those behind it for ever: its items have been rejected by then. */
  async function withinAnswerTime(settled: Promise<void>): Promise<void> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, answerMs);
    await Promise.race([settled, over.promise]);
    clearTimeout(timer);
  }

  /** Never rejects. Halves a batch until the item at fault is alone. */
  async function settle(batch: Entry<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await commit(batch.map(({ item }) => item));
      for (const [index, outcome] of outcomes.entries()) {
        const entry = batch[index];
        if (entry === undefined) continue;
        clearTimeout(entry.timer);
        entry.resolve(outcome);
      }
    } catch (error) {
      if (batch.length > 1 && isItemsFault(error)) {
        const half = Math.ceil(batch.length / 2);
        await settle(batch.slice(0, half));
        await settle(batch.slice(half));
        return;
      }
      for (const entry of batch) {
        clearTimeout(entry.timer);
        entry.reject(error);
      }
    }
  }

  return {
    add(item) {
      if (waiting.size >= mostWaiting)
        return Promise.reject(
          new NotStored(`${String(mostWaiting)} deliveries wait for the database already`),
        );
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      const timer = setTimeout(() => {
        waiting.delete(entry);
        reject(new NotStored(`the database did not answer within ${String(answerMs / 1_000)} s`));
      }, answerMs);
      const entry: Entry<Item, Outcome> = { item, resolve, reject, timer };
      waiting.add(entry);
      void work();
      return promise;
    },
  };
}
