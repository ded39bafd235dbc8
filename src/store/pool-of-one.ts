import type { PostgresPool } from 'kysely';
import type { EmbeddedConnection } from './embedded.connection.ts';
import { kyselyClient } from './kysely-client.ts';

/**
 * The embedded database's one connection in the shape of node-postgres' pool, so that Kysely speaks to both
 * engines through one dialect. A connection is had while it is nobody else's.
 */
export function poolOfOne(connection: EmbeddedConnection): PostgresPool {
  return {
    options: {},
    async connect() {
      const release = await connection.turns.take();
      return kyselyClient(connection.query, release);
    },
    async end() {
      // the engine is closed by whoever opened it
    },
  };
}
