import type { Transaction } from 'kysely';
import { createBatches } from '../intake/batches.ts';
import type { AcceptedDelivery, WebhookDeps } from '../intake/webhook.ts';
import type { Queue } from '../queue/port.ts';
import { findDelivery, finishDelivery, recordDeliveries } from '../store/deliveries.ts';
import { isRefusedValue } from '../store/errors.ts';
import { forgottenAmong } from '../store/forget.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { traceCarrier, type TraceCarrier } from '../tracing.ts';
import type { DeliveryWorkerDeps } from '../worker/deliveries.ts';
import { keyOf, keyOfInstallation } from './issue-key.ts';

/**
 * Deliveries of one transaction. Of more the time grows as their number does, so that nothing is gained, and all of
 * them wait for the last.
 */
const mostAtOnce = 256;
/** Some seconds of a burst, and a few MB. */
const mostWaiting = 4_096;
/** GitHub gives up after 10 s, and hears before then that it must deliver again. */
const answerMs = 5_000;

/**
 * Stores deliveries and their jobs, as many in one transaction as wait for it. Jobs of one issue run one at a time, in
 * order of arrival, under whatever name its repository goes.
 */
export function acceptInto(store: Store, queue: Queue, now: () => Date): WebhookDeps['accept'] {
  const batches = createBatches({
    commit: (deliveries: Arrival[]) => commit(store, queue, deliveries),
    isItemsFault: isRefusedValue,
    most: mostAtOnce,
    mostWaiting,
    answerMs,
  });
  return (delivery) => batches.add({ ...delivery, receivedAt: now(), trace: traceCarrier() });
}

interface Arrival extends AcceptedDelivery {
  receivedAt: Date;
  /** Others of its batch have their own. */
  trace: TraceCarrier;
}

async function commit(
  store: Store,
  queue: Queue,
  arrivals: readonly Arrival[],
): Promise<('new' | 'duplicate')[]> {
  const stored = store.db.transaction().execute(async (trx) => {
    const gone = await goneInstallations(trx, arrivals);
    const remembered = arrivals.filter(({ installationId }) => !gone.has(installationId));
    const outcomes = await recordDeliveries(trx, remembered);
    const fresh = new Set(remembered.filter((_, index) => outcomes[index] === 'new'));
    const recorded = arrivals.map((arrival): 'new' | 'duplicate' =>
      fresh.has(arrival) ? 'new' : 'duplicate',
    );
    const jobs = [...fresh].map((arrival) => ({
      data: { guid: arrival.guid, ...arrival.trace },
      key: orderOf(arrival),
    }));
    await queue.enqueueAll(trx, 'commands', jobs);
    return recorded;
  });
  const [recorded] = await Promise.all([stored, store.journal?.append(arrivals)]);
  return recorded;
}

/** Of an installation that was removed nothing is kept: what still comes of it was on its way. */
async function goneInstallations(
  trx: Transaction<Database>,
  arrivals: readonly Arrival[],
): Promise<ReadonlySet<number>> {
  const ids = [...new Set(arrivals.map(({ installationId }) => installationId))];
  const gone = await forgottenAmong(trx, ids);
  return new Set(
    gone.flatMap(({ installationId, repositoryId }) => (repositoryId === null ? [installationId] : [])),
  );
}

/** What concerns an issue is carried out in the order of its arrival; so is what concerns a whole installation. */
function orderOf({ installationId, repositoryId, issue }: Arrival): string {
  return repositoryId === null || issue === null
    ? keyOfInstallation(installationId)
    : keyOf({ repositoryId, issue });
}

/** How the worker finds and finishes the stored deliveries. */
export function storedDeliveries(
  { db }: Store,
  now: () => Date,
): Pick<DeliveryWorkerDeps, 'load' | 'finish'> {
  return {
    async load(guid) {
      const delivery = await findDelivery(db, guid);
      if (delivery === null || delivery.state !== 'received') return null;
      const { event, payload, receivedAt } = delivery;
      if (typeof payload !== 'object' || payload === null)
        throw new Error(`delivery ${guid} holds no payload`);
      return { guid, event, payload, receivedAt };
    },
    finish: (guid, state, error) => finishDelivery(db, guid, state, now(), error ?? null),
  };
}
