import type { Checkpoint } from '../core/checkpoints.ts';
import type { CheckpointReached } from '../core/compose.ts';
import type { Invocation } from '../core/invocation.ts';
import type { CommandDeps } from './deps.ts';
import { issueInvocation, type RecordedIssue } from './issue-invocation.ts';
import { postingId } from './posting-id.ts';
import { look, readBeforehand, type Beforehand, type Looked, type Made } from './look.ts';
import { statusOf } from './status.ts';

/** A promised update that is due, of an incident of the record. */
export interface DueCheckpoint extends Omit<RecordedIssue, 'id'>, CheckpointReached {
  /** The environment of the updates before; null for the configuration's own. */
  environment: string | null;
}

/** How a checkpoint ended: it will be posted, or no other will be, for a reason. */
export type CheckpointEnd = { posted: true } | { posted: false; reason: string };

/** The id of a checkpoint's job and of its posting: one for each kind and incident. */
export function checkpointId(
  { repositoryId, issue }: Pick<RecordedIssue, 'repositoryId' | 'issue'>,
  { kind }: Pick<Checkpoint, 'kind'>,
): string {
  return postingId(`checkpoint ${String(repositoryId)}#${String(issue)} ${kind}`, 'checkpoint');
}

/**
 * Posts the update that was promised. It goes the way of `/status`, but for what only a person can be told: nobody
 * asked, so there is no role to look up, no reaction to set, and no refusal to post.
 *
 * @throws where GitHub or the store fails, so that the job is tried again; what is out is not posted twice.
 */
export async function postCheckpoint(deps: CommandDeps, due: DueCheckpoint): Promise<CheckpointEnd> {
  const id = checkpointId(due, due);
  return (await deps.published(id)) ? { posted: true } : await postAnew(deps, due, id);
}

async function postAnew(deps: CommandDeps, due: DueCheckpoint, id: string): Promise<CheckpointEnd> {
  const invocation = await issueInvocation(deps.request, { ...due, id });
  if ('reason' in invocation) return { posted: false, reason: invocation.reason };
  const obstacle = obstacleTo(deps, invocation);
  if (obstacle !== null) return { posted: false, reason: obstacle };
  const read = await readBeforehand(deps, invocation, due.environment ?? undefined);
  const lack = lackOf(read);
  if (lack !== null) return { posted: false, reason: lack };
  const { kind, dueAt, missed } = due;
  const checkpoint = { kind, dueAt, missed };
  const purpose = {
    id,
    checkpoint,
    make: (looked: Looked): Made => ({
      said: [{ id, update: statusOf(looked, deps.version, checkpoint), kind: 'checkpoint', asked: false }],
      events: [{ kind: 'updated', update: 'checkpoint', posting: id }],
    }),
  };
  await look(deps, invocation, purpose, read);
  return { posted: true };
}

/** Why a comment that nobody asked for may not be posted there; null where it may. */
function obstacleTo(deps: CommandDeps, invocation: Invocation): string | null {
  if (invocation.issue.closed) return 'the issue is closed';
  if (!deps.mayShowAll(invocation))
    return 'the repository is public, and the policy does not let its updates show everything';
  if (deps.commentsPerHour(invocation) === 0) return 'the policy allows no comments that nobody asked for';
  return null;
}

/** Who takes away the file, or the environment, wants no more updates; a file with errors is worth a comment. */
function lackOf({ configuration }: Beforehand): string | null {
  if (configuration.kind === 'no-environment')
    return `the configuration has no environment ${configuration.asked} any more`;
  const isGone =
    configuration.kind === 'unusable' && configuration.errors.some(({ code }) => code === 'no-file');
  return isGone ? 'the repository has no configuration any more' : null;
}
