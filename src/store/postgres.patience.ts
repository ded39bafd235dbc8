import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { EngineResult } from './engine.ts';
import { silentServer, StoreError } from './errors.ts';
import { kyselyClient } from './kysely-client.ts';

/** How long a server may take to let a connection in, or the pool to have one free. */
export const connectMs = 5_000;
/** How long it may take to answer one statement of ours: GitHub gives up a delivery after 10 s. */
const statementMs = 5_000;
/** The queue's statements may look at more rows; its scripts make and alter tables. */
export const queueMs = { statement: 8_000, script: 60_000 } as const;
/** How long a connection may take to end in order. */
const farewellMs = 1_000;
/** What the server itself grants, so that nothing of a process that vanished holds locks for hours. */
const serverMs = { statement: 60_000, idleInTransaction: 15_000 } as const;

/** The server's limits, set on each new connection: as startup parameters poolers like PgBouncer refuse them. */
export async function limitSession(client: PoolClient): Promise<void> {
  const limits = `set statement_timeout = ${serverMs.statement};
    set idle_in_transaction_session_timeout = ${serverMs.idleInTransaction}`;
  await within(connectMs, () => client.query(limits));
}

/**
 * Waits for an answer, so long. A server that hangs, or a network that swallows everything, would hold its statement
 * for minutes: the connection must be given up then (`release(true)`), and the pool opens another in its place.
 */
export async function within<R>(ms: number, ask: () => Promise<R>): Promise<R> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(silentServer(ms)), ms);
  try {
    return await Promise.race([ask(), silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for connections to end, a little: one whose other end is gone does not end by itself. */
export async function endedSoon(ending: Promise<void>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, farewellMs);
  try {
    await Promise.race([ending, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Kysely's connections: each statement is answered in time, or its connection is given up. */
export function impatientPool(pool: Pool): PostgresPool {
  return {
    options: pool.options,
    connect: async () => impatientClient(await pool.connect()),
    end: () => pool.end(),
  };
}

function impatientClient(client: PoolClient): PostgresPoolClient {
  let isHeld = true;

  function release(destroy = false): void {
    if (isHeld) client.release(destroy);
    isHeld = false;
  }

  async function send<R>(text: string, values: readonly unknown[]): Promise<EngineResult<R>> {
    try {
      const result = await within(statementMs, () => client.query(text, [...values]));
      return { command: result.command, rowCount: result.rowCount ?? 0, rows: result.rows };
    } catch (error) {
      // Kysely would first roll back on it, and wait as long again.
      if (error instanceof StoreError) release(true);
      throw error;
    }
  }

  return kyselyClient(send, release);
}
