import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../src/store/open.ts';

/** A database of either kind; `drop` removes it when everything on it is closed. */
export interface BenchDatabase {
  url: string;
  drop(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens a database in this process. No server may run on it, if it is the embedded one. */
export function openBenchStore(url: string): Promise<Store> {
  return openStore({ url, log: silent });
}

/** Opens a database in this process for as long as it is used. */
export async function withStore<T>(url: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openBenchStore(url);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** A directory for the embedded database. */
export async function embeddedDatabase(): Promise<BenchDatabase> {
  const parent = await mkdtemp(path.join(tmpdir(), 'sitrep-bench-'));
  return {
    url: path.join(parent, 'data'),
    drop: () => rm(parent, { recursive: true, force: true }),
  };
}
