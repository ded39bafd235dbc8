import { z } from 'zod';

const user = z.object({ login: z.string(), type: z.string() });

/**
 * The payload of the `issue_comment` webhook as far as Sitrep reads it (docs.github.com, "Webhook events and
 * payloads"). Everything else is dropped on parsing, so this is also what is stored of a delivery.
 */
export const issueCommentEvent = z.object({
  action: z.string(),
  installation: z.object({ id: z.int() }),
  repository: z.object({
    id: z.int(),
    name: z.string(),
    full_name: z.string(),
    private: z.boolean(),
    owner: z.object({ login: z.string() }),
  }),
  issue: z.object({
    number: z.int(),
    title: z.string(),
    html_url: z.string(),
    state: z.string(),
    created_at: z.string(),
    comments: z.int(),
    labels: z.array(z.object({ name: z.string() })),
    pull_request: z.unknown().optional(),
  }),
  comment: z.object({
    id: z.int(),
    html_url: z.string(),
    body: z.string(),
    updated_at: z.string(),
    user: user.nullable(),
  }),
  sender: user,
  /** Not GitHub's: when the delivery was received, by the clock of the process that stored it. */
  received_at: z.string().optional(),
});

export type IssueCommentEvent = z.infer<typeof issueCommentEvent>;
