import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { EmbeddedConnection, Query } from './embedded.connection.ts';

/**
 * The embedded database's one connection in the shape of node-postgres' pool, so that Kysely speaks to both
 * engines through one dialect. A connection is had while it is nobody else's.
 */
export function poolOfOne(connection: EmbeddedConnection): PostgresPool {
  return {
    options: {},
    async connect() {
      const release = await connection.turns.take();
      return client(connection.query, release);
    },
    async end() {
      // the engine is closed by whoever opened it
    },
  };
}

type Command = PostgresQueryResult<unknown>['command'];
const commands: readonly Command[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COMMIT', 'ROLLBACK'];

function client(query: Query, release: () => void): PostgresPoolClient {
  async function send<R>(text: string, parameters: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>> {
    const { command, rowCount, rows } = await query<R>(text, parameters);
    return { command: commands.find((known) => known === command) ?? 'SELECT', rowCount, rows };
  }
  function either<R>(text: string, parameters: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>>;
  function either<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function either<R>(
    text: string | PostgresCursor<R>,
    parameters: ReadonlyArray<unknown> = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof text !== 'string') throw new TypeError('The embedded database has no cursors');
    return send<R>(text, parameters);
  }
  return { query: either, release };
}
