import type { KeyedJob, Queue } from '../queue/port.ts';
import type { Store } from '../store/open.ts';
import { unfinishedPublications } from '../store/publications.ts';
import { findDelivery, unfinishedDeliveries, type StoredDelivery } from '../store/deliveries.ts';
import { z } from 'zod';
import { keyOf, keyOfInstallation } from './issue-key.ts';

/**
 * Makes jobs for accepted deliveries and stored publications that have none: those that a process took which ended before
 * it had a queue, of a database that was restored, or whose queue was emptied by hand. Gives how many. Another process may
 * do the same at the same time: a job whose delivery is carried out has nothing to do.
 */
export async function adoptOrphans({ db }: Store, queue: Queue): Promise<number> {
  const deliveries = await unfinishedDeliveries(db);
  const publications = await unfinishedPublications(db);
  const known = {
    commands: await queue.carried('commands', 'guid', deliveries),
    publications: await queue.carried('publications', 'id', publications),
  };
  const left = {
    commands: deliveries.filter((guid) => !known.commands.has(guid)),
    publications: publications.filter((id) => !known.publications.has(id)),
  };
  const jobs: KeyedJob[] = [];
  for (const guid of left.commands) {
    const delivery = await findDelivery(db, guid);
    if (delivery?.state === 'received') jobs.push({ data: { guid }, key: keyOfDelivery(delivery) });
  }
  await db.transaction().execute(async (trx) => {
    await queue.enqueueAll(trx, 'commands', jobs);
    for (const id of left.publications) await queue.enqueue(trx, 'publications', { id });
  });
  return left.commands.length + left.publications.length;
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
