import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileFault } from '../files.ts';
import { InputError } from '../io.ts';

/** Makes the directory of a recording, or takes one that is empty. @throws InputError where it holds something */
export async function claimDirectory(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if ((await readdir(dir)).length > 0)
      throw new InputError(`${dir} is not empty; name a directory that is new or empty`);
  } catch (error) {
    throw error instanceof InputError ? error : fileFault(dir, error);
  }
}

/** Writes files that nobody but their owner may read; gives their size in bytes. @throws InputError where that fails */
export async function writeFiles(dir: string, files: ReadonlyMap<string, string>): Promise<number> {
  let size = 0;
  for (const [name, text] of files) {
    const file = join(dir, name);
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw fileFault(file, error);
    }
    size += Buffer.byteLength(text);
  }
  return size;
}
