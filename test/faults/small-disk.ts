import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A disk of its own that is small, and can be filled. */
export interface SmallDisk {
  path: string;
  /** Fills it but for so many bytes. */
  fill(left: number): Promise<void>;
  /** Removes what filled it. */
  clear(): Promise<void>;
  /** Takes it away with all that is on it. */
  remove(): Promise<void>;
}

const run = promisify(execFile);

/**
 * Mounts a file system in memory of so many bytes at `path`; null where this process may not mount.
 * Root may, and in most continuous integration whoever has sudo without a password.
 */
export async function mountSmallDisk(path: string, bytes: number): Promise<SmallDisk | null> {
  await mkdir(path, { recursive: true });
  const as = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const owner = [`uid=${String(process.getuid?.() ?? 0)}`, `gid=${String(process.getgid?.() ?? 0)}`];
  const options = [`size=${String(bytes)}`, 'mode=0755', ...owner].join(',');
  try {
    await command([...as, 'mount', '-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  } catch {
    return null;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    async fill(left) {
      const { bavail, bsize } = await statfs(path);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    },
    clear: () => rm(ballast, { force: true }),
    async remove() {
      await command([...as, 'umount', path]);
      await rm(path, { recursive: true });
    },
  };
}

async function command([program = '', ...args]: string[]): Promise<void> {
  await run(program, args);
}
