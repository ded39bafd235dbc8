import type { Kysely } from 'kysely';
import type { Doubt } from './doubt.ts';
import type { StoreLog } from './engine.ts';
import type { Journal } from './journal.ts';
import type { Database } from './schema.ts';

const roundMs = 60_000;
/** What a start does again is done by then: a job is tried for some minutes, and put off for an hour at the most. */
const doubtRounds = 120;

/** Once a minute lets go of what the journal need not keep any more; after two hours, of the doubt about the database. */
export function tendJournal(
  db: Kysely<Database>,
  { journal, doubt }: { journal: Journal; doubt: Doubt },
  log: StoreLog,
): { stop(): void } {
  let rounds = 0;

  async function tend(): Promise<void> {
    rounds += 1;
    try {
      if (rounds === doubtRounds) doubt.settle();
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
