import type { Queue } from '../queue/port.ts';
import type { Store } from '../store/open.ts';
import { unfinishedPublications } from '../store/publications.ts';
import { unfinishedDeliveries } from '../store/deliveries.ts';

/**
 * Makes jobs for accepted deliveries and stored publications that have none: those of a database that was restored, or
 * whose queue was emptied by hand. Gives how many.
 */
export async function adoptOrphans({ db }: Store, queue: Queue, now: () => Date): Promise<number> {
  const deliveries = await unfinishedDeliveries(db, now());
  const publications = await unfinishedPublications(db);
  const known = {
    commands: await queue.carried('commands', 'guid', deliveries),
    publications: await queue.carried('publications', 'id', publications),
  };
  const left = {
    commands: deliveries.filter((guid) => !known.commands.has(guid)),
    publications: publications.filter((id) => !known.publications.has(id)),
  };
  await db.transaction().execute(async (trx) => {
    for (const guid of left.commands) await queue.enqueue(trx, 'commands', { guid });
    for (const id of left.publications) await queue.enqueue(trx, 'publications', { id });
  });
  return left.commands.length + left.publications.length;
}
