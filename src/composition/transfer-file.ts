import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import {
  rowLine,
  rowOf,
  transferHeader,
  transferTrailer,
  type TransferHeader,
  type TransferRow,
  type TransferTrailer,
} from '../core/transfer.ts';
import { StoreError } from '../store/errors.ts';

/** Where the file is written: whole or not at all, for the user who runs this and nobody else. */
const ownerOnly = 0o600;

/** Writes a header and pages of rows, and the trailer behind them. @throws StoreError where the file cannot be written. */
export async function writeTransfer(
  file: string,
  header: TransferHeader,
  pages: AsyncIterable<readonly TransferRow[]>,
): Promise<void> {
  const part = `${file}.part`;
  try {
    const out = createWriteStream(part, { mode: ownerOnly, flush: true });
    await pipeline(Readable.from(chunksOf(header, pages)), createGzip(), out);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw ofFileSystem.has(codeOf(error)) ? unwritable(file, error) : error;
  }
}

async function* chunksOf(
  header: TransferHeader,
  pages: AsyncIterable<readonly TransferRow[]>,
): AsyncGenerator<string> {
  const digest = createHash('sha256');
  let rows = 0;
  const first = `${JSON.stringify(header)}\n`;
  digest.update(first);
  yield first;
  for await (const page of pages) {
    rows += page.length;
    const lines = page.map((row) => `${rowLine(row)}\n`).join('');
    digest.update(lines);
    yield lines;
  }
  const trailer: TransferTrailer = { end: true, rows, sha256: digest.digest('hex') };
  yield `${JSON.stringify(trailer)}\n`;
}

/** Who takes what a file holds, in its order. */
export interface TransferTaker {
  header(header: TransferHeader): Promise<void> | void;
  row(row: TransferRow): Promise<void> | void;
}

/**
 * Reads a file to its end, a line at a time. Resolves when it is whole and as it was written; who takes must undo what it
 * did with the rows where this rejects. @throws StoreError where the file is damaged, cut short, or something else.
 */
export async function readTransfer(file: string, taker: TransferTaker): Promise<void> {
  await expectReadable(file);
  try {
    await pipeline(createReadStream(file), createGunzip(), (chunks: AsyncIterable<Buffer>) =>
      takeAll(file, chunks, taker),
    );
  } catch (error) {
    // Node's codes of zlib; whatever else fails here, the file is not at fault.
    throw codeOf(error).startsWith('Z_') ? damaged(file, error) : error;
  }
}

async function takeAll(file: string, chunks: AsyncIterable<Buffer>, taker: TransferTaker): Promise<void> {
  const digest = createHash('sha256');
  const counts: Record<string, number> = {};
  let header: TransferHeader | null = null;
  let trailer: TransferTrailer | null = null;
  let rows = 0;
  for await (const line of linesOf(chunks)) {
    if (trailer !== null) throw damaged(file);
    if (header === null) {
      header = parsed(transferHeader, line);
      if (header === null) throw foreign(file);
      digest.update(`${line}\n`);
      await taker.header(header);
      continue;
    }
    const row = rowOf(line);
    if (row === null) {
      trailer = parsed(transferTrailer, line);
      if (trailer === null) throw damaged(file);
      continue;
    }
    digest.update(`${line}\n`);
    rows += 1;
    counts[row.table] = (counts[row.table] ?? 0) + 1;
    await taker.row(row);
  }
  if (header === null) throw foreign(file);
  const isWhole =
    trailer?.sha256 === digest.digest('hex') &&
    trailer.rows === rows &&
    Object.entries({ ...header.rows, ...counts }).every(
      ([table]) => (header?.rows[table] ?? 0) === (counts[table] ?? 0),
    );
  if (!isWhole) throw damaged(file);
}

const lineBreak = 0x0a;

/**
 * The lines of a text in UTF-8, without their breaks: those of `\n` alone, where Node's own reader of lines also breaks
 * at U+2028, which JSON may hold as it is.
 */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(lineBreak); at !== -1; at = chunk.indexOf(lineBreak, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, at)]).toString('utf8');
      begun = [];
      from = at + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}

function parsed<Value>(
  schema: { safeParse(value: unknown): { success: true; data: Value } | { success: false } },
  line: string,
): Value | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const result = schema.safeParse(value);
  return result.success ? result.data : null;
}

async function expectReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
    if (!(await stat(file)).isFile()) throw new Error('it is no file');
  } catch (error) {
    throw new StoreError(
      `${file} cannot be read: ${messageOf(error)}.`,
      'Name a file that sitrep export wrote, and check who may read it.',
      { cause: error },
    );
  }
}

function damaged(file: string, cause?: unknown): StoreError {
  const detail = cause === undefined ? '' : ` (${messageOf(cause)})`;
  return new StoreError(
    `${file} is cut short or damaged${detail}.`,
    'Nothing of it was taken over. Copy it anew, or export again.',
    { cause },
  );
}

function foreign(file: string): StoreError {
  return new StoreError(
    `${file} is no export of Sitrep, or one of a newer version.`,
    'Name a file that sitrep export wrote; a newer one needs the Sitrep that wrote it, or one after it.',
  );
}

function unwritable(file: string, cause: unknown): StoreError {
  return new StoreError(
    `${file} cannot be written: ${messageOf(cause)}.`,
    'Nothing is left of it. Check who may write there and the space on the disk, or name another file.',
    { cause },
  );
}

/** What a file system says of a place, and no database does. */
const ofFileSystem: ReadonlySet<string> = new Set([
  'EACCES',
  'EDQUOT',
  'EFBIG',
  'EIO',
  'EISDIR',
  'ENOENT',
  'ENOSPC',
  'EPERM',
  'EROFS',
]);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
