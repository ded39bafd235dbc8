import { Pool, types, type CustomTypesConfig, type PoolConfig } from 'pg';
import type { Engine, StoreLog } from './engine.ts';
import { unreachableServer } from './errors.ts';
import { parsers } from './parsers.ts';
import { listenOn } from './postgres.listen.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database */
  url: string;
  log: StoreLog;
}

/** Opens a PostgreSQL server (15 or later). Throws a StoreError where it does not let us in. */
export async function openPostgres({ url, log }: PostgresOptions): Promise<Engine> {
  const settings: PoolConfig = {
    connectionString: url,
    application_name: 'sitrep',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser },
  };
  const pool = new Pool(settings);
  pool.on('error', (error) =>
    log.warn({ err: error }, 'A connection to PostgreSQL was lost; the next one is opened anew.'),
  );
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw unreachableServer(withoutPassword(url), error);
  }
  let closing: Promise<void> | null = null;
  return {
    kind: 'postgres',
    pool,
    run: (text, values) => run(pool, text, values),
    listen: (channel, onNotification) => listenOn(settings, channel, onNotification, log),
    keep: () => Promise.resolve(),
    close: () => (closing ??= pool.end()),
  };
}

const getTypeParser: CustomTypesConfig['getTypeParser'] = (oid, format) =>
  (format === 'binary' ? undefined : parsers[oid]) ?? types.getTypeParser(oid, format);

/** The pool drops a connection whose statement failed, so a script that fails leaves no transaction behind. */
async function run(
  pool: Pool,
  text: string,
  values?: unknown[],
): Promise<{ rows: Record<string, unknown>[] }> {
  const answer: unknown = await pool.query(text, values);
  const results = Array.isArray(answer) ? answer : [answer];
  return { rows: results.flatMap(({ rows }) => rows) };
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'the given address';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
