import type { CommandDeps } from './deps.ts';
import { issueInvocation, type RecordedIssue } from './issue-invocation.ts';
import { look, readBeforehand, type Made } from './look.ts';

/** A look that samples ask for, of an incident of the record. */
export interface DueLook extends RecordedIssue {
  /** The environment of the updates before; null for the configuration's own. */
  environment: string | null;
}

/**
 * Looks at an incident by itself, since a sample shows that an escalation rule may hold now. What is to be said of it, if
 * anything, every look says: this one posts nothing of its own.
 *
 * @throws where GitHub or the store fails, so that the job is tried again.
 */
export async function lookByItself(deps: CommandDeps, due: DueLook): Promise<void> {
  const invocation = await issueInvocation(deps.request, due);
  // What cannot be reached, or must not be shown, is said where somebody waits for it: nobody waits for this.
  if ('reason' in invocation || invocation.issue.closed || !deps.mayShowAll(invocation)) return;
  const read = await readBeforehand(deps, invocation, due.environment ?? undefined);
  if (read.configuration.kind !== 'usable' || !read.recollection.state.watched) return;
  const make = (): Made => ({ said: [], events: [] });
  await look(deps, invocation, { id: due.id, promises: 'nothing', make }, read);
}
