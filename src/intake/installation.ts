import { installationEvent, repositoryEvent, type InstallationEvent } from '../core/installation-event.ts';
import type { AcceptedDelivery } from './webhook.ts';

/** What is stored of an event of a whole installation; null where the payload does not fit it. */
export function ofInstallation(
  event: string,
  payload: object,
): Omit<AcceptedDelivery, 'guid' | 'event'> | null {
  const read = event === 'repository' ? ofRepository(payload) : installationEvent.safeParse(payload).data;
  if (read === undefined || read === null) return null;
  return {
    action: read.action,
    installationId: read.installation.id,
    repositoryId: null,
    repository: null,
    issue: null,
    comment: null,
    subject: null,
    payload: read,
  };
}

/** A repository that was deleted is one that was taken away. */
function ofRepository(payload: object): InstallationEvent | null {
  const { data } = repositoryEvent.safeParse(payload);
  if (data === undefined) return null;
  const { action, installation, repository } = data;
  return { action, installation, repositories_removed: [repository] };
}
