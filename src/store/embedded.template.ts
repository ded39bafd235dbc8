import { randomUUID } from 'node:crypto';
import { openAsBlob, readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string() });

/**
 * File that keeps a fresh data directory for later starts: in the cache of the `node_modules` that holds PGlite,
 * under PGlite's version and a digest of the migrations.
 */
export function templateFile(migrations: string): string {
  const entry = import.meta.resolve('@electric-sql/pglite');
  const { version } = packageSchema.parse(
    JSON.parse(readFileSync(new URL('../package.json', entry), 'utf8')),
  );
  return fileURLToPath(new URL(`../../../.cache/sitrep/pglite-${version}-${migrations}.tar`, entry));
}

/** The kept data directory, or null where there is none. */
export async function readTemplate(file: string): Promise<Blob | null> {
  try {
    return await openAsBlob(file);
  } catch {
    return null; // not made yet, or not readable: the start is slower, nothing else
  }
}

/** Keeps a data directory, whole or not at all. Where the cache cannot be written, later starts stay slow. */
export async function writeTemplate(file: string, data: Blob): Promise<void> {
  const part = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(part, 'w');
    try {
      await handle.writeFile(new Uint8Array(await data.arrayBuffer()));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
    await removeOthers(file);
  } catch {
    await rm(part, { force: true }); // a read-only or full disk: nothing depends on the cache
  }
}

/** Templates of other versions are of no use any more, and 30 MB each. */
async function removeOthers(file: string): Promise<void> {
  const names = await readdir(dirname(file));
  const others = names.filter((name) => name.endsWith('.tar') && name !== basename(file));
  await Promise.all(others.map((name) => rm(join(dirname(file), name), { force: true })));
}
