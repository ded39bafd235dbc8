import { z } from 'zod';
import { webhookFrame, webhookIssue, webhookTime } from './webhook-parts.ts';

/** The actions of the `issues` webhook that concern an incident. */
export const issueActions = [
  'opened',
  'labeled',
  'unlabeled',
  'closed',
  'reopened',
  'unlocked',
  'transferred',
  'deleted',
] as const;

export type IssueAction = (typeof issueActions)[number];

/** The payload of the `issues` webhook. */
export const issueEvent = webhookFrame.extend({
  issue: webhookIssue.extend({ id: z.int(), updated_at: webhookTime }),
  /** Of all webhooks these and those of comments alone have an issue; a comment tells them apart (GitHub's description, 2026). */
  comment: z.undefined().optional(),
  /** The label that was set or taken away. */
  label: z.object({ name: z.string() }).optional(),
});

export type IssueEvent = z.infer<typeof issueEvent>;

/** Whether an action of the `issues` webhook has an effect. */
export function isIssueAction(action: string): action is IssueAction {
  return issueActions.some((known) => known === action);
}
