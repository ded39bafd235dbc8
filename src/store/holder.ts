import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** Who holds the directory of the embedded database. */
export interface Holder {
  pid: number;
  /** Name of the machine, or of the container. */
  host: string;
  /** Differs after each start of the machine; null where the system does not tell. */
  boot: string | null;
  since: Date;
}

const written = z.object({ pid: z.int().positive(), host: z.string(), boot: z.string().nullable() });

/** This process, as it is written down for others; the file's own time says since when. */
export function thisProcess(): z.input<typeof written> {
  return { pid: process.pid, host: hostname(), boot: bootOfMachine() };
}

/** Whoever was written down last, whether it lives or not; null where nobody was, or not legibly. */
export function readHolder(file: string): Holder | null {
  try {
    return { ...written.parse(JSON.parse(readFileSync(file, 'utf8'))), since: statSync(file).mtime };
  } catch {
    return null; // the holder has not written it yet, or may not be read: the lock itself holds without it
  }
}

/** Whether the holder may be running: of another machine nobody here can tell. */
export function mayLive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Linux says which start of the machine this is. */
export function bootOfMachine(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
