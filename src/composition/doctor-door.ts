import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoreLog } from '../store/engine.ts';
import type { Store } from '../store/open.ts';
import { auditPages, filterOf } from './audit-lines.ts';
import { retryDeadLetters } from './dead-letters.ts';
import { examine, reported } from './doctor.ts';
import type { DoctorReport, RetryReport } from './doctor-report.ts';
import { atSocket, doctorSocket } from './doctor-socket.ts';

export interface DoctorDoor {
  close(): Promise<void>;
}

/**
 * Answers `sitrep doctor` and `sitrep audit` while this process holds the embedded database, which nobody else can open meanwhile: HTTP
 * over a Unix socket in its directory, for the user that runs the server and nobody else. `GET /report` looks;
 * `POST /retry/ID` and `POST /retry/all` give dead letters back; `GET /audit` prints the audit as JSON Lines. Does nothing for a PostgreSQL server, which the doctor
 * asks itself; where the file system takes no sockets, the log says so and the server runs without.
 */
export async function startDoctorDoor(store: Store, now: () => Date, log: StoreLog): Promise<DoctorDoor> {
  if (store.directory === null) return { close: () => Promise.resolve() };
  const path = doctorSocket(store.directory);
  const server = createServer((request, response) => void answer(request, response, { store, now, log }));
  try {
    rmSync(path, { force: true }); // left by a process that was killed: the directory is ours
    await atSocket(path, (address) => listen(server, address));
    chmodSync(path, 0o600);
  } catch (error) {
    server.close();
    log.warn(
      { err: error, path },
      'sitrep doctor cannot be heard there; it works while the server is stopped.',
    );
    return { close: () => Promise.resolve() };
  }
  return {
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      rmSync(path, { force: true });
    },
  };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
}

interface Served {
  store: Store;
  now: () => Date;
  log: StoreLog;
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  try {
    const asked = `${request.method ?? ''} ${request.url ?? ''}`;
    if (asked.startsWith('GET /audit?')) return await sendAudit(response, asked, served);
    const result = await resultOf(asked, served);
    send(response, result === null ? 404 : 200, result ?? { error: 'not found' });
  } catch (error) {
    served.log.warn({ err: error }, 'sitrep doctor could not be answered.');
    // What broke off in its midst must not look whole.
    if (response.headersSent) response.destroy();
    else send(response, 500, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** A page at a time, and no faster than it is read. */
async function sendAudit(response: ServerResponse, asked: string, { store }: Served): Promise<void> {
  const filter = filterOf(new URL(asked.slice('GET '.length), 'http://door').searchParams);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  await pipeline(Readable.from(auditPages(store.db, filter)), response);
}

async function resultOf(
  asked: string,
  { store, now, log }: Served,
): Promise<DoctorReport | RetryReport | null> {
  if (asked === 'GET /report') {
    const schema = { missing: [], unknown: [] }; // it would not have started otherwise
    return await examine({ store, schema, server: process.pid, now: now() });
  }
  const which = /^POST \/retry\/([\w-]+)$/.exec(asked)?.[1];
  if (which === undefined) return null;
  const { again, forgotten } = await retryDeadLetters(store, which, log);
  return { again: again.map(reported), forgotten: forgotten.map(reported) };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
