import { collect, type CollectDeps, type CollectWatch } from '../collectors/collect.ts';
import type { Transaction } from 'kysely';
import type { CommandDeps, Entry, Outcome, Posting } from '../commands/deps.ts';
import { grantsFor, type Policy } from '../config/policy.ts';
import type { EtagCache } from '../config/remote.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { CriterionResult } from '../core/criteria/types.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import { mergedLabels } from '../core/kept-labels.ts';
import { RetryLater } from '../core/retry-later.ts';
import type { SamplesTaken } from '../core/samples.ts';
import type { Queue } from '../queue/port.ts';
import { oweAcknowledgement } from '../store/acknowledgements.ts';
import { endBoard, findBoard, hasBoard, keepBoard, wakeBoard } from '../store/boards.ts';
import { cancelPendingCheckpoint, planCheckpoints, type CheckpointClock } from '../store/checkpoints.ts';
import { keepStandings } from '../store/criteria.ts';
import { appendEvents } from '../store/events.ts';
import { earlierIncidents, ensureHistory, keepEarlier } from '../store/history.ts';
import { findIncident, keepEnvironment, openIncident } from '../store/incidents.ts';
import { leaveLabel, wantLabels } from '../store/labels.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { enqueuePublication, findPublication } from '../store/publications.ts';
import { keepRole, roleSeenSince, type RoleHolder } from '../store/roles.ts';
import { beginSampling, endSampling } from '../store/samples.ts';
import { deleteUnposted, EvidenceTakenError, saveSnapshot } from '../store/snapshots.ts';
import { tellingSnapshot } from '../store/telling-snapshot.ts';
import type { TemplateThreads } from '../templates/own/threads.ts';
import { version } from '../version.ts';
import { keyOf } from './issue-key.ts';
import { withinNoise } from './noise.ts';
import { keepNews } from './notifications.ts';
import { keepFound, layOut } from './own-templates.ts';
import { recallEvidence, recallIncident } from './recall.ts';
import { earlierSamples, recentSamples } from './recent-samples.ts';
import type { Refusals } from './refusals.ts';

/** What is the same for all installations. */
export interface Shared {
  store: Store;
  queue: Queue;
  policy: Policy | null;
  configurations: EtagCache;
  /** Run templates of repositories. */
  templates: TemplateThreads;
  reading: Omit<CollectDeps, 'grants' | 'now' | 'redact'>;
  /** Looks on at each collection: a whole one, or the light set of a sample. */
  watchReads: (light: boolean) => CollectWatch;
  redact: (text: string) => Promise<string>;
  /** Tells the operator what was not granted. */
  refusals: Refusals;
  now: () => Date;
  checkpointClock: CheckpointClock;
  log: CommandDeps['log'];
}

/** The commands' needs, wired for one installation's client. */
export function commandDeps(shared: Shared, request: GitHubRequest): CommandDeps {
  const { store, queue, policy, redact, now } = shared;
  const grants = ({ repository }: Invocation) => grantsFor(policy, `${repository.owner}/${repository.name}`);
  return {
    request,
    configurations: shared.configurations,
    redact,
    now,
    version,
    log: shared.log,
    collect: async (invocation, asked) => {
      const snapshot = await collect(
        { ...asked, ...shared.watchReads(false) },
        { ...shared.reading, grants: grants(invocation), now, redact },
      );
      shared.refusals.note(placeOf(invocation).repository, snapshot, 'look');
      return snapshot;
    },
    commentsPerHour: (invocation) => commentsPerHour(policy, invocation),
    mayShowAll: (invocation) => invocation.repository.private || grants(invocation).public === 'full',
    notified: (invocation) =>
      Object.fromEntries(
        Object.entries(grants(invocation).notify).map(([contact, ways]) => [
          contact,
          [...new Set(ways.map(({ kind }) => (kind === 'slack' ? 'Slack' : 'webhook')))],
        ]),
      ),
    recall: (invocation) => recallIncident(store, invocation),
    livingComment: async (invocation) => {
      const incident = await findIncident(store.db, invocation.repository.id, invocation.issue.number);
      const board = incident === null ? null : await findBoard(store.db, incident.id);
      if (board === null || board.posting === null || board.posting.commentId === null) return null;
      return { commentId: board.posting.commentId, posting: board.posting.id, body: board.body };
    },
    evidence: (invocation, id) => recallEvidence(store, invocation, id),
    earlier: ({ repository }) => earlierIncidents(store.db, repository.id),
    telling: async ({ repository, issue }) => {
      const incident = await findIncident(store.db, repository.id, issue.number);
      return incident === null ? null : await tellingSnapshot(store.db, incident.id);
    },
    samples: (invocation, configuration) => samplesOf(shared, invocation, configuration),
    keepRole: (invocation, role) => keepRole(store.db, holderOf(invocation), role, now()),
    roleSeenSince: (invocation, since) => roleSeenSince(store.db, holderOf(invocation), since),
    published: async (id) => (await findPublication(store.db, id)) !== null,
    keepTemplates: (invocation, found) => keepFound(shared, placeOf(invocation), found),
    render: (invocation, update, limit) => layOut(shared, placeOf(invocation), update, limit),
    publish: async (invocation, posting) => {
      const laid = await laidOut(shared, invocation, posting);
      await store.db.transaction().execute(async (trx) => {
        if (await storedPosting(shared, trx, invocation, laid, null))
          await enqueueJob(queue, trx, invocation, { id: posting.id });
      });
    },
    record: async (invocation, { postings, ...entry }) => {
      // Before the transaction: a template may take its time, which nobody else is to wait for.
      const laid = await Promise.all(postings.map((posting) => laidOut(shared, invocation, posting)));
      await inOrder(store, (trx) => recordEntry(shared, trx, invocation, { ...entry, postings: laid }));
    },
    follow: (invocation, id, outcome) =>
      store.db.transaction().execute(async (trx) => {
        await oweReaction(trx, invocation, { id, outcome });
        await enqueueJob(queue, trx, invocation, { id });
      }),
  };
}

function holderOf({ repository, actor }: Invocation): RoleHolder {
  return { repositoryId: repository.id, login: actor };
}

/** A posting as it is stored. */
type LaidOut = Omit<Posting, 'update'> & { body: string };

async function laidOut(shared: Shared, invocation: Invocation, posting: Posting): Promise<LaidOut> {
  const { update, ...rest } = posting;
  return { ...rest, body: await layOut(shared, placeOf(invocation), update) };
}

function placeOf({ repository: { id, owner, name } }: Invocation) {
  return { repositoryId: id, repository: `${owner}/${name}` };
}

/** Stores a posting with the reaction that follows it; false where it is stored already. */
async function storedPosting(
  { now }: Shared,
  trx: Transaction<Database>,
  { installationId, repository, issue, comment }: Invocation,
  posting: LaidOut,
  incidentId: string | null,
): Promise<boolean> {
  const stored = await enqueuePublication(trx, {
    id: posting.id,
    kind: posting.kind,
    body: posting.body,
    asked: posting.asked ?? true,
    issueState: posting.issueState ?? null,
    incidentId,
    installationId,
    repository: `${repository.owner}/${repository.name}`,
    issue: issue.number,
    createdAt: now(),
  });
  if (stored === 'duplicate') return false;
  await oweReaction(trx, { comment }, posting);
  return true;
}

function commentsPerHour(policy: Policy | null, { repository }: Invocation): number {
  return grantsFor(policy, `${repository.owner}/${repository.name}`).commentsPerHour;
}

async function recordEntry(
  shared: Shared,
  trx: Transaction<Database>,
  invocation: Invocation,
  {
    title,
    postings: decided,
    events: happened,
    update,
    checkpoints,
    boardAt,
    labels = [],
    leftLabel = null,
    earlier,
  }: Omit<Entry, 'postings'> & { postings: readonly LaidOut[] },
): Promise<void> {
  const { queue, now, checkpointClock } = shared;
  const { installationId, repository, issue } = invocation;
  const { id: incidentId } = await openIncident(trx, {
    installationId,
    repositoryId: repository.id,
    repository: `${repository.owner}/${repository.name}`,
    issue: issue.number,
    title,
    severity: null,
    declaredAt: new Date(issue.openedAt),
  });
  const { postings, events } = await withinNoise(
    { now, commentsPerHour: commentsPerHour(shared.policy, invocation) },
    trx,
    incidentId,
    { postings: decided, events: happened },
  );
  const call = update === undefined ? postings[0]?.id : update.shownBy;
  for (const posting of postings) {
    const isNew = await storedPosting(shared, trx, invocation, posting, incidentId);
    if (!isNew && posting.id === call) return;
  }
  const state = await appendEvents(trx, incidentId, events, now());
  const ids = postings.map(({ id }) => id);
  await keepNews(shared, trx, invocation, { incidentId, title, events, state, postings: ids });
  if (update !== undefined) {
    const { snapshot, diagnosis, criteria, environment, shownBy } = update;
    await keepEnvironment(trx, incidentId, environment);
    const saved = await saveSnapshot(
      trx,
      incidentId,
      snapshot,
      diagnosis,
      ids.find((id) => id === shownBy) ?? null,
    );
    await deleteUnposted(trx, incidentId, saved);
    await keepStandings(trx, incidentId, {
      told: resultsOf(criteria),
      at: new Date(snapshot.takenAt),
      by: 'look',
    });
  }
  if (state.declared !== null && update !== undefined)
    await ensureHistory(
      trx,
      { repositoryId: repository.id, installationId, repository: `${repository.owner}/${repository.name}` },
      checkpointClock,
    );
  if (earlier !== undefined) await keepEarlier(trx, repository.id, earlier, now());
  const issueState = postings.findLast((posting) => posting.issueState !== undefined)?.issueState;
  const isClosed = issueState === undefined ? issue.closed : issueState === 'closed';
  if (state.watched) {
    if (checkpoints !== undefined) {
      const takenAt = update === undefined ? now() : new Date(update.snapshot.takenAt);
      await planCheckpoints(trx, incidentId, { checkpoints: [...checkpoints], takenAt }, checkpointClock);
    }
    if (!isClosed) await beginSampling(trx, incidentId, now(), checkpointClock);
    if (boardAt !== undefined)
      await keepBoard(
        trx,
        incidentId,
        boardAt === null || isClosed ? null : new Date(boardAt),
        checkpointClock,
      );
    else if (!isClosed) await wakeBoard(trx, incidentId, checkpointClock);
  } else if (state.declared !== null) {
    await cancelPendingCheckpoint(trx, incidentId);
    // After a resolution samples go on, to tell when the failure comes back.
    if (events.some(({ body }) => body.kind === 'resolved'))
      await beginSampling(trx, incidentId, now(), checkpointClock);
    else if (state.resolution === null) await endSampling(trx, incidentId);
    await endBoard(trx, incidentId);
  }
  const isToDo = await wantLabels(trx, incidentId, mergedLabels(labels));
  if (leftLabel !== null) await leaveLabel(trx, incidentId, leftLabel);
  for (const { id } of postings) await enqueueJob(queue, trx, invocation, { id });
  // Labels follow the comment where there is one.
  if (isToDo && postings.length === 0) await enqueueJob(queue, trx, invocation, { labels: incidentId });
  if (await hasBoard(trx, incidentId))
    await queue.enqueue(trx, 'boards', { incident: incidentId }, { key: keyOfIssue(invocation) });
}

function resultsOf({
  success,
  escalation,
}: NonNullable<Entry['update']>['criteria']): readonly CriterionResult[] {
  const ofKind = (kind: CriterionResult['kind'], readings: typeof success) =>
    readings.map(({ id, result }) => ({ kind, id, result }));
  return [...ofKind('success', success), ...ofKind('escalation', escalation)];
}

async function samplesOf(
  shared: Shared,
  { repository, issue }: Invocation,
  configuration: Configuration,
): Promise<SamplesTaken> {
  const incident = await findIncident(shared.store.db, repository.id, issue.number);
  if (incident === null) return { recent: [], earlier: [] };
  const recent = await recentSamples(shared, incident.id, configuration);
  return { recent, earlier: await earlierSamples(shared, incident, configuration, recent) };
}

/** Another update of the incident, a checkpoint say, may have given out the same evidence numbers: this one reads anew. */
const anewMs = 1_000;

async function inOrder(store: Store, record: (trx: Transaction<Database>) => Promise<void>): Promise<void> {
  try {
    await store.db.transaction().execute(record);
  } catch (error) {
    if (!(error instanceof EvidenceTakenError)) throw error;
    throw new RetryLater('another update of the incident was recorded meanwhile', anewMs, { cause: error });
  }
}

const reactionTo: Record<Outcome, string> = { done: 'rocket', confused: 'confused', refused: '-1' };

/** What nobody wrote, a checkpoint, has no comment to react to. */
async function oweReaction(
  trx: Transaction<Database>,
  { comment }: Pick<Invocation, 'comment'>,
  { id, outcome }: Pick<Posting, 'id' | 'outcome'>,
): Promise<void> {
  if (comment !== null && outcome !== null)
    await oweAcknowledgement(trx, id, { commentId: comment.id, content: reactionTo[outcome] });
}

/** What is posted on one issue is posted in the order in which it was decided. */
async function enqueueJob(
  queue: Queue,
  trx: Transaction<Database>,
  invocation: Invocation,
  what: { id: string } | { labels: string },
): Promise<void> {
  await queue.enqueue(trx, 'publications', what, { key: keyOfIssue(invocation) });
}

function keyOfIssue({ repository, issue }: Invocation): string {
  return keyOf({ repositoryId: repository.id, issue: issue.number });
}
