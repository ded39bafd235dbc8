import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { StoreLog } from '../store/engine.ts';
import { DirectoryInUse, StoreError } from '../store/errors.ts';
import { directoryOf, findStore, isInMemory, type FoundStore } from '../store/open.ts';
import { retryDeadLetters } from './dead-letters.ts';
import { examine, reported } from './doctor.ts';
import { doctorReport, retryReport, type DoctorReport, type RetryReport } from './doctor-report.ts';
import { atSocket, doctorSocket } from './doctor-socket.ts';

/** The doctor's two acts, wherever the database is. Both throw a StoreError that says what to do. */
export interface Doctor {
  report(): Promise<DoctorReport>;
  /** @param which id of a dead letter, or `all` */
  retry(which: string): Promise<RetryReport>;
}

/** A server that takes longer hangs. */
const answerMs = 20_000;

/**
 * The doctor of a database: asks the server that holds an embedded one, and opens a database that nobody holds, or that
 * is a server's, itself.
 */
export function doctorOf(url: string, now: () => Date, log: StoreLog): Doctor {
  async function visit<Result>(
    ask: { method: string; path: string; parse: z.ZodType<Result> },
    look: (found: FoundStore) => Promise<Result>,
  ): Promise<Result> {
    const directory = directoryOf(url);
    if (isInMemory(url))
      throw new StoreError(
        'A database in memory cannot be looked at from outside.',
        'Set DATABASE_URL as the server has it: a directory, or postgres://….',
      );
    const answered = directory === null ? null : await call(directory, ask);
    if (answered !== null) return answered;
    const found = await findStore({ url, log }).catch(notAnswering);
    try {
      return await look(found);
    } finally {
      await found.store.close();
    }
  }

  return {
    report: () =>
      visit({ method: 'GET', path: '/report', parse: doctorReport }, (found) =>
        examine({ ...found, server: null, now: now() }),
      ),
    retry: (which) =>
      visit({ method: 'POST', path: `/retry/${which}`, parse: retryReport }, async ({ store, schema }) => {
        if (schema.missing.length + schema.unknown.length > 0)
          throw new StoreError('The database is of another version.', 'Run sitrep doctor: it says which.');
        const { again, forgotten } = await retryDeadLetters(store, which, log);
        return { again: again.map(reported), forgotten: forgotten.map(reported) };
      }),
  };
}

/** Whoever holds the directory has no door, or not yet: stopping it is not what helps. */
function notAnswering(error: unknown): never {
  if (!(error instanceof DirectoryInUse)) throw error;
  throw new StoreError(
    `${error.problem} It does not answer the doctor.`,
    'It may be starting, stopping or hanging: its log says which. Try again in some seconds.',
    { cause: error },
  );
}

/** What the server that holds the directory answers; null where none does. */
async function call<Result>(
  directory: string,
  { method, path, parse }: { method: string; path: string; parse: z.ZodType<Result> },
): Promise<Result | null> {
  const socket = doctorSocket(directory);
  if (!existsSync(socket)) return null;
  let answer: { status: number; body: string };
  try {
    answer = await atSocket(socket, (address) => exchange(address, method, path));
  } catch (error) {
    if (isLeftBehind(error)) return null;
    throw new StoreError(
      `The server that holds ${directory} does not answer: ${error instanceof Error ? error.message : String(error)}.`,
      'Run the doctor as the user that runs the server; if it hangs, its log says on what: start it anew.',
      { cause: error },
    );
  }
  if (answer.status !== 200)
    throw new StoreError(
      `The server that holds ${directory} could not look: ${answer.body}.`,
      'Its log says more.',
    );
  const parsed = parse.safeParse(JSON.parse(answer.body));
  if (parsed.success) return parsed.data;
  throw new StoreError(
    `The server that holds ${directory} is another version of Sitrep.`,
    'Run the doctor of the version that runs.',
    { cause: parsed.error },
  );
}

/** Nobody listens: the socket of a process that was killed. */
function isLeftBehind(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT')
  );
}

function exchange(
  socketPath: string,
  method: string,
  path: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerMs);
    const asked = request({ socketPath, method, path, signal }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}
