import { z } from 'zod';
import { webhookFrame, webhookIssue, webhookTime, webhookUser } from './webhook-parts.ts';

/** The payload of the `issue_comment` webhook. */
export const issueCommentEvent = webhookFrame.extend({
  issue: webhookIssue,
  comment: z.object({
    id: z.int(),
    html_url: z.string(),
    body: z.string(),
    updated_at: webhookTime,
    user: webhookUser.nullable(),
  }),
});

export type IssueCommentEvent = z.infer<typeof issueCommentEvent>;
