import type { Kysely } from 'kysely';
import type { StoreLog } from './engine.ts';
import type { Journal } from './journal.ts';
import type { Database } from './schema.ts';

const roundMs = 60_000;

/** Once a minute lets go of what the journal need not keep any more. */
export function tendJournal(db: Kysely<Database>, journal: Journal, log: StoreLog): { stop(): void } {
  async function tend(): Promise<void> {
    try {
      await journal.settle((guids) => unfinishedOf(db, guids));
    } catch (error) {
      log.warn({ err: error }, 'The journal could not be tidied; it is tried again in a minute.');
    }
  }

  const timer = setInterval(() => void tend(), roundMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Which of these deliveries are still to be carried out. One that is not recorded was not acknowledged either. */
async function unfinishedOf(db: Kysely<Database>, guids: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('delivery')
    .select('guid')
    .where('state', '=', 'received')
    .where('guid', 'in', guids)
    .execute();
  return new Set(rows.map(({ guid }) => guid));
}
