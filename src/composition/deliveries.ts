import type { WebhookDeps } from '../intake/webhook.ts';
import type { Queue } from '../queue/port.ts';
import { findDelivery, finishDelivery, recordDelivery } from '../store/deliveries.ts';
import type { Store } from '../store/open.ts';
import type { DeliveryWorkerDeps } from '../worker/deliveries.ts';

/** Stores a delivery and its job in one transaction; jobs of one issue run one at a time, in order of arrival. */
export function acceptInto(store: Store, queue: Queue, now: () => Date): WebhookDeps['accept'] {
  return (delivery) =>
    store.db.transaction().execute(async (trx) => {
      const recorded = await recordDelivery(trx, { ...delivery, receivedAt: now() });
      if (recorded === 'new') {
        const key = `${delivery.repository}#${String(delivery.issue)}`;
        await queue.enqueue(trx, 'commands', { guid: delivery.guid }, { key });
      }
      return recorded;
    });
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
