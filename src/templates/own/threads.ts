import { Worker } from 'node:worker_threads';
import type { TemplateProblem } from '../../core/own-templates/problem.ts';
import { ownModule } from '../../own-files.ts';
import { asCode } from './as-code.ts';
import type { RenderJob, RenderResult, ThreadMessage } from './job.ts';

/**
 * Threads in which templates of repositories run, each alone in its own while it does. One that takes too long or too
 * much memory is ended, and another one takes its place; whoever asked gets the reason.
 */
export interface TemplateThreads {
  render(job: RenderJob): Promise<RenderResult>;
  /** Ends all threads. */
  close(): Promise<void>;
}

export interface ThreadLimits {
  /** Threads at once. */
  threads: number;
  /** Milliseconds for one update, once a thread has it. */
  runMs: number;
  /** Milliseconds until a thread has it: an incident is on, and the built-in template needs none. */
  waitMs: number;
  /** Of the heap. */
  megabytes: number;
}

const defaults: ThreadLimits = { threads: 2, runMs: 500, waitMs: 5_000, megabytes: 64 };

/** A job, until a thread has it or nobody waits any more. */
interface Task {
  job: RenderJob;
  /** False where the wait was given up. */
  take: () => boolean;
  settle: (result: RenderResult) => void;
}

/** Opens the threads; each is started when it is needed first. An idle one keeps no process alive. */
export function openTemplateThreads(given: Partial<ThreadLimits> = {}): TemplateThreads {
  const limits = { ...defaults, ...given };
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let working = 0;

  function next(): void {
    if (working >= limits.threads) return;
    const task = waiting.shift();
    if (task === undefined) return;
    working += 1;
    void work(task).finally(() => {
      working -= 1;
      next();
    });
  }

  async function work({ job, take, settle }: Task): Promise<void> {
    let worker: Worker | null = null;
    try {
      worker = idle.pop() ?? (await started(limits, all));
      if (take()) {
        worker.ref();
        settle(await run(worker, job, limits.runMs));
      }
      worker.unref();
      idle.push(worker);
    } catch (error) {
      await worker?.terminate();
      settle({ problem: problemOf(error, job) });
    }
  }

  return {
    render(job) {
      const { promise, resolve } = Promise.withResolvers<RenderResult>();
      let isWaiting = true;
      const patience = setTimeout(() => {
        isWaiting = false;
        resolve({ problem: problemOf(new Ended('busy'), job) });
      }, limits.waitMs);
      const take = () => {
        clearTimeout(patience);
        return isWaiting;
      };
      waiting.push({ job, take, settle: resolve });
      next();
      return promise;
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

async function started({ megabytes }: ThreadLimits, all: Set<Worker>): Promise<Worker> {
  const worker = new Worker(ownModule('src/templates/own/render.worker'), {
    name: 'sitrep-templates',
    // Nothing of the server is in it but the code.
    env: {},
    argv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 },
  });
  all.add(worker);
  worker.once('exit', () => all.delete(worker));
  // One that is ended, or dies while it is idle, is no fault of the server's; whoever waits for it hears it as well.
  worker.on('error', () => undefined);
  const ready = await answer(worker);
  if (ready === 'ready') return worker;
  throw new Error('a thread for templates begins with a result');
}

/** Lets a thread work until its time is over. It is good for nothing more where this rejects. */
async function run(worker: Worker, job: RenderJob, milliseconds: number): Promise<RenderResult> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  // What came while this thread was busy itself is looked at first.
  const timer = setTimeout(() => setImmediate(() => reject(new Ended('time'))), milliseconds);
  try {
    const result = answer(worker);
    worker.postMessage(job, []);
    const message = await Promise.race([result, over]);
    if (message !== 'ready') return message;
    throw new Error('a thread for templates says twice that it is ready');
  } finally {
    clearTimeout(timer);
  }
}

/** The next thing that a thread says. @throws where it ends instead. */
function answer(worker: Worker): Promise<ThreadMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<ThreadMessage>();
  const ended = () => reject(new Error('a thread for templates ended'));
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', ended);
  return promise.finally(() => {
    worker.off('message', resolve);
    worker.off('error', reject);
    worker.off('exit', ended);
  });
}

/** Ended from outside. */
class Ended extends Error {
  override readonly name = 'Ended';
  readonly why: 'time' | 'busy';

  constructor(why: 'time' | 'busy') {
    super(why);
    this.why = why;
  }
}

function problemOf(error: unknown, { kind }: RenderJob): TemplateProblem {
  return { ...whyOf(error), file: `${kind}.hbs`, line: null, column: null };
}

function whyOf(error: unknown): Pick<TemplateProblem, 'code' | 'message' | 'remedy'> {
  if (error instanceof Ended && error.why === 'busy')
    return {
      code: 'template-waited',
      message: 'was not run: too many others were',
      remedy: 'nothing is wrong with it; the next update tries again',
    };
  if (error instanceof Ended)
    return {
      code: 'template-time',
      message: 'takes too long, and was ended',
      remedy: 'an update has 500 ms; look for lists within lists, and for partials that call themselves',
    };
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return {
      code: 'template-memory',
      message: 'takes too much memory, and was ended',
      remedy: 'an update has 64 MB; look for lists within lists, and for partials that call themselves',
    };
  return {
    code: 'template-thread',
    message: `could not be run: ${asCode(error instanceof Error ? error.message : 'its thread ended')}`,
    remedy: 'this is not about the template; the log of the server tells more',
  };
}
