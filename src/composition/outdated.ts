import type { GitHubRequest } from '../core/github-request.ts';
import { minimiseComment } from '../publish/minimise.ts';
import type { Store } from '../store/open.ts';
import { noteMinimised, outdatedPostings, type Publication } from '../store/publications.ts';

/** What tells the whole state: a later one makes an earlier one out of date. */
const full: readonly string[] = ['status', 'checkpoint', 'change', 'declare'];
/** Lines that say that nothing changed. */
const short: readonly string[] = ['checkpoint-unchanged'];

/**
 * Folds away the updates that this one has made out of date. It never fails: an update that stays open harms nobody, and
 * the next one tries again.
 */
export async function foldOutdated(
  {
    store,
    request,
    now,
    log,
  }: {
    store: Store;
    request: GitHubRequest;
    now: () => Date;
    log: { warn(fields: object, message: string): void };
  },
  { id, kind, incidentId, createdAt }: Publication,
): Promise<void> {
  const kinds = full.includes(kind) ? [...full, ...short] : short.includes(kind) ? short : [];
  if (incidentId === null || kinds.length === 0) return;
  try {
    for (const outdated of await outdatedPostings(store.db, { incidentId, createdAt, id }, kinds)) {
      await minimiseComment(request, outdated.nodeId);
      await noteMinimised(store.db, outdated.id, now());
    }
  } catch (error) {
    log.warn({ err: error, posting: id }, 'an update that is out of date stays open');
  }
}
