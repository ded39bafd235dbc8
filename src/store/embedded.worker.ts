import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { Failure, Message, Reply, Request, WorkerOptions } from './embedded.protocol.ts';
import { readTemplate, writeTemplate } from './embedded.template.ts';
import type { EngineResult } from './engine.ts';
import { parsers } from './parsers.ts';

/** Runs PGlite in a thread of its own: in the main thread it starves the event loop while a backlog drains. */

const port = parentPort;
if (port === null) throw new Error('embedded.worker.ts runs as a worker thread only');
const options: WorkerOptions = workerData;
let made = false;
let panic: string | null = null;
const stopListening = new Map<string, () => Promise<void>>();

/** A tenth of the usual sample: with all of it `analyze` holds up everything for 2 s after a burst of 60,000 deliveries. */
const settings = ['shared_buffers=16MB', 'timezone=UTC', 'default_statistics_target=10'];

const pglite = await start();
port.on('message', (message) => void answer(message));
post({ kind: 'ready' });

function post(reply: Reply<unknown>): void {
  port?.postMessage(reply);
}

async function answer(message: Message): Promise<void> {
  try {
    post({ kind: 'result', id: message.id, result: await perform(message) });
  } catch (error) {
    post({ kind: 'failure', id: message.id, failure: failureOf(error) });
  }
  // Nothing holds the thread then: it ends by itself, not in the midst of what the engine still does.
  if (message.kind === 'close') port?.close();
}

async function perform(request: Request): Promise<EngineResult<unknown>> {
  switch (request.kind) {
    case 'query':
      return await query(request.text, request.values);
    case 'listen':
      await listen(request.channel);
      return nothing;
    case 'unlisten':
      await stopListening.get(request.channel)?.();
      stopListening.delete(request.channel);
      return nothing;
    case 'keep':
      await keep();
      return nothing;
    case 'close':
      await pglite.close();
      return nothing;
  }
}

const nothing: EngineResult<unknown> = { command: '', rowCount: 0, rows: [] };

/** Without values the simple protocol, as node-postgres does it: that is what lets a script of statements run. */
async function query(text: string, values: readonly unknown[]): Promise<EngineResult<unknown>> {
  const results =
    values.length === 0
      ? await pglite.exec(text)
      : [await pglite.query<Record<string, unknown>>(text, [...values])];
  const last = results.at(-1);
  return {
    command: last?.command ?? '',
    rowCount: last?.rowCount ?? 0,
    rows: results.flatMap((result) => result.rows),
  };
}

async function listen(channel: string): Promise<void> {
  const stop = await pglite.listen(channel, (payload) => post({ kind: 'notification', channel, payload }));
  stopListening.set(channel, () => stop());
}

/**
 * A fresh database takes 2 to 4 seconds to make and fill with tables, and a fifth of that to unpack from the files
 * of an earlier one: so the first is kept as a template.
 */
async function start(): Promise<PGlite> {
  const { directory, template } = options;
  const fresh = directory === null || !existsSync(directory);
  const blob = fresh ? await readTemplate(template) : null;
  if (blob !== null) {
    try {
      return await open(blob);
    } catch {
      await discard(template, directory); // a template cut short: the next one replaces it
    }
  }
  made = fresh;
  return await open();
}

async function keep(): Promise<void> {
  if (!made) return;
  await pglite.exec('checkpoint');
  await writeTemplate(options.template, await pglite.dumpDataDir('none'));
}

async function discard(...paths: (string | null)[]): Promise<void> {
  for (const path of paths) if (path !== null) await rm(path, { recursive: true, force: true });
}

async function open(loadDataDir?: Blob): Promise<PGlite> {
  const instance = new PGlite({
    ...(options.directory === null ? {} : { dataDir: options.directory }),
    ...(loadDataDir === undefined ? {} : { loadDataDir }),
    pgliteWasmModule: options.engine,
    parsers,
    onStderr: hear,
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])],
    initDbStartParams: ['--wal-segsize=1'],
  });
  try {
    await instance.waitReady;
  } catch (error) {
    throw panic === null ? error : new Error(panic, { cause: error });
  }
  return instance;
}

/** What a server would write to its log. */
function hear(line: string): boolean {
  const reason = /\b(?:PANIC|FATAL): +(.*)/.exec(line)?.[1];
  if (reason === undefined) return true;
  panic = reason;
  post({ kind: 'panic', reason });
  return true;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  return { message: error.message, fields: Object.fromEntries(Object.entries(error)) };
}
