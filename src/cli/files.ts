import { constants } from 'node:fs';
import { access, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from './io.ts';

/** A file's text. @throws InputError where it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fileFault(file, error);
  }
}

/** Finds out before the work whether its result can be written. @throws InputError where it cannot. */
export async function expectWritable(file: string): Promise<void> {
  try {
    const isThere = await exists(file);
    if (isThere && (await stat(file)).isDirectory())
      throw new InputError(`${file}: ${faults['EISDIR'] ?? ''}`);
    const place = isThere ? file : dirname(file);
    if (!isThere && !(await exists(place)))
      throw new InputError(`${file}: there is no directory ${place}; create it`);
    await access(place, constants.W_OK);
  } catch (error) {
    throw error instanceof InputError ? error : fileFault(file, error);
  }
}

/** Writes a file. @throws InputError where that fails. */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw fileFault(file, error);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory; name a file',
  ENOTDIR: 'a part of the path is no directory',
  EACCES: 'permission denied; check who may read and write it',
  EPERM: 'permission denied; check who may read and write it',
  EROFS: 'the file system is read-only',
  EEXIST: 'something else is there; name another',
  ENOSPC: 'no space is left on the disk',
};

/** What is wrong with a file, in words; what is no error of the operating system is thrown as it is. */
export function fileFault(file: string, cause: unknown): InputError {
  const code = codeOf(cause);
  if (code === null) throw cause;
  return new InputError(`${file}: ${faults[code] ?? `it cannot be used (${code})`}`, { cause });
}

/** The operating system's code of an error; null where it has none. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
