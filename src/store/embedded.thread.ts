import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ownModule } from '../own-files.ts';
import type { Failure, Message, Reply, Request, WorkerOptions } from './embedded.protocol.ts';
import type { EngineResult } from './engine.ts';

/** The thread that runs PGlite, seen from outside. */
export interface DatabaseThread {
  /** Resolves when the database answers; rejects where it does not start. */
  ready: Promise<void>;
  call<R>(request: Request): Promise<EngineResult<R>>;
  /** Ends the thread. Calls that are out, and later ones, are rejected with `reason`. */
  end(reason: Error): Promise<void>;
}

export interface ThreadEvents {
  notification(channel: string, payload: string): void;
  /** The thread ended by itself: nothing can be stored any more. Gives the error to reject all calls with. */
  died(cause: Error): Error;
}

/** A thread that was asked to close ends by itself within milliseconds; longer than this nobody waits for it. */
const closingMs = 1_000;

type Settle = (reply: Reply<never>) => void;

/** Starts the thread. What it is asked is answered in order, one statement at a time. */
export function startThread(options: WorkerOptions, events: ThreadEvents): DatabaseThread {
  const worker = new Worker(ownModule('src/store/embedded.worker'), {
    workerData: options,
    name: 'sitrep-database',
  });
  const open = new Map<number, { settle: Settle; reject: (reason: Error) => void }>();
  const ready = Promise.withResolvers<void>();
  let sequence = 0;
  let ended: Error | null = null;
  let isClosing = false;
  const gone = Promise.withResolvers<void>();

  function endWith(reason: Error): void {
    if (ended !== null) return;
    ended = reason;
    ready.reject(reason);
    for (const { reject } of open.values()) reject(reason);
    open.clear();
  }

  function receive(reply: Reply<never>): void {
    if (reply.kind === 'ready') return ready.resolve();
    if (reply.kind === 'panic') return died(new Error(reply.reason));
    if (reply.kind === 'notification') return events.notification(reply.channel, reply.payload);
    open.get(reply.id)?.settle(reply);
    open.delete(reply.id);
  }

  function died(cause: Error): void {
    if (ended === null) endWith(events.died(cause));
  }

  worker.on('message', receive);
  worker.on('error', (error) => died(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => {
    gone.resolve();
    // What was asked to close, and has answered, may be gone before its `end` is asked for.
    if (!isClosing || open.size > 0) died(new Error(`its thread ended with code ${code}`));
  });

  return {
    ready: ready.promise,
    call<R>(request: Request): Promise<EngineResult<R>> {
      if (ended !== null) return Promise.reject(ended);
      const { promise, resolve, reject } = Promise.withResolvers<EngineResult<R>>();
      sequence += 1;
      isClosing ||= request.kind === 'close';
      const message: Message = { id: sequence, ...request };
      open.set(sequence, {
        reject,
        settle: (reply) => {
          if (reply.kind === 'failure') reject(errorOf(reply.failure));
          else if (reply.kind === 'result') resolve(reply.result);
        },
      });
      worker.postMessage(message, []);
      return promise;
    },
    async end(reason) {
      endWith(reason);
      if (isClosing) await Promise.race([gone.promise, delay(closingMs, undefined, { ref: false })]);
      await worker.terminate();
    },
  };
}

function errorOf({ message, fields }: Failure): Error {
  return Object.assign(new Error(message), fields);
}
