import { collect, type CollectDeps, type CollectWatch } from '../collectors/collect.ts';
import type { Transaction } from 'kysely';
import type { CommandDeps, Entry, Outcome, Posting } from '../commands/deps.ts';
import { grantsFor } from '../config/policy.ts';
import type { Policy } from '../config/policy.schema.ts';
import type { EtagCache } from '../config/remote.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { CriterionResult } from '../core/criteria/types.ts';
import type { Disclosure } from '../core/disclosure.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { InstalledRepository } from '../core/installed-repository.ts';
import { installedOf, type Invocation } from '../core/invocation.ts';
import { mergedLabels } from '../core/kept-labels.ts';
import { RetryLater } from '../core/retry-later.ts';
import { tellsReadings } from '../core/redacted/shown.ts';
import type { SamplesTaken } from '../core/samples.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Update } from '../core/update.ts';
import type { Queue } from '../queue/port.ts';
import { oweAcknowledgement } from '../store/acknowledgements.ts';
import { endBoard, findBoard, hasBoard, keepBoard, wakeBoard } from '../store/boards.ts';
import { cancelPendingCheckpoint, planCheckpoints, type CheckpointClock } from '../store/checkpoints.ts';
import { keepStandings } from '../store/criteria.ts';
import { recordAudit } from '../store/audit.ts';
import { appendEvents } from '../store/events.ts';
import { elsewhere, isRemembered } from '../store/forget.ts';
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
import { inSpan } from '../tracing.ts';
import { version } from '../version.ts';
import { auditOfCall, auditOfUngranted, deliveryOf } from './audit.ts';
import { disclosureOf } from './disclosure.ts';
import { forgetIn } from './forgetting.ts';
import { keyOf } from './issue-key.ts';
import { withinNoise } from './noise.ts';
import { keepNews } from './notifications.ts';
import { keepFound, layOut } from './own-templates.ts';
import { publicUpdate } from './public-update.ts';
import { recallEvidence, recallIncident } from './recall.ts';
import { earlierSamples, recentSamples } from './recent-samples.ts';
import type { Refusals } from './refusals.ts';
import type { Visibility } from './visibility.ts';

/** What is the same for all installations. */
export interface Shared {
  store: Store;
  queue: Queue;
  policy: Policy | null;
  /** The configurations that were read last of a repository. */
  configurationsOf: (repository: InstalledRepository) => EtagCache;
  /** Run templates of repositories. */
  templates: TemplateThreads;
  reading: Omit<CollectDeps, 'grants' | 'now' | 'redact'>;
  /** Looks on at each collection: a whole one, or the light set of a sample. */
  watchReads: (light: boolean) => CollectWatch;
  redact: (text: string) => Promise<string>;
  /** Tells the operator what was not granted. */
  refusals: Refusals;
  visibility: Visibility;
  now: () => Date;
  checkpointClock: CheckpointClock;
  log: CommandDeps['log'];
}

/**
 * The commands' needs, wired for one installation's client. What one call may show is asked for once, however often it
 * matters.
 */
export function commandDeps(shared: Shared, request: GitHubRequest): CommandDeps {
  const { store, queue, policy, redact, now, visibility } = shared;
  const grants = ({ repository }: Pick<Invocation, 'repository'>) =>
    grantsFor(policy, `${repository.owner}/${repository.name}`);
  const told = new WeakMap<Invocation, Promise<Disclosure | null>>();
  const disclosure: CommandDeps['disclosure'] = (invocation, github) => {
    const known = told.get(invocation) ?? disclosureOf({ policy, request, visibility }, invocation, github);
    told.set(invocation, known);
    return known;
  };
  const laidOut = async (invocation: Invocation, posting: Posting, snapshot?: Snapshot): Promise<LaidOut> => {
    const { update, ...rest } = posting;
    return { ...rest, body: await layOutFor(invocation, update, { snapshot }) };
  };
  const layOutFor = async (
    invocation: Invocation,
    update: Update,
    { limit, snapshot }: { limit?: number | undefined; snapshot?: Snapshot | undefined } = {},
  ): Promise<string> => {
    const place = placeOf(invocation);
    // A private repository is asked for again only where what was read would be shown.
    const isOpen = !invocation.repository.private || tellsReadings(update);
    const level = isOpen ? await disclosure(invocation) : 'full';
    const shown =
      level === 'full'
        ? update
        : await publicUpdate(shared, { ...place, issue: invocation.issue }, update, snapshot);
    return await layOut(shared, place, shown, limit);
  };
  return {
    request,
    configurations: (invocation) => shared.configurationsOf(installedOf(invocation)),
    redact,
    now,
    version,
    log: shared.log,
    collect: async (invocation, asked) => {
      const snapshot = await inSpan('collect', {}, () =>
        collect(
          { ...asked, ...shared.watchReads(false) },
          { ...shared.reading, grants: grants(invocation), now, redact },
        ),
      );
      shared.refusals.note(placeOf(invocation).repository, snapshot, 'look');
      return snapshot;
    },
    teams: (invocation, role) => grants(invocation).teams(role),
    commentsPerHour: (invocation) => commentsPerHour(policy, invocation),
    disclosure,
    notified: (invocation) =>
      Object.fromEntries(
        Object.entries(grants(invocation).notify).map(([contact, ways]) => [
          contact,
          [...new Set(ways.map(({ kind }) => (kind === 'slack' ? 'Slack' : 'webhook')))],
        ]),
      ),
    recall: (invocation) => recallIncident(store, invocation),
    livingComment: async (invocation) => {
      const incident = await findIncident(store.db, installedOf(invocation), invocation.issue.number);
      const board = incident === null ? null : await findBoard(store.db, incident.id);
      if (board === null || board.posting === null || board.posting.commentId === null) return null;
      return { commentId: board.posting.commentId, posting: board.posting.id, body: board.body };
    },
    evidence: (invocation, id) => recallEvidence(store, invocation, id),
    earlier: (invocation) => earlierIncidents(store.db, installedOf(invocation)),
    telling: async (invocation) => {
      const incident = await findIncident(store.db, installedOf(invocation), invocation.issue.number);
      return incident === null ? null : await tellingSnapshot(store.db, incident.id);
    },
    samples: (invocation, configuration) => samplesOf(shared, invocation, configuration),
    audit: (invocation, act) =>
      inMemory(shared, invocation, (trx) => recordAudit(trx, auditOfCall(invocation, act, now()))),
    keepRole: (invocation, role) => keepRole(store.db, holderOf(invocation), role, now()),
    roleSeenSince: (invocation, since) => roleSeenSince(store.db, holderOf(invocation), since),
    published: async (id) => (await findPublication(store.db, id)) !== null,
    keepTemplates: (invocation, found) => keepFound(shared, placeOf(invocation), found),
    render: (invocation, update, limit) => layOutFor(invocation, update, { limit }),
    publish: async (invocation, posting) => {
      const laid = await laidOut(invocation, posting);
      await inMemory(shared, invocation, async (trx) => {
        if (await storedPosting(shared, trx, invocation, laid, null))
          await enqueueJob(queue, trx, invocation, { id: posting.id });
      });
    },
    record: async (invocation, { postings, ...entry }) => {
      // Before the transaction: a template may take its time, which nobody else is to wait for.
      const seen = entry.update?.snapshot;
      const laid = await Promise.all(postings.map((posting) => laidOut(invocation, posting, seen)));
      await inOrder(shared, invocation, (trx) =>
        recordEntry(shared, trx, invocation, { ...entry, postings: laid }),
      );
    },
    follow: (invocation, id, outcome) =>
      inMemory(shared, invocation, async (trx) => {
        await oweReaction(trx, invocation, { id, outcome });
        await enqueueJob(queue, trx, invocation, { id });
      }),
  };
}

function holderOf(invocation: Invocation): RoleHolder {
  return { ...installedOf(invocation), login: invocation.actor };
}

/** A posting as it is stored. */
type LaidOut = Omit<Posting, 'update'> & { body: string };

function placeOf(invocation: Invocation) {
  const { owner, name } = invocation.repository;
  return { ...installedOf(invocation), repository: `${owner}/${name}` };
}

/** Stores a posting with the reaction that follows it; false where it is stored already. */
async function storedPosting(
  { now }: Shared,
  trx: Transaction<Database>,
  invocation: Invocation,
  posting: LaidOut,
  incidentId: string | null,
): Promise<boolean> {
  const { installationId, repository, issue } = invocation;
  const stored = await enqueuePublication(trx, {
    id: posting.id,
    kind: posting.kind,
    body: posting.body,
    asked: posting.asked ?? true,
    issueState: posting.issueState ?? null,
    incidentId,
    installationId,
    repositoryId: repository.id,
    delivery: deliveryOf(invocation),
    repository: `${repository.owner}/${repository.name}`,
    issue: issue.number,
    createdAt: now(),
  });
  if (stored === 'duplicate') return false;
  await oweReaction(trx, invocation, posting);
  if (posting.outcome === 'refused' || posting.outcome === 'confused') {
    const [said = ''] = posting.body.split('\n', 1);
    const detail = { ...posting.refused, outcome: posting.outcome, said };
    await recordAudit(trx, auditOfCall(invocation, { what: 'refused', detail }, now()));
  }
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
  for (const other of await elsewhere(trx, installedOf(invocation)))
    await forgetIn(trx, queue, other, { delivery: null, at: now() });
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
  const state = await appendEvents(trx, incidentId, events, now(), deliveryOf(invocation));
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
    await recordAudit(trx, ...auditOfUngranted(invocation, snapshot, now()));
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
  if (earlier !== undefined) await keepEarlier(trx, installedOf(invocation), earlier, now());
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
  const isToDo = await wantLabels(trx, incidentId, mergedLabels(labels), deliveryOf(invocation));
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
  invocation: Invocation,
  configuration: Configuration,
): Promise<SamplesTaken> {
  const { number } = invocation.issue;
  const incident = await findIncident(shared.store.db, installedOf(invocation), number);
  if (incident === null) return { recent: [], earlier: [] };
  const recent = await recentSamples(shared, incident.id, configuration);
  return { recent, earlier: await earlierSamples(shared, incident, configuration, recent) };
}

/** Records in one transaction what belongs to a call; nothing where its installation, or its repository in it, is gone. */
async function inMemory(
  { store, log }: Pick<Shared, 'store' | 'log'>,
  invocation: Invocation,
  record: (trx: Transaction<Database>) => Promise<void>,
): Promise<void> {
  const { id, installationId, receivedAt } = invocation;
  await store.db.transaction().execute(async (trx) => {
    const at = receivedAt === null ? null : new Date(receivedAt);
    if (await isRemembered(trx, installedOf(invocation), at)) return await record(trx);
    log.info(
      { call: id, installation: installationId },
      'its repository is no longer there for the App: dropped',
    );
  });
}

/** Another update of the incident, a checkpoint say, may have given out the same evidence numbers: this one reads anew. */
const anewMs = 1_000;

async function inOrder(
  shared: Shared,
  invocation: Invocation,
  record: (trx: Transaction<Database>) => Promise<void>,
): Promise<void> {
  try {
    await inMemory(shared, invocation, record);
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
