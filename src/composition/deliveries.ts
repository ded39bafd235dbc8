import type { Transaction } from 'kysely';
import { createBatches } from '../intake/batches.ts';
import type { AcceptedDelivery, WebhookDeps } from '../intake/webhook.ts';
import type { KeyedJob, Queue } from '../queue/port.ts';
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

/** How deliveries are taken in, whether there is a queue yet or not. */
export interface Acceptance {
  /**
   * Stores a delivery and, once there is a queue, its job in the same transaction. Jobs of one issue run one at a time, in
   * order of arrival, under whatever name its repository goes.
   */
  accept: WebhookDeps['accept'];
  /**
   * From now on each delivery is stored with its job. Those that were stored before get theirs first, and later ones wait
   * meanwhile: the order of arrival holds. What a process leaves behind that ended before is for `adoptOrphans`.
   */
  begin(queue: Queue): Promise<void>;
}

/** Stores deliveries, as many in one transaction as wait for it. A database answers sooner than its queue is started. */
export function openAcceptance(store: Store, now: () => Date): Acceptance {
  const early: JobOfDelivery[] = [];
  const underWay = new Set<Promise<unknown>>();
  let begun: Promise<Queue> | null = null;

  async function commit(arrivals: readonly Arrival[]): Promise<Outcome[]> {
    if (begun !== null) {
      const queue = await begun;
      return (await record(store, arrivals, (trx, jobs) => queue.enqueueAll(trx, 'commands', jobs))).outcomes;
    }
    const recording = record(store, arrivals, () => Promise.resolve());
    underWay.add(recording);
    try {
      const { outcomes, jobs } = await recording;
      early.push(...jobs);
      return outcomes;
    } finally {
      underWay.delete(recording);
    }
  }

  async function adoptEarly(queue: Queue): Promise<Queue> {
    await Promise.allSettled(underWay);
    const guids = early.map(({ data }) => data.guid);
    // Another process that starts takes up what has no job.
    const adopted = await queue.carried('commands', 'guid', guids);
    const jobs = early.filter(({ data }) => !adopted.has(data.guid));
    await store.db.transaction().execute((trx) => queue.enqueueAll(trx, 'commands', jobs));
    early.length = 0;
    return queue;
  }

  const batches = createBatches({
    commit,
    isItemsFault: isRefusedValue,
    most: mostAtOnce,
    mostWaiting,
    answerMs,
  });
  return {
    accept: (delivery) => batches.add({ ...delivery, receivedAt: now(), trace: traceCarrier() }),
    async begin(queue) {
      begun = adoptEarly(queue);
      await begun;
    },
  };
}

interface Arrival extends AcceptedDelivery {
  receivedAt: Date;
  /** Others of its batch have their own. */
  trace: TraceCarrier;
}

type Outcome = 'new' | 'duplicate';
type JobOfDelivery = KeyedJob & { data: { guid: string } };

/** Stores deliveries, and in the same transaction what `enqueue` makes of the jobs of the new ones. */
async function record(
  store: Store,
  arrivals: readonly Arrival[],
  enqueue: (trx: Transaction<Database>, jobs: JobOfDelivery[]) => Promise<void>,
): Promise<{ outcomes: Outcome[]; jobs: JobOfDelivery[] }> {
  const stored = store.db.transaction().execute(async (trx) => {
    const gone = await goneInstallations(trx, arrivals);
    const remembered = arrivals.filter(({ installationId }) => !gone.has(installationId));
    const outcomes = await recordDeliveries(trx, remembered);
    const fresh = new Set(remembered.filter((_, index) => outcomes[index] === 'new'));
    const recorded = arrivals.map((arrival): Outcome => (fresh.has(arrival) ? 'new' : 'duplicate'));
    const jobs = [...fresh].map((arrival) => ({
      data: { guid: arrival.guid, ...arrival.trace },
      key: orderOf(arrival),
    }));
    await enqueue(trx, jobs);
    return { outcomes: recorded, jobs };
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
