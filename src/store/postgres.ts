import { Pool, types, type CustomTypesConfig, type PoolClient, type PoolConfig } from 'pg';
import type { Engine, StoreLog } from './engine.ts';
import { unreachableServer } from './errors.ts';
import { parsers } from './parsers.ts';
import { listenOn } from './postgres.listen.ts';
import { connectMs, endedSoon, impatientPool, limitSession, queueMs, within } from './postgres.patience.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database */
  url: string;
  log: StoreLog;
}

/** A connection whose other end is gone without a word is found out within 15 s: so long, and ten probes of 1 s. */
const keepAliveMs = 5_000;

/** Opens a PostgreSQL server (15 or later). Throws a StoreError where it does not let us in. */
export async function openPostgres({ url, log }: PostgresOptions): Promise<Engine> {
  const settings: PoolConfig = {
    connectionString: url,
    application_name: 'sitrep',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    types: { getTypeParser },
  };
  const pool = openPool({ ...settings, onConnect: limitSession }, log);
  try {
    (await pool.connect()).release();
  } catch (error) {
    await endedSoon(pool.end());
    throw unreachableServer(withoutPassword(url), error);
  }
  let closing: Promise<void> | null = null;
  return {
    kind: 'postgres',
    pool: impatientPool(pool),
    patientPool: () => openPool({ ...settings, max: 1 }, log),
    run: (text, values) => run(pool, text, values),
    listen: (channel, onNotification) => listenOn(settings, channel, onNotification, log),
    keepIf: () => Promise.resolve(),
    close: () => (closing ??= endedSoon(pool.end())),
  };
}

/** The pool awaits `onConnect` before it gives a new connection to anybody. */
type PoolSettings = PoolConfig & { onConnect?: (client: PoolClient) => Promise<void> };

function openPool(settings: PoolSettings, log: StoreLog): Pool {
  const pool = new Pool(settings);
  pool.on('error', (error) =>
    log.warn({ err: error }, 'A connection to PostgreSQL was lost; the next one is opened anew.'),
  );
  // One that breaks while it is in use says so a second time, by an event that ends the process where nobody hears it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const getTypeParser: CustomTypesConfig['getTypeParser'] = (oid, format) =>
  (format === 'binary' ? undefined : parsers[oid]) ?? types.getTypeParser(oid, format);

/** A connection whose statement failed is dropped, so a script that fails leaves no transaction behind. */
async function run(
  pool: Pool,
  text: string,
  values?: unknown[],
): Promise<{ rows: Record<string, unknown>[] }> {
  const client = await pool.connect();
  try {
    const ms = values === undefined ? queueMs.script : queueMs.statement;
    const answer: unknown = await within(ms, () => client.query(text, values));
    client.release();
    return { rows: rowsOf(answer) };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** What the driver answers to a statement, or to a script: then one result for each of its statements. */
function rowsOf(answer: unknown): Record<string, unknown>[] {
  const results = Array.isArray(answer) ? answer : [answer];
  return results.flatMap(({ rows }) => rows);
}

/** Whether an address is that of a server. */
export function isServer(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

/** A server's address as it may be shown. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'the given address';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
