import { pruneDeliveries } from '../store/deliveries.ts';
import { pruneTagged } from '../store/etags.ts';
import { pruneWrites } from '../store/github-budget.ts';
import { pruneAnswers, pruneReads } from '../store/google-reads.ts';
import type { Store } from '../store/open.ts';
import { pruneTemplates } from '../store/own-templates.ts';
import { pruneRedeliveries } from '../store/redeliveries.ts';
import { pruneSnapshots } from '../store/snapshots.ts';

const day = 86_400_000;
/** GitHub redelivers for three days; a GUID that is forgotten is taken for new. */
const deliveriesMs = 7 * day;
/** Evidence of a resolved incident may be asked for while its postmortem is written. */
const snapshotsMs = 90 * day;
const keptSnapshots = 1;
const everyMs = 6 * 3_600_000;

/** Forgets what is no longer needed, now and every six hours. What it gives ends that, when the last round is over. */
export function startRetention(
  { db }: Store,
  now: () => Date,
  log: { warn(fields: object, message: string): void },
): () => Promise<void> {
  const before = (age: number) => new Date(now().getTime() - age);
  const prune = async () => {
    try {
      await pruneDeliveries(db, before(deliveriesMs));
      await pruneRedeliveries(db);
      await pruneWrites(db);
      await pruneTagged(db);
      await pruneTemplates(db);
      await pruneReads(db);
      await pruneAnswers(db);
      await pruneSnapshots(db, { resolvedBefore: before(snapshotsMs), keep: keptSnapshots });
    } catch (error) {
      log.warn({ err: error }, 'old records could not be pruned; it is tried again');
    }
  };
  let round = prune();
  const timer = setInterval(() => {
    round = prune();
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await round;
  };
}
