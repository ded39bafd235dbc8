import { z } from 'zod';
import type { AcceptedDelivery, WebhookDeps } from '../intake/webhook.ts';
import { recordedDeliveries } from '../store/deliveries.ts';
import { isRefusedValue } from '../store/errors.ts';
import { forgottenAmong } from '../store/forget.ts';
import type { StoreLog } from '../store/engine.ts';
import type { JournalEntry } from '../store/journal.ts';
import type { Store } from '../store/open.ts';

/** What `acceptInto` writes there. */
type Journalled = AcceptedDelivery & { receivedAt: Date };
const journalled: z.ZodType<Journalled> = z.object({
  guid: z.string(),
  event: z.string(),
  action: z.string(),
  installationId: z.int(),
  repositoryId: z.int().nullable(),
  repository: z.string().nullable(),
  issue: z.int().nullable(),
  comment: z.object({ id: z.int(), updatedAt: z.string() }).nullable(),
  subject: z.string().nullable().default(null), // entries of earlier versions have none
  payload: z.looseObject({}),
  receivedAt: z.iso.datetime().transform((text) => new Date(text)),
});

/** Fewer than the intake lets wait. */
const atOnce = 256;

/**
 * Accepts again what was acknowledged and the database does not know: a power cut took it, or its files were replaced.
 * It may have been carried out in part, so from here on postings are looked for before they are made.
 */
export async function replayJournal(
  store: Store,
  accept: WebhookDeps['accept'],
  log: StoreLog,
): Promise<void> {
  const { journal, doubt } = store;
  if (journal === null) return;
  let taken = 0;
  await journal.replay(async (entries) => {
    const lost = await unknownOf(store, entries, log);
    for (const { receivedAt } of lost) await doubt?.raise(receivedAt);
    for (let from = 0; from < lost.length; from += atOnce) {
      const batch = lost.slice(from, from + atOnce);
      const outcomes = await Promise.all(batch.map((delivery) => acceptAgain(accept, delivery, log)));
      taken += outcomes.filter((outcome) => outcome === 'new').length;
    }
  });
  if (taken > 0)
    log.warn({ taken }, 'The database had lost acknowledged deliveries; they are taken up from the journal.');
}

/** The entries that the database does not know, and should. */
export async function unknownOf(
  { db }: Pick<Store, 'db'>,
  entries: JournalEntry[],
  log: StoreLog,
): Promise<Journalled[]> {
  const guids = entries.map(({ guid }) => guid);
  const known = await recordedDeliveries(db, guids);
  const unknown = entries.flatMap((entry) => {
    if (known.has(entry.guid)) return [];
    const parsed = journalled.safeParse(entry);
    if (parsed.success) return [parsed.data];
    log.error(
      { err: parsed.error, delivery: entry.guid },
      'A delivery of the journal is not legible; left out.',
    );
    return [];
  });
  return await withoutForgotten(db, unknown);
}

/** What was deleted with its installation, or its repository, was not lost. */
async function withoutForgotten(db: Store['db'], entries: Journalled[]): Promise<Journalled[]> {
  const ids = [...new Set(entries.map(({ installationId }) => installationId))];
  const gone = await forgottenAmong(db, ids);
  return entries.filter(
    (entry) =>
      !gone.some(
        ({ installationId, repositoryId, at }) =>
          installationId === entry.installationId &&
          (repositoryId === null || repositoryId === entry.repositoryId) &&
          entry.receivedAt <= at,
      ),
  );
}

/** One that the database refuses for its content was refused, and not acknowledged, when it came. */
async function acceptAgain(
  accept: WebhookDeps['accept'],
  delivery: AcceptedDelivery,
  log: StoreLog,
): Promise<'new' | 'duplicate' | 'refused'> {
  try {
    return await accept(delivery);
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    log.warn(
      { err: error, delivery: delivery.guid },
      'A delivery of the journal cannot be stored; left out.',
    );
    return 'refused';
  }
}
