import type { Store } from '../store/open.ts';
import { retentions } from '../store/retention.ts';

const dayMs = 86_400_000;
const everyMs = 6 * 3_600_000;

interface RetentionLog {
  warn(fields: object, message: string): void;
}

/** Forgets what has been kept long enough, each kind of data by itself: one that fails holds up no other. */
export async function prune({ db }: Pick<Store, 'db'>, now: Date, log: RetentionLog): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * dayMs);
  for (const { what, prune: pruneKind } of retentions) {
    try {
      await pruneKind?.(db, ago);
    } catch (error) {
      log.warn({ err: error, what }, 'old records could not be pruned; it is tried again');
    }
  }
}

/** Does that now and every six hours. What it gives ends that, when the last round is over. */
export function startRetention(store: Store, now: () => Date, log: RetentionLog): () => Promise<void> {
  let round = prune(store, now(), log);
  const timer = setInterval(() => {
    round = prune(store, now(), log);
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await round;
  };
}
