import type { Kysely } from 'kysely';
import { z } from 'zod';
import { listDeadLetters, openRedrive, queueExists, type DeadLetter } from '../queue/dead-letters.ts';
import type { QueueLog } from '../queue/port.ts';
import { findDelivery, reopenDelivery } from '../store/deliveries.ts';
import type { Store } from '../store/open.ts';
import { findPublication } from '../store/publications.ts';
import type { Database } from '../store/schema.ts';

/** What a dead letter was to do. */
interface Purpose {
  /** A webhook event, or the kind of a posting. */
  what: string;
  repository: string | null;
  issue: number | null;
  /** GUID of the delivery, as GitHub's list of deliveries shows it; null for a posting. */
  delivery: string | null;
}

/** A dead letter as an operator sees it; `purpose` is null where the record does not hold it (any more). */
export type ExplainedLetter = DeadLetter & { purpose: Purpose | null };

/** The dead letters, the one given up first first, each with what it was for. */
export async function explainDeadLetters(store: Store): Promise<ExplainedLetter[]> {
  if (!(await queueExists(store))) return [];
  const letters = await listDeadLetters(store);
  const explained: ExplainedLetter[] = [];
  for (const letter of letters) explained.push({ ...letter, purpose: await purposeOf(store.db, letter) });
  return explained;
}

/** What became of dead letters that were to be tried again. */
export interface Retried {
  again: ExplainedLetter[];
  /** Their delivery is not recorded any more: whoever wants it has to ask anew. */
  forgotten: ExplainedLetter[];
}

/**
 * Gives dead letters back to their queues, with fresh tries: one, or all. What is posted is posted once however often
 * that is done, since the id of a posting comes from what it answers. An id that is no dead letter's gives nothing.
 */
export async function retryDeadLetters(
  store: Store,
  which: string,
  log: Pick<QueueLog, 'error'>,
): Promise<Retried> {
  const letters = await explainDeadLetters(store);
  const chosen = which === 'all' ? letters : letters.filter(({ id }) => id === which);
  if (chosen.length === 0) return { again: [], forgotten: [] };
  const redriving = await openRedrive(store, log);
  try {
    return await store.db.transaction().execute(async (trx) => {
      const retried: Retried = { again: [], forgotten: [] };
      for (const letter of chosen) {
        const guid = deliveryData.safeParse(letter.data).data?.guid;
        const gone = guid !== undefined && (await reopenDelivery(trx, guid)) === 'gone';
        retried[gone ? 'forgotten' : 'again'].push(letter);
      }
      for (const queue of new Set(retried.again.map((letter) => letter.queue)))
        await redriving.redrive(
          trx,
          queue,
          retried.again.filter((letter) => letter.queue === queue),
        );
      return retried;
    });
  } finally {
    await redriving.close();
  }
}

const deliveryData = z.object({ guid: z.string() });
const publicationData = z.object({ id: z.uuid() });
const payloadWithIssue = z.object({ issue: z.object({ number: z.number() }) });

async function purposeOf(db: Kysely<Database>, { queue, data }: DeadLetter): Promise<Purpose | null> {
  const guid = deliveryData.safeParse(data).data?.guid;
  if (guid !== undefined) return await purposeOfDelivery(db, guid);
  const id = publicationData.safeParse(data).data?.id;
  const publication = queue === 'publications' && id !== undefined ? await findPublication(db, id) : null;
  if (publication === null) return null;
  const { kind, repository, issue } = publication;
  return { what: kind, repository, issue, delivery: null };
}

async function purposeOfDelivery(db: Kysely<Database>, guid: string): Promise<Purpose | null> {
  const delivery = await findDelivery(db, guid);
  if (delivery === null) return { what: 'a delivery', repository: null, issue: null, delivery: guid };
  const { event, action, repository, payload } = delivery;
  return {
    what: action === null ? event : `${event}.${action}`,
    repository,
    issue: payloadWithIssue.safeParse(payload).data?.issue.number ?? null,
    delivery: guid,
  };
}
