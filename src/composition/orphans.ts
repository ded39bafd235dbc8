import type { Queue } from '../queue/port.ts';
import type { Store } from '../store/open.ts';
import { unfinishedPublications } from '../store/publications.ts';
import { findDelivery, unfinishedDeliveries } from '../store/deliveries.ts';
import { z } from 'zod';
import { installationEvent } from '../core/installation-event.ts';
import { keyOf, keyOfInstallation } from './issue-key.ts';

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
  const keys = new Map<string, string | null>();
  for (const guid of left.commands) keys.set(guid, keyOfPayload((await findDelivery(db, guid))?.payload));
  await db.transaction().execute(async (trx) => {
    for (const [guid, key] of keys)
      await queue.enqueue(trx, 'commands', { guid }, key === null ? {} : { key });
    for (const id of left.publications) await queue.enqueue(trx, 'publications', { id });
  });
  return left.commands.length + left.publications.length;
}

const ofAnIssue = z.object({
  repository: z.object({ id: z.int() }),
  issue: z.object({ number: z.int() }),
});

/** The issue whose jobs run one at a time, by what was kept of the delivery. */
function keyOfPayload(payload: unknown): string | null {
  const { data } = ofAnIssue.safeParse(payload);
  if (data !== undefined) return keyOf({ repositoryId: data.repository.id, issue: data.issue.number });
  const ofInstallation = installationEvent.safeParse(payload).data;
  return ofInstallation === undefined ? null : keyOfInstallation(ofInstallation.installation.id);
}
