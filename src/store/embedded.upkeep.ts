import type { EmbeddedConnection } from './embedded.connection.ts';
import { freeBytes, warnBelowBytes } from './disk.ts';
import type { StoreLog } from './engine.ts';

const intervalMs = 60_000;

/**
 * PGlite has no autovacuum, and never checkpoints its write-ahead log: without this it slows down to a third within
 * 60,000 jobs. Each takes 15–35 ms, and after a burst of 60,000 deliveries some tenths of a second: so whoever waits has
 * a turn between them. They are left out where nothing has changed. A disk that fills up is told of before it is full,
 * since then the database stops.
 */
export function scheduleUpkeep(
  connection: EmbeddedConnection,
  directory: string | null,
  log: StoreLog,
): { stop(): void } {
  let seen = connection.changes();

  async function upkeep(): Promise<void> {
    const changes = connection.changes();
    if (changes === seen) return;
    seen = changes;
    try {
      warnOfFullDisk(directory, log);
      for (const statement of ['vacuum', 'analyze', 'checkpoint'])
        await connection.exclusively((query) => query(statement));
    } catch (error) {
      log.warn({ err: error }, 'The embedded database could not be vacuumed; it is tried again in a minute.');
    }
  }

  const timer = setInterval(() => void upkeep(), intervalMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function warnOfFullDisk(directory: string | null, log: StoreLog): void {
  if (directory === null) return;
  const free = freeBytes(directory);
  if (free >= warnBelowBytes) return;
  const megabytes = Math.floor(free / 1024 / 1024);
  log.warn({ free }, `The disk of the database (${directory}) has ${megabytes} MB left: free some space.`);
}
