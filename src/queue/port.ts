import type { Transaction } from 'kysely';

/** Names of the queues. */
export const queueNames = [
  'commands',
  'checkpoints',
  'samples',
  'boards',
  'publications',
  'notifications',
  'sweep',
  'history',
] as const;
export type QueueName = (typeof queueNames)[number];

/** Where the jobs of a queue go that failed at every try. They stay there for 90 days, for a person to look at. */
export function deadLetterQueue(queue: QueueName): string {
  return `${queue}-dead`;
}

export interface Job {
  /** Id of the job: the one given to `enqueue`, or one made by the queue. */
  id: string;
  data: unknown;
  /** 1 at the first run. */
  attempt: number;
  /** Aborted when the job's time is up, when another process has taken it over, or when the queue stops. */
  signal: AbortSignal;
}

export interface EnqueueOptions {
  /** UUID of the job: a second job with the same id is not made. */
  id?: string;
  /** Jobs with the same key run one at a time in the order in which they were enqueued. */
  key?: string;
  /** Not before this time of the clock that the queue was started with. */
  startAfter?: Date;
}

/** A job of which the queue makes the id. */
export interface KeyedJob {
  data: object;
  /** See `EnqueueOptions`. */
  key: string;
}

/** Jobs whose subject is gone: by what their data names, and by the repository of the issue whose key they have. */
export interface OrphanedJobs {
  deliveries: readonly string[];
  incidents: readonly string[];
  /** Of postings and notifications. */
  ids: readonly string[];
  repositories: readonly string[];
}

export interface Queue {
  /**
   * Adds a job within the caller's transaction: it exists when that commits, and never if it rolls back.
   * Gives the job's id, or null where a job of that id is there already. `data` must be plain JSON.
   */
  enqueue<Tables>(
    trx: Transaction<Tables>,
    queue: QueueName,
    data: object,
    options?: EnqueueOptions,
  ): Promise<string | null>;
  /** Adds jobs within the caller's transaction, in their order: many for the price of one. */
  enqueueAll<Tables>(trx: Transaction<Tables>, queue: QueueName, jobs: readonly KeyedJob[]): Promise<void>;
  /**
   * Runs `handle` for each job of the queue. A job whose handler throws is tried again, with growing pauses; one that
   * throws `RetryLater` (core/retry-later.ts) runs again after the pause it names, which counts as no try.
   */
  work(queue: QueueName, handle: (job: Job) => Promise<void>): Promise<void>;
  /** Of these values of a field of the jobs' data, those that a job of the queue carries, dead ones included. */
  carried(queue: QueueName, field: string, values: readonly string[]): Promise<ReadonlySet<string>>;
  /** Within the caller's transaction, removes the jobs of what is no longer there, dead ones included; what runs ends by itself. */
  forget<Tables>(trx: Transaction<Tables>, orphaned: OrphanedJobs): Promise<void>;
  /** How many jobs of these queues run, are due or wait for a later time; dead ones do not count. */
  pending(queues: readonly QueueName[]): Promise<number>;
  /** Whether jobs are taken: no queue's last look failed or has hung for a while. */
  works(): boolean;
  /** Resolves when no job of a worked queue is running or due. Jobs that wait for a later time do not count. */
  rest(): Promise<void>;
  /** Takes no more jobs, waits up to `graceMs` for the running ones, then aborts them and gives them back. */
  stop(options: { graceMs: number }): Promise<void>;
}

/** How a run of a job ended: `failed` is tried again, or becomes a dead letter. */
export const jobOutcomes = ['done', 'failed', 'put off'] as const;
export type JobOutcome = (typeof jobOutcomes)[number];

/** Hears the end of each run of a job, and how long it took; must not throw. */
export type WatchJobs = (queue: QueueName, outcome: JobOutcome, tookMs: number) => void;

/** What the queue needs of the store. */
export interface QueueStore {
  kind: 'pglite' | 'postgres';
  /** Runs a statement, or a script of several where there are no values. A failed script leaves no transaction open. */
  run(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** Called when the tables are there and no job yet: later databases start from this one. */
  keep(): Promise<void>;
  listen(channel: string, onNotification: (payload: string) => void): Promise<{ close(): Promise<void> }>;
}

/** The logger's methods that the queue uses; pino has them. */
export interface QueueLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
