import { setTimeout as pause } from 'node:timers/promises';
import type { Job as BossJob, PgBoss } from 'pg-boss';
import { RetryLater } from '../core/retry-later.ts';
import { withoutSecrets } from '../core/secrets/without-secrets.ts';
import { expireSeconds } from './boss.ts';
import type { Job, JobOutcome, QueueLog, QueueName, WatchJobs } from './port.ts';

/** Jobs of a queue that run at the same time in this process. */
const slots = 10;
/**
 * A look costs as much as jobs wait, since pg-boss reads the heads of all keys: tens of milliseconds with 50,000. So
 * that a burst is still taken in meanwhile, looks may take at most a third of the database's time: after each the lane
 * waits twice as long as the shorter of the last two took, and at most a second. On an idle queue that is a few
 * milliseconds, also after a look that had to wait for the embedded database's one connection.
 */
const pausePerLook = 2;
const longestPauseMs = 1_000;
/** A handler hears that its time is up before its job is given to another worker. */
const abortMs = expireSeconds * 1_000 * 0.9;
/**
 * An outcome that could not be recorded is tried again so often: until then the job counts as running, and a database
 * that comes back learns of it at once. Whoever gives it up leaves the job to its heartbeat, ten seconds and more.
 */
const recordTries = 120;
const recordPauseMs = 500;
/** A look takes tens of milliseconds: one that has taken so long will come to nothing. */
const hangingMs = 15_000;

/** A job that was taken, at one attempt: what is recorded for it applies to that attempt only. */
export interface Claim {
  id: string;
  retryCount: number;
}

/**
 * Takes the jobs of one queue and runs them. pg-boss' own workers take batches that end together, so that one slow
 * job holds up nine; a lane fills each slot when it is free, with one statement for all that are.
 */
export interface Lane {
  name: QueueName;
  /** Looks for jobs now; while a look is under way, once more after it. */
  wake(): void;
  /** Whether its last look was answered, and none has hung for a while. */
  works(): boolean;
  running(): Claim[];
  /** Resolves after the next job that ends, or the next look. */
  changed(): Promise<void>;
  /** Aborts the running jobs of these ids. */
  abort(ids: ReadonlySet<string>, reason: Error): void;
  /** Takes no more jobs; resolves when none is being taken. Those that run go on. */
  halt(): Promise<void>;
  /** Records no outcome any more. */
  abandon(): void;
}

export interface LaneOptions {
  boss: PgBoss;
  name: QueueName;
  handle: (job: Job) => Promise<void>;
  /** Called before jobs are taken. */
  refresh: () => Promise<void>;
  /** Puts a job off without counting a try. */
  putOff: (claim: Claim, afterMs: number, reason: string) => Promise<void>;
  /** Called after a failure was recorded. */
  onFailure: () => Promise<void>;
  watch: WatchJobs | undefined;
  log: QueueLog;
}

export function openLane({ boss, name, handle, refresh, putOff, onFailure, watch, log }: LaneOptions): Lane {
  const claims = new Map<string, { claim: Claim; controller: AbortController }>();
  let abandoned = false;
  let lookAgain = false;
  let look: Promise<void> | null = null;
  let change = Promise.withResolvers<void>();
  /** By `performance.now()`: no look before it. */
  let nextLookAt = 0;
  let lastLookMs = 0;
  let lookFailed = false;
  /** By `performance.now()`; null while none is under way. */
  let lookingSince: number | null = null;
  const halting = new AbortController();

  function announce(): void {
    change.resolve();
    change = Promise.withResolvers<void>();
  }

  function wake(): void {
    lookAgain = true;
    look ??= takeAll().finally(() => {
      look = null;
      announce();
    });
  }

  async function takeAll(): Promise<void> {
    while (lookAgain) {
      const early = nextLookAt - performance.now();
      if (early > 0) await pauseUnlessHalting(early);
      lookAgain = false;
      const free = halting.signal.aborted ? 0 : slots - claims.size;
      if (free === 0) continue;
      await refresh();
      await take(free);
    }
  }

  async function pauseUnlessHalting(milliseconds: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const end = () => over.resolve();
    const timer = setTimeout(end, milliseconds);
    halting.signal.addEventListener('abort', end);
    await over.promise;
    halting.signal.removeEventListener('abort', end);
    clearTimeout(timer);
  }

  async function take(batchSize: number): Promise<void> {
    const startedAt = performance.now();
    lookingSince = startedAt;
    try {
      const jobs = await boss.fetch<unknown>(name, { batchSize });
      if (halting.signal.aborted) await giveBackTaken(jobs);
      else for (const job of jobs) void run(job);
      lookFailed = false;
    } catch (error) {
      lookFailed = true;
      log.warn({ err: error, queue: name }, 'Jobs could not be taken; the next try is in a second.');
    }
    lookingSince = null;
    const endedAt = performance.now();
    const lookMs = endedAt - startedAt;
    nextLookAt = endedAt + Math.min(Math.min(lookMs, lastLookMs) * pausePerLook, longestPauseMs);
    lastLookMs = lookMs;
  }

  /** What was on its way when the lane was halted. */
  async function giveBackTaken(jobs: BossJob<unknown>[]): Promise<void> {
    for (const { id, retryCount } of jobs)
      await putOff({ id, retryCount }, 0, 'Sitrep stopped before the job ran.');
  }

  async function run({ id, data, retryCount }: BossJob<unknown>): Promise<void> {
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new Error(`The job took longer than ${abortMs / 1_000} s.`)),
      abortMs,
    );
    // Taken for dead during an outage, this process can be given a job that it still runs.
    claims.get(id)?.controller.abort(new Error('The job was given out again.'));
    claims.set(id, { claim: { id, retryCount }, controller });
    const beganAt = performance.now();
    const failure = await failureOf(() =>
      handle({ id, data, attempt: retryCount + 1, signal: controller.signal }),
    );
    clearTimeout(timer);
    watch?.(name, outcomeOf(failure), performance.now() - beganAt);
    await record({ id, retryCount }, failure);
    if (claims.get(id)?.controller === controller) claims.delete(id);
    announce();
    wake();
  }

  async function record(claim: Claim, failure: Failure | null): Promise<void> {
    if (failure !== null) tellFailure(claim, failure);
    for (let tries = 1; tries <= recordTries; tries += 1) {
      if (abandoned) return;
      try {
        if (failure === null) await boss.complete(name, claim);
        else await recordFailure(claim, failure);
        return;
      } catch (error) {
        if (tries === 1 || tries === recordTries)
          log.error(
            { err: error, queue: name, job: claim.id, tries },
            'The outcome of a job could not be recorded.',
          );
        await pause(recordPauseMs);
      }
    }
  }

  function tellFailure(claim: Claim, { message, error }: Failure): void {
    const about = { queue: name, job: claim.id };
    if (error instanceof RetryLater)
      log.info({ ...about, afterMs: error.afterMs }, `A job is put off: ${message}`);
    else log.warn({ err: error, ...about, attempt: claim.retryCount + 1 }, 'A job failed.');
  }

  async function recordFailure(claim: Claim, { message, error }: Failure): Promise<void> {
    if (error instanceof RetryLater) return postpone(claim, error);
    await boss.fail(name, claim, { message });
    await onFailure();
  }

  /** Looks again when the pause is over; a pause longer than a poll is found by the poll. */
  async function postpone(claim: Claim, { message, afterMs }: RetryLater): Promise<void> {
    await putOff(claim, afterMs, message);
    setTimeout(wake, afterMs + 1).unref();
  }

  return {
    name,
    wake,
    works: () => !lookFailed && (lookingSince === null || performance.now() - lookingSince < hangingMs),
    running: () => [...claims.values()].map(({ claim }) => claim),
    changed: () => change.promise,
    abort(ids, reason) {
      for (const [id, { controller }] of claims) if (ids.has(id)) controller.abort(reason);
    },
    async halt() {
      halting.abort();
      await look;
    },
    abandon() {
      abandoned = true;
    },
  };
}

interface Failure {
  /** What was thrown, for the log. */
  error: unknown;
  /** What is kept with the job. */
  message: string;
}

function outcomeOf(failure: Failure | null): JobOutcome {
  if (failure === null) return 'done';
  return failure.error instanceof RetryLater ? 'put off' : 'failed';
}

async function failureOf(run: () => Promise<void>): Promise<Failure | null> {
  try {
    await run();
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { error, message: kept(message) };
  }
}

/** Secrets out first, then cut: half of one is not known as such. */
function kept(message: string): string {
  const clean = withoutSecrets(message.slice(0, longestRead), () => 'redacted');
  return clean.toWellFormed().replaceAll('\0', '').slice(0, 2_000);
}

/** Of a message, in characters. */
const longestRead = 20_000;
