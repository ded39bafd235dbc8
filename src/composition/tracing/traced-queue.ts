import { SpanKind } from '@opentelemetry/api';
import { z } from 'zod';
import type { Job, Queue, QueueName } from '../../queue/port.ts';
import { inSpan, traceCarrier } from '../../tracing.ts';

/** The trace is kept with a job, so that whichever process runs it goes on with it. */
export function tracedQueue(queue: Queue): Queue {
  return {
    ...queue,
    enqueue: (trx, name, data, options) => queue.enqueue(trx, name, { ...traceCarrier(), ...data }, options),
    enqueueAll: (trx, name, jobs) =>
      queue.enqueueAll(
        trx,
        name,
        jobs.map((job) => ({ ...job, data: { ...traceCarrier(), ...job.data } })),
      ),
    work: (name, handle) => queue.work(name, (job) => tracedJob(name, job, handle)),
  };
}

const carrierOf = z.object({ traceparent: z.string().max(100) });

async function tracedJob(queue: QueueName, job: Job, handle: (job: Job) => Promise<void>): Promise<void> {
  const { data: parent } = carrierOf.safeParse(job.data);
  const attributes = { 'sitrep.queue': queue, 'sitrep.attempt': job.attempt };
  const options = { kind: SpanKind.CONSUMER, attributes, ...(parent === undefined ? {} : { parent }) };
  await inSpan(`job ${queue}`, options, () => handle(job));
}
