import type { EngineResult } from './engine.ts';

/** What passes between the main thread and the one that runs PGlite. */

export interface WorkerOptions {
  /** Directory of the data files; null keeps everything in memory. */
  directory: string | null;
  /** File with the data directory of a database that is fresh but has its tables: see `keep`. */
  template: string;
  /** See `compiledEngine`. */
  engine: WebAssembly.Module;
}

/** `keep` makes a fresh database the template of later ones: only while it holds nobody's data. */
export type Request =
  | { kind: 'query'; text: string; values: readonly unknown[] }
  | { kind: 'listen' | 'unlisten'; channel: string }
  | { kind: 'keep' | 'close' };

export type Message = { id: number } & Request;

/** An error as data: a structured copy of an Error loses the fields that PostgreSQL adds. */
export interface Failure {
  message: string;
  fields: Record<string, unknown>;
}

export type Reply<R> =
  | { kind: 'ready' }
  | { kind: 'result'; id: number; result: EngineResult<R> }
  | { kind: 'failure'; id: number; failure: Failure }
  | { kind: 'notification'; channel: string; payload: string }
  /** PostgreSQL gives up, with its reason. PGlite does not answer after that. */
  | { kind: 'panic'; reason: string };
