import { z } from 'zod';
import { finalReason, laterOf } from './failures.ts';
import { jobDataOf, ofNewerVersion } from './job-data.ts';

const jobData = z.object({ guid: z.string() });

/** A stored delivery, as the worker takes it up. */
export interface StoredDelivery {
  guid: string;
  event: string;
  payload: object;
  receivedAt: Date;
}

/** The method of Probot that hands an event to its handlers. */
export interface EventReceiver {
  receive(event: { id: string; name: string; payload: object }): Promise<void>;
}

export interface DeliveryWorkerDeps {
  probot: EventReceiver;
  /** The stored delivery; null where it is finished or was never stored. */
  load(guid: string): Promise<StoredDelivery | null>;
  /** Whether this version has a handler for it. */
  handles(delivery: StoredDelivery): boolean;
  /** `failed` after the last try, `cancelled` where no try can succeed. */
  finish(guid: string, state: 'done' | 'failed' | 'cancelled', reason?: string): Promise<void>;
  /** Tells whoever caused the delivery that it was given up. */
  givenUp(delivery: StoredDelivery): Promise<void>;
  now: () => Date;
  log: Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>;
}

/**
 * After so many attempts a delivery is given up. With pauses that double from one second this outlasts an outage of
 * some minutes, the minute that GitHub asks for when it limits, and the lease of a posting whose process died.
 */
export const attempts = 9;

/** What GitHub has not let us do for so long is given up: nobody waits for it any more. */
const patienceMs = 24 * 3_600_000;
/** GitHub's own replicas lag behind: what is not there at the first try may be at the second. */
const triesOfWhatIsGone = 2;

/**
 * Carries out one stored delivery: hands it to Probot, and marks it done. A failure is thrown on, so that the
 * queue tries again; after the last try the delivery is marked failed, with the reason. What no try can change is
 * cancelled with its reason.
 */
export async function workDelivery(
  deps: DeliveryWorkerDeps,
  job: { data: unknown; attempt: number },
): Promise<void> {
  const { guid } = jobDataOf(jobData, job);
  const delivery = await deps.load(guid);
  if (delivery === null) return;
  try {
    if (!deps.handles(delivery)) throw ofNewerVersion(`the event ${delivery.event}`);
    await deps.probot.receive({ id: delivery.guid, name: delivery.event, payload: withTime(delivery) });
  } catch (error) {
    await settleFailure(deps, delivery, job.attempt, error);
    return;
  }
  await deps.finish(guid, 'done');
}

/** Ends the delivery where that is due; throws on what the queue has to try again. */
async function settleFailure(
  deps: DeliveryWorkerDeps,
  delivery: StoredDelivery,
  attempt: number,
  error: unknown,
): Promise<void> {
  const { guid } = delivery;
  const later = laterOf(error);
  if (later !== null && deps.now().getTime() - delivery.receivedAt.getTime() < patienceMs) throw later;
  const final = later === null ? finalReason(error) : `put off for longer than a day: ${later.message}`;
  if (final !== null && (later !== null || attempt >= triesOfWhatIsGone)) {
    deps.log.warn({ err: error, delivery: guid, attempt }, `delivery cancelled: ${final}`);
    await deps.finish(guid, 'cancelled', final);
    return;
  }
  deps.log.error({ err: error, delivery: guid, attempt }, 'delivery failed');
  if (attempt >= attempts) await giveUp(deps, delivery, error);
  throw error;
}

/** When it was received goes with the payload: of two that ask for the same at once, one is answered. */
function withTime({ payload, receivedAt }: StoredDelivery): object {
  return { ...payload, received_at: receivedAt.toISOString() };
}

async function giveUp(deps: DeliveryWorkerDeps, delivery: StoredDelivery, cause: unknown): Promise<void> {
  await deps.finish(delivery.guid, 'failed', reasonOf(cause));
  try {
    await deps.givenUp(delivery);
  } catch (error) {
    deps.log.error({ err: error, delivery: delivery.guid }, 'nobody could be told that it was given up');
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown';
}
