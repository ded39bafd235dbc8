import { mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/**
 * What was acknowledged, on the disk beside the embedded database, which never calls fsync: a power cut may take what
 * it stored in the minutes before. Lines of JSON in numbered files; a file goes when everything in it is finished, so
 * nothing depends on when the database's own files reach the disk.
 */
export interface Journal {
  /** Resolves when the entries have reached the disk. For what is about to be acknowledged. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Hands over what earlier processes left, file by file, the oldest first. Call it once, before `settle`. */
  replay(take: (entries: JournalEntry[]) => Promise<void>): Promise<void>;
  /**
   * Removes the files in which nothing is unfinished any more. What was appended since the last but one call is not
   * asked for: it may not be committed yet.
   */
  settle(unfinished: (guids: string[]) => Promise<ReadonlySet<string>>): Promise<void>;
  close(): Promise<void>;
}

/** A delivery with all that is needed to accept it again, as JSON. */
export interface JournalEntry {
  guid: string;
}

const entry = z.looseObject({ guid: z.string() });

/** A file is closed at this size: read at once when it is replayed, and not kept for one delivery of thousands. */
const fileBytes = 4 * 1024 * 1024;
const fileName = /^\d{8}\.jsonl$/;
/** A call of `settle` and one more: longer than a transaction takes. */
const ripeRounds = 2;

/** A file that is written no more. */
interface ClosedFile {
  path: string;
  guids: Set<string>;
  /** Calls of `settle` since it was closed. */
  rounds: number;
}

interface OpenFile {
  path: string;
  guids: Set<string>;
  handle: FileHandle;
  bytes: number;
}

interface Waiting {
  entries: readonly JournalEntry[];
  done: PromiseWithResolvers<void>;
}

/** Opens the journal in a directory, which is made where it is missing. Nobody else may write there. */
export async function openJournal(directory: string): Promise<Journal> {
  await mkdir(directory, { recursive: true });
  await syncDirectory(dirname(directory));
  const left = (await readdir(directory)).filter((name) => fileName.test(name)).sort();
  let number = Number.parseInt(left.at(-1) ?? '0', 10);
  let closed: ClosedFile[] = [];
  let current: OpenFile | null = null;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  async function begin(): Promise<OpenFile> {
    number += 1;
    const path = join(directory, `${String(number).padStart(8, '0')}.jsonl`);
    const handle = await open(path, 'ax', 0o600);
    await syncDirectory(directory);
    return { path, handle, guids: new Set(), bytes: 0 };
  }

  async function endCurrent(): Promise<void> {
    if (current === null) return;
    const { path, guids, handle } = current;
    current = null;
    closed.push({ path, guids, rounds: 0 });
    await handle.close();
  }

  /** What waits while a write is under way goes out together with the next. */
  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.flatMap(({ entries }) => entries));
        for (const { done } of batch) done.resolve();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    writing = null;
  }

  async function write(entries: readonly JournalEntry[]): Promise<void> {
    const file = (current ??= await begin());
    for (const { guid } of entries) file.guids.add(guid);
    const text = entries.map((each) => `${JSON.stringify(each)}\n`).join('');
    try {
      await file.handle.appendFile(text);
      await file.handle.datasync();
    } catch (error) {
      await endCurrent(); // half a line may be its last
      throw error;
    }
    file.bytes += Buffer.byteLength(text);
    if (file.bytes >= fileBytes) await endCurrent();
  }

  /** Nothing is written while `act` runs. */
  async function alone(act: () => Promise<void>): Promise<void> {
    await writing;
    if (writing !== null) return await alone(act);
    writing = act().finally(() => {
      writing = waiting.length > 0 ? writeAll() : null;
    });
    await writing;
  }

  return {
    append(entries) {
      if (entries.length === 0) return Promise.resolve();
      const done = Promise.withResolvers<void>();
      waiting.push({ entries, done });
      writing ??= writeAll();
      return done.promise;
    },
    async replay(take) {
      for (const name of left) {
        const path = join(directory, name);
        const entries = legible(await readFile(path, 'utf8'));
        await take(entries);
        closed.push({ path, guids: new Set(entries.map(({ guid }) => guid)), rounds: 0 });
      }
    },
    async settle(unfinished) {
      for (const file of closed) {
        file.rounds += 1;
        if (file.rounds < ripeRounds) continue;
        file.guids = new Set(file.guids.size === 0 ? [] : await unfinished([...file.guids]));
        if (file.guids.size === 0) await rm(file.path, { force: true });
      }
      closed = closed.filter(({ rounds, guids }) => rounds < ripeRounds || guids.size > 0);
      await alone(endCurrent);
    },
    async close() {
      await alone(endCurrent);
    },
  };
}

/** The entries of a file. A power cut may leave half a line at its end, or zeros: that was never acknowledged. */
function legible(text: string): JournalEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [entry.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** A new file is on the disk when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
