import { z } from 'zod';
import { postingId } from '../commands/posting-id.ts';
import type { OperatorIssue } from '../config/policy.ts';
import { troubleNotice } from '../core/compose/trouble-notice.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { Queue } from '../queue/port.ts';
import type { Store } from '../store/open.ts';
import { enqueuePublication } from '../store/publications.ts';
import { hasUntold, takeUntold } from '../store/troubles.ts';
import type { InstallationRequest } from './installations.ts';
import { keyOf } from './issue-key.ts';

export interface TellingDeps {
  store: Store;
  queue: Queue;
  /** Where the operator is told; null for the log alone. */
  issue: OperatorIssue | null;
  /** The client of the App itself. */
  appRequest: GitHubRequest;
  requestOf: InstallationRequest;
  now: () => Date;
  /** A kind of trouble is told of once in so long, ms. */
  apartMs?: number;
}

/** An hour: what comes and goes all day is told of by the log, and by metrics. */
const usuallyApartMs = 3_600_000;

const installationAnswer = z.object({ id: z.int() });
const repositoryAnswer = z.object({ id: z.int() });

/**
 * Tells the operator's issue what is new of the troubles that are recorded: a comment when one begins, and one when it is
 * over; of all processes one does. While GitHub is away nothing can be told, so that trouble is told of when it is over.
 *
 * @throws where GitHub does not say where the issue is
 */
export function troubleTeller(deps: TellingDeps): () => Promise<void> {
  const { store, queue, issue, now, apartMs = usuallyApartMs } = deps;
  let place: { installationId: number; repositoryId: number } | null = null;
  return async () => {
    if (issue === null) return;
    const which = { apartMs, onlyWhenOver: ['github'] as const };
    if (!(await hasUntold(store.db, which))) return;
    const at = (place ??= await placeOf(deps, issue));
    await store.db.transaction().execute(async (trx) => {
      for (const { kind, beganAt, overAt, told } of await takeUntold(trx, which)) {
        const began = beganAt.toISOString();
        const id = postingId(`trouble ${kind} ${began}`, overAt === null ? 'begun' : 'over');
        const body = troubleNotice({
          kind,
          beganAt: began,
          overAt: overAt?.toISOString() ?? null,
          told: told === 'begun',
        });
        await enqueuePublication(trx, {
          id,
          kind: 'trouble',
          body,
          asked: false,
          issueState: null,
          incidentId: null,
          ...at,
          delivery: null,
          repository: `${issue.owner}/${issue.name}`,
          issue: issue.number,
          createdAt: now(),
        });
        const key = keyOf({ repositoryId: at.repositoryId, issue: issue.number });
        await queue.enqueue(trx, 'publications', { id }, { key });
      }
    });
  };
}

/** The installation and the id of the repository of the operator's issue. */
async function placeOf(
  { appRequest, requestOf }: TellingDeps,
  { owner, name }: OperatorIssue,
): Promise<{ installationId: number; repositoryId: number }> {
  const of = { owner, repo: name };
  const installation = await appRequest('GET /repos/{owner}/{repo}/installation', of);
  const { id: installationId } = installationAnswer.parse(installation.data);
  const repository = await requestOf(installationId)('GET /repos/{owner}/{repo}', of);
  return { installationId, repositoryId: repositoryAnswer.parse(repository.data).id };
}
