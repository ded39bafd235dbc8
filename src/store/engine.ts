import type { PostgresPool } from 'kysely';

/** What the drivers answer to one statement, or to a script: then the rows of all its statements. */
export interface EngineResult<R> {
  command: string;
  rowCount: number;
  rows: R[];
}

export interface Listener {
  close(): Promise<void>;
}

/** A database as the store uses it: PostgreSQL over the network, or PGlite in a thread. The SQL is the same. */
export interface Engine {
  kind: 'pglite' | 'postgres';
  /** Kysely's connections: each statement is answered soon, or fails. */
  pool: PostgresPool;
  /** Connections for statements that may take long, as migrations do; whoever opens them ends them. */
  patientPool: () => PostgresPool;
  /** Runs a statement, or without values a script. A script that fails leaves no transaction open. */
  run: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;
  /** Hears NOTIFY on a channel; where that cannot be had, nothing is heard and nothing fails. */
  listen: (channel: string, onNotification: (payload: string) => void) => Promise<Listener>;
  /**
   * Makes a fresh embedded database the template of later ones, where this query gives a row: nothing is written between the
   * two. Nothing on a server's.
   */
  keepIf: (query: string) => Promise<void>;
  close: () => Promise<void>;
}

/** The logger's methods that the store uses; pino has them. */
export interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
