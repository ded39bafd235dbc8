import { z } from 'zod';

/**
 * The file that `sitrep export` writes and `sitrep import` reads: JSON Lines, compressed with gzip. A header, a line for
 * each row, `["table",{…}]`, and a trailer without which the file is cut short. Rows are the database's own JSON: they
 * go through as text, so that no number, time or byte changes on the way.
 */

/** What a file is called for each queue's open jobs, where rows have the name of their table. */
export const jobRows = 'job';

export const transferHeader = z.object({
  sitrep: z.literal('export'),
  format: z.literal(1),
  version: z.string().describe('Of the Sitrep that wrote it'),
  takenAt: z.iso.datetime().describe('UTC; what was done since is not in the file'),
  doubtSince: z.iso
    .datetime()
    .nullable()
    .describe('The database itself may have forgotten what was done since then; null where it has not'),
  migrations: z.array(z.string()).describe('Those that had made the tables, in their order'),
  digest: z.string().describe('Of these migrations with their text'),
  rows: z.record(z.string(), z.int().nonnegative()).describe('How many rows of each table, and jobs'),
});

export type TransferHeader = z.infer<typeof transferHeader>;

export const transferTrailer = z.object({
  end: z.literal(true),
  rows: z.int().nonnegative(),
  sha256: z.string().describe('Of all bytes before this line, uncompressed, hexadecimal'),
});

export type TransferTrailer = z.infer<typeof transferTrailer>;

/** A row as it stands in the file: its table, and the database's JSON of it. */
export interface TransferRow {
  table: string;
  json: string;
}

/** The line of a row, without its line break. The database writes JSON on one line. */
export function rowLine({ table, json }: TransferRow): string {
  return `["${table}",${json}]`;
}

const row = /^\["([a-z_]+)",(\{.*\})\]$/su;

/** The row of a line; null where the line is something else. */
export function rowOf(line: string): TransferRow | null {
  const match = row.exec(line);
  const [, table, json] = match ?? [];
  return table === undefined || json === undefined ? null : { table, json };
}
