import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { EngineResult } from './engine.ts';

/** Sends one statement over one connection. */
export type Send = <R>(text: string, values: readonly unknown[]) => Promise<EngineResult<R>>;

type Command = PostgresQueryResult<unknown>['command'];
const commands: readonly Command[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COMMIT', 'ROLLBACK'];

/** A connection in the shape of node-postgres' client, as Kysely's dialect wants it. */
export function kyselyClient(send: Send, release: (destroy?: boolean) => void): PostgresPoolClient {
  async function ask<R>(text: string, parameters: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>> {
    const { command, rowCount, rows } = await send<R>(text, parameters);
    return { command: commands.find((known) => known === command) ?? 'SELECT', rowCount, rows };
  }
  function query<R>(text: string, parameters: ReadonlyArray<unknown>): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    text: string | PostgresCursor<R>,
    parameters: ReadonlyArray<unknown> = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof text !== 'string') throw new TypeError('The store has no cursors');
    return ask<R>(text, parameters);
  }
  return { query, release };
}
