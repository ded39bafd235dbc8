import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, type Journal, type JournalEntry } from '../../src/store/journal.ts';
import { open } from './engines.ts';

let parent: string;
let directory: string;
let journal: Journal;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sitrep-journal-'));
  directory = join(parent, 'journal');
  journal = await openJournal(directory);
});
afterEach(async () => {
  await journal.close();
  await rm(parent, { recursive: true });
});

const entriesOf = (...guids: string[]): JournalEntry[] => guids.map((guid) => ({ guid }));
const files = async () => (await readdir(directory)).sort();

/** What the next process finds, file by file, when this one is killed. */
async function replayed(): Promise<string[][]> {
  const next = await openJournal(directory);
  const found: string[][] = [];
  await next.replay(async (entries) => void found.push(entries.map(({ guid }) => guid)));
  await next.close();
  return found;
}

/** Settles as if so many minutes passed, with these unfinished. */
async function settle(rounds: number, ...unfinished: string[]): Promise<void> {
  for (let round = 0; round < rounds; round += 1)
    await journal.settle((guids) =>
      Promise.resolve(new Set(guids.filter((guid) => unfinished.includes(guid)))),
    );
}

describe('the journal', () => {
  it('gives the next process what was appended, whole and in order', async () => {
    await journal.append([{ guid: 'a', payload: { text: 'zwei\nZeilen' } } as JournalEntry]);
    await Promise.all([
      journal.append(entriesOf('b')),
      journal.append(entriesOf('c', 'd')),
      journal.append([]),
    ]);
    const next = await openJournal(directory);
    const found: JournalEntry[] = [];
    await next.replay(async (entries) => void found.push(...entries));
    expect(found).toEqual([{ guid: 'a', payload: { text: 'zwei\nZeilen' } }, ...entriesOf('b', 'c', 'd')]);
    await next.append(entriesOf('e'));
    expect(await replayed()).toEqual([['a', 'b', 'c', 'd'], ['e']]);
    await next.close();
  });

  it('leaves out a line that a power cut tore, and zeros, and nothing else', async () => {
    await journal.append(entriesOf('a', 'b'));
    const [file = ''] = await files();
    await appendFile(join(directory, file), '{"guid":"c","pay');
    const next = await openJournal(directory);
    await next.append(entriesOf('d'));
    const [, second = ''] = await files();
    await appendFile(join(directory, second), '\0'.repeat(4_096));
    expect(await replayed()).toEqual([['a', 'b'], ['d']]);
    await next.close();
  });

  it('keeps a file while a delivery in it is unfinished, and removes it after', async () => {
    await journal.append(entriesOf('a', 'b'));
    await settle(3, 'b');
    await journal.append(entriesOf('c'));
    await settle(3, 'b');
    expect(await replayed()).toEqual([['a', 'b']]);
    await settle(1);
    expect(await files()).toEqual([]);
    await journal.append(entriesOf('d'));
    expect(await replayed()).toEqual([['d']]);
  });

  it('asks for nothing that may not be committed yet', async () => {
    await journal.append(entriesOf('a'));
    await settle(2);
    expect(await replayed()).toEqual([['a']]);
    await settle(1);
    expect(await replayed()).toEqual([]);
  });

  it('of an earlier process is kept until it was replayed, and until it is finished', async () => {
    await journal.append(entriesOf('a'));
    await journal.close();
    journal = await openJournal(directory);
    await settle(5);
    expect(await replayed()).toEqual([['a']]);
    await journal.replay(() => Promise.resolve());
    await settle(3, 'a');
    expect(await replayed()).toEqual([['a']]);
    await settle(1);
    expect(await replayed()).toEqual([]);
  });

  it('begins a new file when one is large', async () => {
    const large = 'x'.repeat(1_500_000);
    for (const guid of ['a', 'b', 'c', 'd']) await journal.append([{ guid, large } as JournalEntry]);
    expect(await replayed()).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('rejects what cannot be written, and goes on when it can be', async () => {
    await rm(directory, { recursive: true });
    await expect(journal.append(entriesOf('a'))).rejects.toThrow(/ENOENT/);
    await mkdir(directory);
    await journal.append(entriesOf('b'));
    expect(await replayed()).toEqual([['b']]);
    const [file = ''] = await files();
    expect(await readFile(join(directory, file), 'utf8')).toBe('{"guid":"b"}\n');
  });
});

it('that cannot be opened is told as what it is: a directory that cannot be used', async () => {
  const database = join(parent, 'data');
  await mkdir(database);
  await writeFile(join(database, 'journal'), 'a file');
  await expect(open(database)).rejects.toThrow(/data cannot be used: EEXIST.*DATABASE_URL/);
  await rm(join(database, 'journal'));
  await (await open(database)).close();
});
