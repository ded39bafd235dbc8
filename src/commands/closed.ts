import type { Invocation } from '../core/invocation.ts';
import type { CommandDeps } from './deps.ts';

/** A person closed the issue of an incident: on record, and no checkpoint comes any more. */
export async function closedByHand(deps: CommandDeps, invocation: Invocation): Promise<void> {
  const { id, actor, receivedAt, issue } = invocation;
  const { state } = await deps.recall(invocation);
  if (state.declared === null || state.stoodDown !== null || state.issueClosed) return;
  const at = receivedAt ?? deps.now().toISOString();
  await deps.record(invocation, {
    title: await deps.redact(issue.title),
    postings: [],
    events: [{ key: `${id}:0`, at, by: actor, url: null, body: { kind: 'issue-closed' } }],
    checkpoints: [],
  });
}
