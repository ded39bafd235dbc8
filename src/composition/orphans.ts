import type { KeyedJob, Queue } from '../queue/port.ts';
import type { Store } from '../store/open.ts';
import { unfinishedPublications } from '../store/publications.ts';
import { findDelivery, unfinishedDeliveries, type StoredDelivery } from '../store/deliveries.ts';
import { z } from 'zod';
import { keyOf, keyOfInstallation } from './issue-key.ts';

/**
 * Makes jobs for accepted deliveries and stored publications that have none: beside what `adoptDeliveries` finds those of a
 * database that was restored, or whose queue was emptied by hand. Gives how many.
 */
export async function adoptOrphans(store: Store, queue: Queue): Promise<number> {
  const deliveries = await adoptDeliveries(store, queue);
  const unfinished = await unfinishedPublications(store.db);
  const carried = await queue.carried('publications', 'id', unfinished);
  const publications = unfinished.filter((id) => !carried.has(id));
  await store.db.transaction().execute(async (trx) => {
    for (const id of publications) await queue.enqueue(trx, 'publications', { id });
  });
  return deliveries + publications.length;
}

/**
 * Makes jobs for accepted deliveries that have none, as a process leaves them that ends before it has a queue. Gives how many.
 * Another process may do the same at the same time: a job whose delivery is carried out has nothing to do.
 */
export async function adoptDeliveries({ db }: Store, queue: Queue): Promise<number> {
  const unfinished = await unfinishedDeliveries(db);
  const carried = await queue.carried('commands', 'guid', unfinished);
  const jobs: KeyedJob[] = [];
  for (const guid of unfinished.filter((one) => !carried.has(one))) {
    const delivery = await findDelivery(db, guid);
    if (delivery?.state === 'received') jobs.push({ data: { guid }, key: keyOfDelivery(delivery) });
  }
  await db.transaction().execute((trx) => queue.enqueueAll(trx, 'commands', jobs));
  return jobs.length;
}

const ofAnIssue = z.object({
  repository: z.object({ id: z.int() }),
  issue: z.object({ number: z.int() }),
});

/** What is carried out one at a time with it, by what was kept of the delivery. */
function keyOfDelivery({ guid, payload, installationId }: StoredDelivery): string {
  const { data } = ofAnIssue.safeParse(payload);
  if (data !== undefined) return keyOf({ repositoryId: data.repository.id, issue: data.issue.number });
  return installationId === null ? guid : keyOfInstallation(installationId);
}
