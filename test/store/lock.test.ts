import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/store/errors.ts';
import { findStore } from '../../src/store/open.ts';
import { holdDatabase, open, silentLog, temporaryDirectory, type TestDatabase } from './engines.ts';
import { at } from './fixtures.ts';

/** Two processes on one directory of the embedded database: the second is refused, and told who the first is. */

let database: TestDatabase;
let child: ChildProcess | null = null;
beforeEach(async () => {
  database = await temporaryDirectory();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = null;
  await database.drop();
});

async function hold(): Promise<ChildProcess> {
  child = await holdDatabase(database.url);
  return child;
}

const ofAnotherBoot = (written: string) => written.replace(/"boot":"[^"]*"/, '"boot":"before"');

async function refusal(): Promise<string> {
  const error = await open(database.url).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(StoreError);
  return String(error);
}

/** Content, or time of change where it cannot be read, of every file below the directory. */
async function filesBelow(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, String((await stat(file)).mtimeMs)] as const)),
  );
}

it('names the process that holds the directory, and touches nothing', async () => {
  const holder = await hold();
  const before = await filesBelow(database.url);
  expect(await refusal()).toMatch(
    new RegExp(
      `${database.url} is in use by process ${String(holder.pid)} since 20\\d\\d-.*Stop that process`,
    ),
  );
  expect(await filesBelow(database.url)).toEqual(before);
});

it('refuses a second store in one process as well, and the directory is free after the first', async () => {
  const store = await open(database.url);
  expect(await refusal()).toContain(`in use by process ${String(process.pid)} since`);
  await store.close();
  await (await open(database.url)).close();
});

it('is not confused by what a process that was killed left behind', async () => {
  const killed = await hold();
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const left = await readFile(join(database.url, 'holder.json'), 'utf8');
  const holder = await hold();
  expect(await refusal()).toContain(`in use by process ${String(holder.pid)} since`);
  // between the taking of the lock and the writing of the name
  await writeFile(join(database.url, 'holder.json'), left);
  expect(await refusal()).toContain('in use by another process.');
});

it.each([
  [
    'names the machine where it is another',
    { pid: 1, host: 'elsewhere', boot: null },
    'process 1 on elsewhere',
  ],
  ['does without a name that is not legible', 'half a na', 'another process.'],
  ['does without a name that is none', { pid: 0, host: hostname(), boot: null }, 'another process.'],
])('%s', async (_what, written, says) => {
  const store = await open(database.url);
  const text = typeof written === 'string' ? written : JSON.stringify(written);
  await writeFile(join(database.url, 'holder.json'), text);
  expect(await refusal()).toContain(`in use by ${says}`);
  await store.close();
});

/** Ends as a process that is killed, and then as the holder's file says. */
async function killedWith(boot: (written: string) => string): Promise<void> {
  const killed = await hold();
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const file = join(database.url, 'holder.json');
  const holder = boot(await readFile(file, 'utf8'));
  await writeFile(file, holder);
  await utimes(file, at, at);
}

describe('how the process before ended', () => {
  it('leaves no doubt about the database where it was killed: what it wrote is with the system', async () => {
    await killedWith((written) => written);
    const store = await open(database.url);
    expect(store.doubt?.since()).toBeNull();
    await store.close();
  });

  it('leaves doubt since its start where the machine went down with it, over further deaths, until it is settled', async () => {
    await killedWith(ofAnotherBoot);
    const found = await findStore({ url: database.url, log: silentLog });
    await found.store.close();
    const first = await open(database.url);
    expect(first.doubt?.since()).toEqual(at);
    await first.close();
    const second = await open(database.url);
    expect(second.doubt?.since()).toEqual(at);
    await second.doubt?.settle();
    await second.close();
    const third = await open(database.url);
    expect(third.doubt?.since()).toBeNull();
    await third.close();
  });
});
