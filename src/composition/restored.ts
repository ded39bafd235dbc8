import type { StoreLog } from '../store/engine.ts';
import { readMigrations } from '../store/migrate.ts';
import { findStore, openForImport } from '../store/open.ts';
import { expectAlone, expectLasting, migrationsIn, stopFirst } from './alone.ts';

/**
 * Notes that a database was put back from a copy of an earlier time, so that the next start looks for each posting before
 * it makes it. The tables of an earlier version are brought up first. Gives since when it may have forgotten, which is
 * earlier where an older doubt reaches back further. @throws StoreError that says what to do
 */
export async function noteRestored(
  { url, log }: { url: string; log: StoreLog },
  since: Date,
): Promise<{ where: string; since: Date }> {
  expectLasting(url);
  const found = await findStore({ url, log }).catch(stopFirst);
  try {
    await expectAlone(found.store);
    await migrationsIn(found);
  } finally {
    await found.store.close();
  }
  const { store, begin, doubt } = await openForImport({ url, log }, await readMigrations()).catch(stopFirst);
  try {
    await begin();
    return { where: store.where, since: await doubt(since) };
  } finally {
    await store.close();
  }
}
