import type { WrittenInvocation } from '../core/invocation.ts';
import type { CommandDeps } from './deps.ts';

/** A person edited a comment of ours. Only the living comment has boxes to take over; without one nothing follows. */
export function ticked(deps: CommandDeps, { comment, actor, issue }: WrittenInvocation): Promise<void> {
  deps.log.info({ comment: comment.id, actor, issue: issue.number }, 'a comment of ours was edited');
  return Promise.resolve();
}
