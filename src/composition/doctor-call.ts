import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { AuditFilter } from '../store/audit.ts';
import type { StoreLog } from '../store/engine.ts';
import { DirectoryInUse, StoreError } from '../store/errors.ts';
import type { SchemaState } from '../store/migrate.ts';
import { directoryOf, findStore, isInMemory, type FoundStore } from '../store/open.ts';
import { auditPages, filterQuery } from './audit-lines.ts';
import { retryDeadLetters } from './dead-letters.ts';
import { examine, reported } from './doctor.ts';
import { doctorReport, retryReport, type DoctorReport, type RetryReport } from './doctor-report.ts';
import { atSocket, doctorSocket } from './doctor-socket.ts';

/** What the doctor does, wherever the database is. Each throws a StoreError that says what to do. */
export interface Doctor {
  report(): Promise<DoctorReport>;
  /** @param which id of a dead letter, or `all` */
  retry(which: string): Promise<RetryReport>;
  /** Hands over the entries of the audit that are asked for, each as a line of JSON, oldest first. */
  audit(filter: AuditFilter, take: (line: string) => void): Promise<void>;
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
    return await either((directory) => call(directory, ask), look);
  }

  /** Asks the server that holds the directory, where one does; else opens the database. */
  async function either<Result>(
    ask: (directory: string) => Promise<Result | null>,
    look: (found: FoundStore) => Promise<Result>,
  ): Promise<Result> {
    const directory = directoryOf(url);
    if (isInMemory(url))
      throw new StoreError(
        'A database in memory cannot be looked at from outside.',
        'Set DATABASE_URL as the server has it: a directory, or postgres://….',
      );
    const told = directory === null ? null : await ask(directory);
    if (told !== null) return told;
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
        ofThisVersion(schema);
        const { again, forgotten } = await retryDeadLetters(store, which, log);
        return { again: again.map(reported), forgotten: forgotten.map(reported) };
      }),
    async audit(filter, take) {
      await either(
        (directory) => linesOf(directory, `/audit?${filterQuery(filter)}`, take),
        async ({ store, schema }) => {
          ofThisVersion(schema);
          for await (const page of auditPages(store.db, filter)) page.trimEnd().split('\n').forEach(take);
          return true;
        },
      );
    },
  };
}

function ofThisVersion({ missing, unknown }: SchemaState): void {
  if (missing.length + unknown.length > 0)
    throw new StoreError('The database is of another version.', 'Run sitrep doctor: it says which.');
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
  const answer = await answered(directory, () =>
    atSocket(socket, (address) => exchange(address, method, path)),
  );
  if (answer === null) return null;
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

/** The lines that the server answers, handed over as they come; true at their end, null where no server holds it. */
async function linesOf(directory: string, path: string, take: (line: string) => void): Promise<true | null> {
  const socket = doctorSocket(directory);
  if (!existsSync(socket)) return null;
  const status = await answered(directory, () =>
    atSocket(socket, (address) => readLines(address, path, take)),
  );
  if (status === null) return null;
  if (status === 404)
    throw new StoreError(
      `The server that holds ${directory} is an older version of Sitrep.`,
      'Start this version: the next start brings what is needed.',
    );
  if (status !== 200)
    throw new StoreError(`The server that holds ${directory} could not look.`, 'Its log says why.');
  return true;
}

/** What came of asking a server; null where nobody listens. */
async function answered<Result>(directory: string, ask: () => Promise<Result>): Promise<Result | null> {
  try {
    return await ask();
  } catch (error) {
    if (isLeftBehind(error)) return null;
    throw new StoreError(
      `The server that holds ${directory} does not answer: ${error instanceof Error ? error.message : String(error)}.`,
      'Run this as the user that runs the server; if it hangs, its log says on what: start it anew.',
      { cause: error },
    );
  }
}

/** Nobody listens: the socket of a process that was killed. */
function isLeftBehind(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT')
  );
}

/** Reads lines as they come; nothing is kept. Gives the status. A server that sends nothing for so long hangs. */
function readLines(socketPath: string, path: string, take: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, timeout: answerMs }, (response) => {
      const status = response.statusCode ?? 0;
      response.on('error', reject);
      const lines = createInterface({ input: response, crlfDelay: Infinity });
      if (status === 200) lines.on('line', take);
      response.on('close', () => {
        if (response.complete) resolve(status);
        else reject(new Error('the answer broke off'));
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('it sends nothing')));
    asked.on('error', reject);
    asked.end();
  });
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
