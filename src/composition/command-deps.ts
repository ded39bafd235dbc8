import { collect, type CollectDeps } from '../collectors/collect.ts';
import type { Transaction } from 'kysely';
import type { CommandDeps, RecordedUpdate } from '../commands/deps.ts';
import { grantsFor, type Policy } from '../config/policy.ts';
import type { EtagCache } from '../config/remote.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import { publishComment, type Outbox } from '../publish/comment.ts';
import { planCheckpoints, type CheckpointClock, type CheckpointPlan } from '../store/checkpoints.ts';
import { openIncident } from '../store/incidents.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { enqueuePublication, findPublication } from '../store/publications.ts';
import { saveSnapshot } from '../store/snapshots.ts';
import { version } from '../version.ts';
import { recallIncident } from './recall.ts';

/** What is the same for all installations. */
export interface Shared {
  store: Store;
  outbox: Outbox;
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
  const { store, outbox, policy, redact, now } = shared;
  const grants = ({ repository }: Invocation) => grantsFor(policy, `${repository.owner}/${repository.name}`);
  return {
    request,
    configurations: shared.configurations,
    redact,
    version,
    log: shared.log,
    collect: (invocation, asked) =>
      collect(asked, { ...shared.reading, grants: grants(invocation), now, redact }),
    commentsPerHour: (invocation) => grants(invocation).commentsPerHour,
    mayShowAll: (invocation) => invocation.repository.private || grants(invocation).public === 'full',
    recall: (invocation) => recallIncident(store, invocation),
    published: async (id) => (await findPublication(store.db, id)) !== null,
    resume: (id) => publishComment(request, outbox, id),
    async publish(invocation, posting, update) {
      await store.db.transaction().execute(async (trx) => {
        const incidentId = update === undefined ? null : await openedIncident(trx, invocation, update);
        const stored = await enqueuePublication(trx, {
          ...posting,
          incidentId,
          installationId: invocation.installationId,
          repository: `${invocation.repository.owner}/${invocation.repository.name}`,
          issue: invocation.issue.number,
          createdAt: now(),
        });
        if (update === undefined || incidentId === null || stored === 'duplicate') return;
        await planCheckpoints(trx, incidentId, planIn(update), shared.checkpointClock);
        await saveSnapshot(trx, incidentId, update.snapshot, update.diagnosis, posting.id);
      });
      await publishComment(request, outbox, posting.id);
    },
  };
}

function planIn({ checkpoints, environment, snapshot }: RecordedUpdate): CheckpointPlan {
  return { checkpoints, environment, takenAt: new Date(snapshot.takenAt) };
}

/** The id of the issue's incident, which its first update opens. */
async function openedIncident(
  trx: Transaction<Database>,
  { installationId, repository, issue }: Invocation,
  { incident }: RecordedUpdate,
): Promise<string> {
  const { id } = await openIncident(trx, {
    installationId,
    repositoryId: repository.id,
    repository: incident.repository,
    issue: issue.number,
    title: incident.title,
    severity: incident.severity,
    declaredAt: new Date(incident.declaredAt),
  });
  return id;
}
