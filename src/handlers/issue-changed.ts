import type { IssueChange } from '../core/invocation.ts';
import { isIssueAction, type IssueEvent } from '../core/issue-event.ts';
import { invocationOf } from './invocation-of.ts';

/** `issues.*` → what a person did with an issue; null for an action that has no effect. */
export function issueChanged(delivery: string, event: IssueEvent): IssueChange | null {
  const { action, issue, label } = event;
  if (!isIssueAction(action)) return null;
  return {
    ...invocationOf(delivery, event),
    action,
    label: label?.name ?? null,
    changedAt: new Date(issue.updated_at).toISOString(),
  };
}
