import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore, type Store } from '../../src/store/open.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

/** A fresh database of one of the three kinds; `drop` removes it after the stores on it are closed. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

export interface EngineUnderTest {
  name: 'PGlite in memory' | 'PGlite in a directory' | 'PostgreSQL';
  /** Whether what was stored outlives the store. */
  lasts: boolean;
  create: () => Promise<TestDatabase>;
}

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The engines that every behaviour is tested on, with one PostgreSQL server for all tests of a file. */
export function engines(): { all: EngineUnderTest[]; stop: () => Promise<void> } {
  let server: Promise<PostgresServer> | null = null;
  return {
    all: [
      {
        name: 'PGlite in memory',
        lasts: false,
        create: async () => ({ url: 'memory:', drop: () => Promise.resolve() }),
      },
      { name: 'PGlite in a directory', lasts: true, create: temporaryDirectory },
      {
        name: 'PostgreSQL',
        lasts: true,
        create: async () => {
          server ??= startPostgres();
          return await (await server).createDatabase();
        },
      },
    ],
    stop: async () => await (await server)?.stop(),
  };
}

/** A directory that does not exist yet, for PGlite. */
export async function temporaryDirectory(): Promise<TestDatabase> {
  const parent = await mkdtemp(join(tmpdir(), 'sitrep-store-'));
  return { url: join(parent, 'data'), drop: async () => await rm(parent, { recursive: true, force: true }) };
}

export async function open(url: string): Promise<Store> {
  return await openStore({ url, log: silentLog });
}

/** Another process that has the database open and has recorded an entry; kill it. */
export async function holdDatabase(url: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./holder.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}
