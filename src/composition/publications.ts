import type { GitHubRequest } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';
import { PostingRefused, publishComment, type Outbox } from '../publish/comment.ts';
import { bringIssue } from '../publish/issue-state.ts';
import { pinComment } from '../publish/edit-comment.ts';
import { keepLabels } from '../publish/labels.ts';
import { react } from '../publish/reactions.ts';
import type { Queue } from '../queue/port.ts';
import { owedAcknowledgements, settleAcknowledgement } from '../store/acknowledgements.ts';
import { boardOfPosting, endBoard, noteBoardPinned } from '../store/boards.ts';
import { cancelPendingCheckpoint } from '../store/checkpoints.ts';
import { findIncidentById } from '../store/incidents.ts';
import { keptLabels, noteLabel } from '../store/labels.ts';
import type { Store } from '../store/open.ts';
import {
  abandonPublication,
  findPublication,
  noteIssueState,
  type Publication,
} from '../store/publications.ts';
import { inSpan } from '../tracing.ts';
import type { PublicationWorkerDeps } from '../worker/publications.ts';
import type { InstallationRequest } from './installations.ts';
import { keyOf } from './issue-key.ts';
import { foldOutdated } from './outdated.ts';

/** A second look for doubles comes when GitHub's list has certainly caught up. */
const doublesAfterMs = 60_000;

/** What GitHub has not let us post for so long is given up: nobody waits for it any more. */
const patienceMs = 24 * 3_600_000;

export interface PublishingDeps {
  store: Store;
  queue: Queue;
  outbox: Outbox;
  requestOf: InstallationRequest;
  appId: number;
  /** Pause between the two looks that prove that a comment was not posted. */
  settleMs: number;
  now: () => Date;
  /** Hears how a posting ended that was not over before; nobody does where it is missing. */
  watch?: ((outcome: 'posted' | 'found' | 'refused') => void) | undefined;
  log: { warn(fields: object, message: string): void };
}

/** How the worker carries out stored publications. */
export function storedPublications(deps: PublishingDeps): PublicationWorkerDeps {
  const { store, now, log } = deps;
  // A job that another process was given by mistake can come back to this one while it still runs.
  const underWay = new Set<string>();

  async function post(id: string): Promise<'out' | 'refused'> {
    const publication = await findPublication(store.db, id);
    if (publication === null || publication.state === 'failed') return 'refused';
    if (publication.state === 'sent') return 'out';
    if (underWay.has(id)) throw new RetryLater('this process is posting it', 1_000);
    underWay.add(id);
    try {
      return await inSpan('publish', {}, () => postOnce(deps, publication));
    } finally {
      underWay.delete(id);
    }
  }

  return {
    post,
    owed: (id) => owedAcknowledgements(store.db, id),
    async react(id, { commentId, content }) {
      const publication = await findPublication(store.db, id);
      if (publication === null) return;
      await react(deps.requestOf(publication.installationId), repositoryOf(publication), commentId, content);
    },
    settled: (id, owed) => settleAcknowledgement(store.db, id, owed, now()),
    keepLabels: (of) => keepLabelsOf(deps, of),
    async bringIssue(id) {
      const publication = await findPublication(store.db, id);
      const wanted = publication?.issueState ?? null;
      if (publication === null || wanted === null || publication.issueStateAt !== null) return;
      const place = { repository: repositoryOf(publication), issue: publication.issue };
      const came = await bringIssue(deps.requestOf(publication.installationId), place, wanted);
      await noteIssueState(store.db, publication, { at: now(), found: came === 'found' });
    },
    tidy: (id) => tidy(deps, id),
    log,
  };
}

async function tidy({ store, queue, requestOf, now, log }: PublishingDeps, id: string): Promise<void> {
  const publication = await findPublication(store.db, id);
  if (publication === null || publication.commentId === null) return;
  const request = requestOf(publication.installationId);
  if (publication.kind !== 'living') return await foldOutdated({ store, request, now, log }, publication);
  const board = await boardOfPosting(store.db, id);
  if (board === null || board.pinned) return;
  // What was recorded while it was being posted is written now.
  await store.db
    .transaction()
    .execute((trx) => queue.enqueue(trx, 'boards', { incident: board.incidentId }, { key: keyOf(board) }));
  await pinComment(request, { repository: repositoryOf(publication), commentId: publication.commentId });
  await noteBoardPinned(store.db, board.incidentId, now());
}

async function keepLabelsOf(
  { store: { db }, requestOf, now, log }: PublishingDeps,
  of: { posting: string } | { incident: string },
): Promise<void> {
  const about =
    'incident' in of ? await findIncidentById(db, of.incident) : await findPublication(db, of.posting);
  const incidentId = about !== null && 'incidentId' in about ? about.incidentId : (about?.id ?? null);
  if (about === null || incidentId === null) return;
  // They follow the update before it.
  if ('kind' in about && about.kind === 'living') return;
  const { repository, issue, installationId } = about;
  await keepLabels(
    requestOf(installationId),
    { repository: repositoryOf(about), issue },
    {
      kept: () => keptLabels(db, incidentId),
      note: (name, state) => noteLabel(db, incidentId, name, { state, at: now() }),
      refused: (name, reason) =>
        log.warn({ repository, issue, label: name, reason }, 'a label was not taken'),
    },
  );
}

async function postOnce(
  { store, queue, outbox, requestOf, appId, settleMs, now, watch, log }: PublishingDeps,
  { id, incidentId, installationId, repository, issue, createdAt }: Publication,
): Promise<'out' | 'refused'> {
  const request: GitHubRequest = requestOf(installationId);
  try {
    const posted = await publishComment(request, outbox, id, { settleMs, appId });
    if (posted !== 'before') watch?.(posted);
    if (posted !== 'found') return 'out';
    const startAfter = new Date(now().getTime() + doublesAfterMs);
    await store.db
      .transaction()
      .execute((trx) => queue.enqueue(trx, 'sweep', { kind: 'doubles', id }, { startAfter }));
    return 'out';
  } catch (error) {
    const about = { repository, issue, posting: id };
    if (error instanceof RetryLater && now().getTime() - createdAt.getTime() > patienceMs) {
      log.warn({ err: error, ...about }, 'not posted within a day; given up');
      await abandonPublication(store.db, id, error.message);
      watch?.('refused');
      return 'refused';
    }
    if (!(error instanceof PostingRefused)) throw error;
    watch?.('refused');
    log.warn({ err: error, ...about }, 'GitHub takes no comment there; given up');
    if (incidentId !== null) {
      // Without comments there is nothing to look for by itself; the next update that somebody asks for begins it anew.
      await endBoard(store.db, incidentId);
      if (await cancelPendingCheckpoint(store.db, incidentId))
        log.warn({ ...about, reason: error.message }, `no more checkpoints there: ${error.message}`);
    }
    return 'refused';
  }
}

/** Owner and name of a publication's repository. */
export function repositoryOf({ repository }: Pick<Publication, 'repository'>): {
  owner: string;
  name: string;
} {
  const [owner = '', name = ''] = repository.split('/');
  return { owner, name };
}
