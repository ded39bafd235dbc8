import { SpanKind } from '@opentelemetry/api';
import type { WebhookDeps } from '../../intake/webhook.ts';
import { inSpan } from '../../tracing.ts';

/** The trace of what a delivery asks for begins where it is stored; of what is not for Sitrep there is none. */
export function tracedAccept(accept: WebhookDeps['accept']): WebhookDeps['accept'] {
  return (delivery) => {
    const { guid, event, action } = delivery;
    const attributes = { 'sitrep.delivery': guid, 'sitrep.event': `${event}.${action}` };
    return inSpan('intake', { kind: SpanKind.SERVER, attributes }, () => accept(delivery));
  };
}
