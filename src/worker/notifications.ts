import { z } from 'zod';
import { RetryLater } from '../core/retry-later.ts';
import { jobDataOf } from './job-data.ts';

const jobData = z.object({ id: z.uuid() });

/** What the worker needs to know of a notification. */
export interface WaitingNotification {
  id: string;
  attempts: number;
  createdAt: Date;
  /** How the comment stands that it links to; null for none. */
  update: { url: string | null; state: string } | null;
}

export interface NotificationWorkerDeps<Waiting extends WaitingNotification> {
  /** Null where it was sent or given up. */
  load(id: string): Promise<Waiting | null>;
  send(notification: Waiting): Promise<{ sent: true } | { sent: false; final: boolean; reason: string }>;
  /** Notes a try that is worth another one. */
  noteTry(id: string, reason: string): Promise<void>;
  /** Null for the reason where it was sent. */
  settle(id: string, reason: string | null): Promise<void>;
  now: () => Date;
  log: { warn(fields: object, message: string): void };
}

/** The link to the update is worth waiting for, but not for long: people are waiting too. */
const updateWithinMs = 60_000;
const updatePauseMs = 2_000;
/** After a day nobody needs the news any more. */
const patienceMs = 24 * 3_600_000;
const firstPauseMs = 5_000;
const longestPauseMs = 30 * 60_000;

/**
 * Sends one notification. What the receiver refuses is final and told in the log; all else is tried again with growing
 * pauses for a day.
 *
 * @throws RetryLater where it is tried again.
 */
export async function workNotification<Waiting extends WaitingNotification>(
  deps: NotificationWorkerDeps<Waiting>,
  job: { data: unknown },
): Promise<void> {
  const { id } = jobDataOf(jobData, job);
  const waiting = await deps.load(id);
  if (waiting === null) return;
  const ageMs = deps.now().getTime() - waiting.createdAt.getTime();
  const { update } = waiting;
  const isComing = update !== null && update.url === null && update.state !== 'failed';
  if (isComing && ageMs < updateWithinMs)
    throw new RetryLater('the update that a notification links to is not posted yet', updatePauseMs);
  const end = await deps.send(waiting);
  if (end.sent) return deps.settle(id, null);
  const { final, reason } = end;
  if (final || ageMs > patienceMs) {
    deps.log.warn({ notification: id, reason }, 'a notification was not taken; given up');
    return deps.settle(id, reason);
  }
  await deps.noteTry(id, reason);
  const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(waiting.attempts, 20), longestPauseMs);
  throw new RetryLater(`a notification was not taken: ${reason}`, pauseMs);
}
