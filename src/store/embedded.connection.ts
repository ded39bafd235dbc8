import type { DatabaseThread } from './embedded.thread.ts';
import type { EngineResult } from './engine.ts';
import { isDiskFull } from './errors.ts';
import { createTurns, type Turns } from './turns.ts';

/** Longer than any statement of ours takes. An engine that gave up may not answer, and may not say so either. */
const answerMs = 45_000;
/** Longer than any transaction of ours takes; see `createTurns`. */
const turnWaitMs = 60_000;

export type Query = <R>(text: string, values?: readonly unknown[]) => Promise<EngineResult<R>>;

/** The one connection of the embedded database: who uses it has it alone for a turn. */
export interface EmbeddedConnection {
  /** Only within a turn. */
  query: Query;
  turns: Turns;
  exclusively<T>(use: (query: Query) => Promise<T>): Promise<T>;
  /** Statements that changed rows since the start. */
  changes(): number;
}

/** @param onStuck called when a statement gets no answer, or one that says that the disk is full */
export function connect(thread: DatabaseThread, onStuck: (cause: Error) => unknown): EmbeddedConnection {
  const turns = createTurns(turnWaitMs);
  let changes = 0;

  async function query<R>(text: string, values: readonly unknown[] = []): Promise<EngineResult<R>> {
    const deadline = setTimeout(() => onStuck(new Error(`no answer for ${answerMs / 1_000} s`)), answerMs);
    try {
      const result = await thread.call<R>({ kind: 'query', text, values });
      if (result.command !== 'SELECT' && result.rowCount > 0) changes += 1;
      return result;
    } catch (error) {
      if (error instanceof Error && isDiskFull(error)) onStuck(error);
      throw error;
    } finally {
      clearTimeout(deadline);
    }
  }

  async function exclusively<T>(use: (query: Query) => Promise<T>): Promise<T> {
    const end = await turns.take();
    try {
      return await use(query);
    } finally {
      end();
    }
  }

  return { query, turns, exclusively, changes: () => changes };
}

/** A script that fails after its BEGIN would leave the one connection in a transaction that refuses everything. */
export async function runScript(
  query: Query,
  text: string,
  values?: readonly unknown[],
): Promise<EngineResult<Record<string, unknown>>> {
  try {
    return await query(text, values);
  } catch (error) {
    await query('rollback');
    throw error;
  }
}
