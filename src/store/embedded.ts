import { existsSync } from 'node:fs';
import { expectUsable, freeBytes, leastFreeBytes, makeDirectory } from './disk.ts';
import { connect, runScript } from './embedded.connection.ts';
import { doubtOf, filesOf } from './embedded.directory.ts';
import { compiledEngine } from './embedded.engine.ts';
import { templateFile } from './embedded.template.ts';
import { startThread } from './embedded.thread.ts';
import { scheduleUpkeep } from './embedded.upkeep.ts';
import type { Engine, StoreLog } from './engine.ts';
import {
  databaseStopped,
  directoryGone,
  fullDisk,
  StoreError,
  unreadableDirectory,
  unusable,
} from './errors.ts';
import { bootOfMachine } from './holder.ts';
import { lockDirectory, type DirectoryLock } from './lock.ts';
import { poolOfOne } from './pool-of-one.ts';

export interface EmbeddedOptions {
  /** Where the data lives; null keeps it in memory, until closed. */
  directory: string | null;
  /** Digest of the migrations; see `templateFile`. */
  migrations: string;
  log: StoreLog;
  /** Called once when nothing can be stored any more: the process should end and be started again. */
  onFatal: (error: StoreError) => void;
}

/** Opens PGlite in a thread of its own, under a lock on its directory. Throws a StoreError where that fails. */
export async function openEmbedded({
  directory,
  migrations,
  log,
  onFatal,
}: EmbeddedOptions): Promise<Engine> {
  const engine = await compiledEngine();
  const lock = directory === null ? null : lockFor(directory);
  const listeners = new Map<string, (payload: string) => void>();
  let state: 'starting' | 'open' | 'failed' = 'starting';
  const thread = startThread(
    {
      directory: directory === null ? null : filesOf(directory),
      template: templateFile(migrations),
      engine,
    },
    {
      notification: (channel, payload) => listeners.get(channel)?.(payload),
      died: fail,
    },
  );

  function fail(cause: Error): Error {
    if (state !== 'open') return cause;
    state = 'failed';
    const reason = diagnose(directory, cause, databaseStopped);
    log.error({ err: reason }, reason.message);
    void thread.end(reason).then(() => onFatal(reason));
    return reason;
  }

  try {
    await thread.ready;
  } catch (error) {
    await thread.end(new Error('The embedded database did not start'));
    lock?.release();
    throw diagnose(directory, error, unreadableDirectory);
  }
  state = 'open';

  const connection = connect(thread, fail);
  const upkeep = scheduleUpkeep(connection, directory, log);
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    upkeep.stop();
    try {
      if (state === 'open') await connection.exclusively(() => thread.call({ kind: 'close' }));
    } finally {
      await thread.end(new Error('The database is closed'));
      lock?.release();
    }
  }

  return {
    kind: 'pglite',
    pool: poolOfOne(connection),
    patientPool: () => poolOfOne(connection),
    run: (text, values) => connection.exclusively((query) => runScript(query, text, values)),
    async listen(channel, onNotification) {
      listeners.set(channel, onNotification);
      await connection.exclusively(() => thread.call({ kind: 'listen', channel }));
      return {
        async close() {
          listeners.delete(channel);
          await connection.exclusively(() => thread.call({ kind: 'unlisten', channel }));
        },
      };
    },
    async keepIf(query) {
      await connection.exclusively(async (run) => {
        const { rows } = await runScript(run, query);
        if (rows.length > 0) await thread.call({ kind: 'keep' });
      });
    },
    close: () => (closing ??= close()),
  };
}

/** PGlite says little of what ails it: a directory that is gone and a full disk are looked for before anything else is said. */
function diagnose(
  directory: string | null,
  cause: unknown,
  otherwise: (where: string, cause: unknown) => StoreError,
): StoreError {
  if (directory === null) return otherwise('memory', cause);
  if (!existsSync(directory)) return directoryGone(directory, cause);
  return freeBytes(directory) < leastFreeBytes ? fullDisk(directory, cause) : otherwise(directory, cause);
}

/** Takes the lock on a directory, which is made where it is missing. */
function lockFor(directory: string): DirectoryLock {
  try {
    makeDirectory(directory);
    expectUsable(directory);
    if (existsSync(filesOf(directory))) expectUsable(filesOf(directory));
    return lockDirectory(directory, ({ boot, since }) => {
      // The machine went down under the process before: what had not reached the disk is gone, and nothing tells of it.
      if (boot !== bootOfMachine()) doubtOf(directory).raise(since);
    });
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw unusable(directory, error);
  }
}
