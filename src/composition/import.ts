import { jobRows, type TransferHeader, type TransferRow } from '../core/transfer.ts';
import { addJobs, holdsJobs, makeQueues } from '../queue/transfer.ts';
import type { StoreLog } from '../store/engine.ts';
import { StoreError } from '../store/errors.ts';
import { digestOf, readMigrations, type MigrationFile } from '../store/migrate.ts';
import { openForImport, type Store } from '../store/open.ts';
import { addRows, continueNumbers, filledTables, transferred } from '../store/transfer.ts';
import { expectAlone, expectLasting, stopFirst } from './alone.ts';
import { rowsIn, type TransferWatch } from './export.ts';
import { readTransfer } from './transfer-file.ts';

export interface ImportOptions {
  /** Of the database, as in `DATABASE_URL`; it is made where it is a directory that is not there. */
  url: string;
  file: string;
  log: StoreLog;
  watch: TransferWatch;
}

/** Rows that go into the database with one statement: at most so many, and about so many characters of them. */
const batch = { rows: 500, characters: 1024 * 1024 };

/**
 * Puts all that a file holds into an empty database, in one transaction: all of it or nothing. A file of an earlier version
 * goes into tables of its time, which are brought up afterwards. What was posted since the file was written is not in
 * it, so from here on postings are looked for before they are made. @throws StoreError that says what to do
 */
export async function importDatabase({ url, file, log, watch }: ImportOptions): Promise<TransferHeader> {
  expectLasting(url);
  const header = await whole(file);
  const migrations = await migrationsOf(file, header);
  const { store, begin, bringUp, doubt } = await openForImport({ url, log }, migrations).catch(stopFirst);
  try {
    await expectAlone(store);
    await begin();
    await makeQueues({ ...store, keep: () => Promise.resolve() }, log);
    await addAll(store, file, header, watch);
    await bringUp();
    const { takenAt, doubtSince } = header;
    await doubt(new Date(doubtSince === null || takenAt < doubtSince ? takenAt : doubtSince));
    return header;
  } finally {
    await store.close();
  }
}

/** Reads a file once to its end: one that is not whole leaves no trace in a database. */
async function whole(file: string): Promise<TransferHeader> {
  let header: TransferHeader | null = null;
  await readTransfer(file, {
    header: (read) => {
      header = read;
    },
    row: () => undefined,
  });
  if (header === null) throw new Error(`${file} has no header`);
  return header;
}

/** The migrations that had made the tables of the file: the first of those that this Sitrep has. */
async function migrationsOf(file: string, header: TransferHeader): Promise<MigrationFile[]> {
  const known = await readMigrations();
  const first = known.slice(0, header.migrations.length);
  const unknown = header.migrations.filter((name) => !known.some((migration) => migration.name === name));
  if (unknown.length > 0)
    throw new StoreError(
      `${file} was written by a newer Sitrep (${header.version}): this one does not know ${unknown.map((name) => `migrations/${name}.sql`).join(', ')}.`,
      'Import it with that version, or with one after it.',
    );
  if (digestOf(first) === header.digest) return first;
  throw new StoreError(
    `${file} was written by a Sitrep (${header.version}) whose tables are not those of this one.`,
    'Import it with the version that wrote it.',
  );
}

async function addAll(
  { db, where }: Store,
  file: string,
  header: TransferHeader,
  watch: TransferWatch,
): Promise<void> {
  const known = new Set<string>([jobRows, ...transferred.map(({ table }) => table)]);
  await db.transaction().execute(async (trx) => {
    const filled = [...(await filledTables(trx)), ...((await holdsJobs(trx)) ? ['jobs'] : [])];
    if (filled.length > 0)
      throw new StoreError(
        `${where} is not empty: it holds rows of ${filled.join(', ')}.`,
        'Nothing was changed. Import into a database that holds nothing: another directory, or a new database of the server.',
      );
    const waiting: TransferRow[] = [];
    let characters = 0;
    let moved = 0;

    async function add(): Promise<void> {
      const [first] = waiting;
      if (first === undefined) return;
      const rows = waiting.map(({ json }) => json);
      const added =
        first.table === jobRows ? await addJobs(trx, rows) : await addRows(trx, first.table, rows);
      if (added !== rows.length)
        throw new Error(`${String(added)} of ${String(rows.length)} rows of ${first.table} were added`);
      moved += added;
      watch({ rows: moved, of: rowsIn(header) });
      waiting.length = 0;
      characters = 0;
    }

    await readTransfer(file, {
      header: () => undefined,
      async row(row) {
        if (!known.has(row.table)) throw new Error(`there is no table ${row.table}`);
        const isFull = waiting.length >= batch.rows || characters >= batch.characters;
        if (isFull || waiting[0]?.table !== row.table) await add();
        waiting.push(row);
        characters += row.json.length;
      },
    });
    await add();
    await continueNumbers(trx);
  });
}
