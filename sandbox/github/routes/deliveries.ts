import type { Call, Handler } from '../call.ts';
import { pathNumber } from '../call.ts';
import { notFound } from '../errors.ts';
import { cursorPage } from '../paging.ts';
import { deliveryItem, fullDelivery } from '../shapes/delivery.ts';
import type { KeptDelivery } from '../webhooks/hook.ts';

/** Deliveries that have come to an end, newest first. */
function ended(call: Call): KeptDelivery[] {
  return call.hook.deliveries.filter(({ outcome }) => outcome !== '').toReversed();
}

function deliveryOf(call: Call): KeptDelivery {
  const id = pathNumber(call, 'delivery_id');
  const delivery = ended(call).find((kept) => kept.id === id);
  if (!delivery) throw notFound();
  return delivery;
}

export const listDeliveries: Handler = (call) => {
  const wanted = call.query.get('status');
  const deliveries = ended(call).filter(
    ({ outcome }) => wanted === null || (outcome === 'OK') === (wanted === 'success'),
  );
  return cursorPage(call, deliveries, deliveryItem);
};

export const getDelivery: Handler = (call) => ({ status: 200, body: fullDelivery(deliveryOf(call)) });

export const redeliver: Handler = (call) => {
  call.hook.again(deliveryOf(call));
  return { status: 202, body: {} };
};
