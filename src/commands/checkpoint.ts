import type { Checkpoint } from '../core/checkpoints.ts';
import { composeStatus, type CheckpointReached } from '../core/compose.ts';
import { composeUnchanged } from '../core/compose/unchanged.ts';
import type { Update } from '../core/update.ts';
import type { CommandDeps } from './deps.ts';
import { issueInvocation, type RecordedIssue } from './issue-invocation.ts';
import { postingId } from './posting-id.ts';
import { look, readBeforehand, type Looked, type Made } from './look.ts';
import { statusInput } from './looked-facts.ts';
import { lackOf, obstacleTo } from './unasked.ts';

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
  const obstacle = await obstacleTo(deps, invocation);
  if (obstacle !== null) return { posted: false, reason: obstacle };
  const read = await readBeforehand(deps, invocation, due.environment ?? undefined);
  const lack = lackOf(read);
  if (lack !== null) return { posted: false, reason: lack };
  const { state } = read.recollection;
  // It was taken before somebody ended the incident.
  if (!state.watched) return { posted: false, reason: 'the incident is over' };
  const { kind, dueAt, missed } = due;
  const checkpoint = { kind, dueAt, missed, snoozedUntil: state.snoozedUntil };
  const purpose = {
    id,
    checkpoint,
    make: (looked: Looked): Made => ({
      said: [{ id, ...promised(looked, deps.version, checkpoint), asked: false }],
      events: [{ kind: 'updated', update: 'checkpoint', posting: id }],
    }),
  };
  await look(deps, invocation, purpose, read);
  return { posted: true };
}

/** What a checkpoint posts: a full update led by what changed; a few lines where nothing material has. */
export function promised(
  looked: Looked,
  version: string,
  checkpoint: CheckpointReached,
): { update: Update; kind: string } {
  const input = { ...statusInput(looked, version), checkpoint };
  const unchanged = composeUnchanged(input);
  return unchanged === null
    ? { update: composeStatus(input), kind: 'checkpoint' }
    : { update: unchanged, kind: 'checkpoint-unchanged' };
}
