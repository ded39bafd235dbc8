import { join } from 'node:path';
import type { TransferHeader, TransferRow } from '../core/transfer.ts';
import { jobRows } from '../core/transfer.ts';
import { queueExists } from '../queue/dead-letters.ts';
import { countOpenJobs, openJobs } from '../queue/transfer.ts';
import { doubtWithin } from '../store/doubt.ts';
import { doubtOf } from '../store/embedded.directory.ts';
import type { StoreLog } from '../store/engine.ts';
import { StoreError } from '../store/errors.ts';
import { openJournal } from '../store/journal.ts';
import { digestOf } from '../store/migrate.ts';
import { findStore, type FoundStore, type Store } from '../store/open.ts';
import { beginReading, countRows, pagesOf, rowsOfTables } from '../store/transfer.ts';
import { version } from '../version.ts';
import { expectAlone, expectLasting, migrationsIn, stopFirst } from './alone.ts';
import { unknownOf } from './journal.ts';
import { writeTransfer } from './transfer-file.ts';

/** Looks on while rows go from one place to another. */
export type TransferWatch = (moved: { rows: number; of: number }) => void;

export interface ExportOptions {
  /** Of the database, as in `DATABASE_URL`. */
  url: string;
  file: string;
  now: () => Date;
  log: StoreLog;
  watch: TransferWatch;
}

/**
 * Writes all of a database that nobody uses into a file: every table and the open jobs, as of one moment. Gives the
 * header of the file. @throws StoreError that says what to do
 */
export async function exportDatabase({ url, file, now, log, watch }: ExportOptions): Promise<TransferHeader> {
  expectLasting(url);
  const found = await findStore({ url, log }).catch(stopFirst);
  const { store } = found;
  try {
    await expectAlone(store);
    const migrations = await migrationsIn(found);
    await expectNothingInJournal(store, log);
    const hasQueue = await queueExists(store);
    const doubtSince = await doubtOn(found);
    return await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (trx) => {
        await beginReading(trx);
        const jobs = hasQueue ? await countOpenJobs(trx) : 0;
        const header: TransferHeader = {
          sitrep: 'export',
          format: 1,
          version,
          takenAt: now().toISOString(),
          doubtSince: doubtSince?.toISOString() ?? null,
          migrations: migrations.map(({ name }) => name),
          digest: digestOf(migrations),
          rows: { ...(await countRows(trx)), [jobRows]: jobs },
        };
        const all = allRows(rowsOfTables(trx), hasQueue ? pagesOf(trx, jobRows, openJobs) : none());
        await writeTransfer(file, header, watched(all, rowsIn(header), watch));
        return header;
      });
  } finally {
    await store.close();
  }
}

/** How many rows a file holds, jobs included. */
export function rowsIn({ rows }: TransferHeader): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}

/** What was acknowledged before a power cut and is only in the journal would be left behind. */
async function expectNothingInJournal(store: Store, log: StoreLog): Promise<void> {
  const { directory } = store;
  if (directory === null) return;
  const journal = await openJournal(join(directory, 'journal'));
  let lost = 0;
  await journal.replay(async (entries) => {
    lost += (await unknownOf(store, entries, log)).length;
  });
  await journal.close();
  if (lost === 0) return;
  throw new StoreError(
    `The journal of ${directory} holds ${String(lost)} acknowledged deliver${lost === 1 ? 'y' : 'ies'} that the database does not know.`,
    'Start Sitrep there once, so that it takes them up, stop it, and do this again.',
  );
}

async function doubtOn({ store, schema }: FoundStore): Promise<Date | null> {
  if (store.directory !== null) return doubtOf(store.directory).since();
  return schema.missing.includes('0013_doubt') ? null : (await doubtWithin(store.db)).since();
}

async function* allRows(...parts: AsyncIterable<TransferRow[]>[]): AsyncGenerator<TransferRow[]> {
  for (const part of parts) yield* part;
}

async function* none(): AsyncGenerator<TransferRow[]> {
  // a database on which no server was started has no queue
}

async function* watched(
  pages: AsyncIterable<TransferRow[]>,
  of: number,
  watch: TransferWatch,
): AsyncGenerator<TransferRow[]> {
  let rows = 0;
  for await (const page of pages) {
    yield page;
    rows += page.length;
    watch({ rows, of });
  }
}
