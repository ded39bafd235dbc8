import { collect, type CollectDeps } from '../collectors/collect.ts';
import type { Transaction } from 'kysely';
import type { CommandDeps, Entry, Outcome, Posting } from '../commands/deps.ts';
import { grantsFor, type Policy } from '../config/policy.ts';
import type { EtagCache } from '../config/remote.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { durationOf } from '../core/figures.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import { RetryLater } from '../core/retry-later.ts';
import type { TakenSample } from '../core/samples.ts';
import type { Queue } from '../queue/port.ts';
import { oweAcknowledgement } from '../store/acknowledgements.ts';
import { planCheckpoints, type CheckpointClock } from '../store/checkpoints.ts';
import { appendEvents } from '../store/events.ts';
import { findIncident, keepEnvironment, openIncident } from '../store/incidents.ts';
import { wantLabels } from '../store/labels.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { enqueuePublication, findPublication } from '../store/publications.ts';
import { beginSampling, samplesSince } from '../store/samples.ts';
import { EvidenceTakenError, saveSnapshot } from '../store/snapshots.ts';
import { tellingSnapshot } from '../store/telling-snapshot.ts';
import { version } from '../version.ts';
import { recallIncident } from './recall.ts';
import { readsKey } from './reads-key.ts';

/** What is the same for all installations. */
export interface Shared {
  store: Store;
  queue: Queue;
  policy: Policy | null;
  configurations: EtagCache;
  reading: Omit<CollectDeps, 'grants' | 'now' | 'redact'>;
  redact: (text: string) => Promise<string>;
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
    collect: (invocation, asked) =>
      collect(asked, { ...shared.reading, grants: grants(invocation), now, redact }),
    commentsPerHour: (invocation) => grants(invocation).commentsPerHour,
    mayShowAll: (invocation) => invocation.repository.private || grants(invocation).public === 'full',
    recall: (invocation) => recallIncident(store, invocation),
    telling: async ({ repository, issue }) => {
      const incident = await findIncident(store.db, repository.id, issue.number);
      return incident === null ? null : await tellingSnapshot(store.db, incident.id);
    },
    samples: (invocation, configuration) => samplesOf(shared, invocation, configuration),
    published: async (id) => (await findPublication(store.db, id)) !== null,
    publish: (invocation, posting) =>
      store.db.transaction().execute(async (trx) => {
        if (await storedPosting(shared, trx, invocation, posting, null))
          await enqueueJob(queue, trx, invocation, posting.id);
      }),
    record: (invocation, entry) => inOrder(store, (trx) => recordEntry(shared, trx, invocation, entry)),
    follow: (invocation, id, outcome) =>
      store.db.transaction().execute(async (trx) => {
        await oweReaction(trx, invocation, { id, outcome });
        await enqueueJob(queue, trx, invocation, id);
      }),
  };
}

/** Stores a posting with the reaction that follows it; false where it is stored already. */
async function storedPosting(
  { now }: Shared,
  trx: Transaction<Database>,
  { installationId, repository, issue, comment }: Invocation,
  posting: Posting,
  incidentId: string | null,
): Promise<boolean> {
  const stored = await enqueuePublication(trx, {
    id: posting.id,
    kind: posting.kind,
    body: posting.body,
    asked: posting.asked ?? true,
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

async function recordEntry(
  shared: Shared,
  trx: Transaction<Database>,
  invocation: Invocation,
  { title, postings, events, update, checkpoints, labels = [] }: Entry,
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
  const [first, ...more] = postings;
  if (first !== undefined && !(await storedPosting(shared, trx, invocation, first, incidentId))) return;
  for (const posting of more) await storedPosting(shared, trx, invocation, posting, incidentId);
  const state = await appendEvents(trx, incidentId, events, now());
  if (update !== undefined) {
    const { snapshot, diagnosis, environment } = update;
    await keepEnvironment(trx, incidentId, environment);
    await saveSnapshot(trx, incidentId, snapshot, diagnosis, first?.id ?? null);
  }
  if (state.watched) {
    if (checkpoints !== undefined) {
      const takenAt = update === undefined ? now() : new Date(update.snapshot.takenAt);
      await planCheckpoints(trx, incidentId, { checkpoints: [...checkpoints], takenAt }, checkpointClock);
    }
    if (!issue.closed) await beginSampling(trx, incidentId, now(), checkpointClock);
  }
  await wantLabels(trx, incidentId, labels);
  for (const { id } of postings) await enqueueJob(queue, trx, invocation, id);
}

/** What is judged over time: the last hour, and longer where a criterion has to hold for longer. */
const shownMs = 3_600_000;
/** The newest of a series; of five minutes of more than two hours ago there are two at most. */
const mostSamples = 240;

async function samplesOf(
  { store, now }: Shared,
  { repository, issue }: Invocation,
  configuration: Configuration,
): Promise<TakenSample[]> {
  const incident = await findIncident(store.db, repository.id, issue.number);
  if (incident === null) return [];
  const spans = configuration.success_criteria.map((criterion) => durationOf(criterion.for ?? '') ?? 0);
  const since = new Date(now().getTime() - Math.max(shownMs, ...spans));
  return await samplesSince(store.db, incident.id, {
    reads: readsKey(configuration),
    since,
    limit: mostSamples,
  });
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
  if (comment !== null)
    await oweAcknowledgement(trx, id, { commentId: comment.id, content: reactionTo[outcome] });
}

/** What is posted on one issue is posted in the order in which it was decided. */
async function enqueueJob(
  queue: Queue,
  trx: Transaction<Database>,
  { repository, issue }: Invocation,
  id: string,
): Promise<void> {
  const key = `${String(repository.id)}#${String(issue.number)}`;
  await queue.enqueue(trx, 'publications', { id }, { key });
}
