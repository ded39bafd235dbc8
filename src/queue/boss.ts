import { PgBoss } from 'pg-boss';
import { deadLetterQueue, queueNames, type QueueLog, type QueueName, type QueueStore } from './port.ts';

/** Schema of pg-boss' tables. */
export const schema = 'pgboss';

/** How jobs that fail are tried again. */
export interface Retry {
  /** Tries after the first; then the job goes to the dead-letter queue. */
  limit: number;
  /** Pause before the first retry; it doubles with each, up to a minute. 0 for none. */
  delaySeconds: number;
}

type RetryLimits = Partial<Record<QueueName, number>>;

/** A job that runs longer than this is given to another worker; its signal is aborted some time before. */
export const expireSeconds = 300;
/** A process that does not touch its jobs for so long is taken for dead: pg-boss' least. */
const heartbeatSeconds = 10;
const day = 86_400;

/** Starts pg-boss on the store's database and makes the queues. Its own workers and timers are not used. */
export async function startBoss(
  store: QueueStore,
  log: QueueLog,
  retry: Retry,
  retryLimits: RetryLimits,
): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => store.run(text, values) },
    backend: store.kind,
    schema,
    schedule: false,
    supervise: false,
    monitorIntervalSeconds: 5,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => log.error({ err: error }, 'The job queue reports an error.'));
  boss.on('warning', ({ message, data }) => log.warn({ data }, `The job queue warns: ${message}`));
  // Processes that start together on an empty database get into each other's way: all but one try again.
  await boss.start({ attempts: 5 });
  await createQueues(boss, store.kind, retry, retryLimits);
  return boss;
}

/** All queues exist before the first job: pg-boss would look an unknown one up beside the caller's transaction. */
async function createQueues(
  boss: PgBoss,
  kind: QueueStore['kind'],
  retry: Retry,
  retryLimits: RetryLimits,
): Promise<void> {
  const existing = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  const kept = { retentionSeconds: 90 * day, deleteAfterSeconds: 3 * day };
  const settings = {
    ...kept,
    retryDelay: retry.delaySeconds,
    ...(retry.delaySeconds > 0 ? { retryBackoff: true, retryDelayMax: 60 } : { retryBackoff: false }),
    expireInSeconds: expireSeconds,
    notify: false,
  };
  // The embedded database has one process, which takes its jobs back when it starts: it needs no heartbeat.
  const heartbeat = kind === 'postgres' ? { heartbeatSeconds } : {};
  for (const name of queueNames) {
    const deadLetter = deadLetterQueue(name);
    if (!existing.has(deadLetter)) await boss.createQueue(deadLetter, kept);
    const own = { ...settings, ...heartbeat, retryLimit: retryLimits[name] ?? retry.limit };
    const found = existing.get(name);
    if (found === undefined) await boss.createQueue(name, { ...own, policy: 'key_strict_fifo', deadLetter });
    // A restart finds them as they have to be, and webhooks do not wait for as many commits that change nothing.
    else if (differs(found, own)) await boss.updateQueue(name, own);
  }
}

function differs(found: object, wanted: object): boolean {
  const settings = new Map<string, unknown>(Object.entries(found));
  return Object.entries(wanted).some(([setting, value]) => settings.get(setting) !== value);
}
