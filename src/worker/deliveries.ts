import { z } from 'zod';

const jobData = z.object({ guid: z.string() });

/** A stored delivery, as the worker takes it up. */
export interface StoredDelivery {
  guid: string;
  event: string;
  payload: object;
}

/** The method of Probot that hands an event to its handlers. */
export interface EventReceiver {
  receive(event: { id: string; name: string; payload: object }): Promise<void>;
}

export interface DeliveryWorkerDeps {
  probot: EventReceiver;
  /** The stored delivery; null where it is finished or was never stored. */
  load(guid: string): Promise<StoredDelivery | null>;
  finish(guid: string, state: 'done' | 'failed', error?: string): Promise<void>;
  /** Tells whoever caused the delivery that it was given up. */
  givenUp(delivery: StoredDelivery): Promise<void>;
  log: { error(fields: object, message: string): void };
}

/**
 * After so many attempts a delivery is given up. With pauses that double from one second this outlasts an outage of
 * some minutes, the minute that GitHub asks for when it limits, and the lease of a posting whose process died.
 */
export const attempts = 9;

/**
 * Carries out one stored delivery: hands it to Probot, and marks it done. A failure is thrown on, so that the
 * queue tries again; after the last try the delivery is marked failed, with the reason.
 */
export async function workDelivery(
  deps: DeliveryWorkerDeps,
  job: { data: unknown; attempt: number },
): Promise<void> {
  const { guid } = jobData.parse(job.data);
  const delivery = await deps.load(guid);
  if (delivery === null) return;
  try {
    await deps.probot.receive({ id: delivery.guid, name: delivery.event, payload: delivery.payload });
  } catch (error) {
    deps.log.error({ err: error, delivery: guid, attempt: job.attempt }, 'delivery failed');
    if (job.attempt >= attempts) await giveUp(deps, delivery, error);
    throw error;
  }
  await deps.finish(guid, 'done');
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
