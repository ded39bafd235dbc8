import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Bytes that the address of a socket may have everywhere: 104 on macOS, 108 on Linux, with a zero at the end. */
const longestAddress = 103;

/** Where the server of an embedded database hears the doctor. */
export function doctorSocket(directory: string): string {
  return join(directory, 'doctor.sock');
}

/**
 * Listens at or calls a socket whose path may be too long for an address: then under a short name of its directory,
 * which is needed for that moment only.
 */
export async function atSocket<Result>(
  path: string,
  use: (address: string) => Promise<Result>,
): Promise<Result> {
  if (Buffer.byteLength(path) <= longestAddress) return await use(path);
  const short = await mkdtemp(join(tmpdir(), 'sitrep-'));
  try {
    await symlink(dirname(path), join(short, 'd'));
    return await use(join(short, 'd', basename(path)));
  } finally {
    await rm(short, { recursive: true });
  }
}
