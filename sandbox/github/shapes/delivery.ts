import type { KeptDelivery } from '../webhooks/hook.ts';
import type { Json } from './user.ts';

/** Where nothing was answered, GitHub shows a code all the same. */
function statusCode(delivery: KeptDelivery): number {
  if (delivery.status !== null) return delivery.status;
  return delivery.outcome === 'timed out' ? 504 : 502;
}

/** Schema `hook-delivery-item`. */
export function deliveryItem(delivery: KeptDelivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.at,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.outcome,
    status_code: statusCode(delivery),
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

/** Schema `hook-delivery`. */
export function fullDelivery(delivery: KeptDelivery): Json {
  return {
    ...deliveryItem(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: delivery.payload },
    response: {
      headers: delivery.answer?.headers ?? {},
      payload: delivery.answer?.body ?? null,
    },
  };
}
