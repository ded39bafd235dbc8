import { z } from 'zod';

/**
 * What webhooks have in common, as far as Sitrep reads it (docs.github.com, "Webhook events and payloads"). Everything
 * else is dropped on parsing, so this is also what is stored of a delivery.
 */

export const webhookUser = z.object({ login: z.string(), type: z.string() });

/** A time as GitHub writes it, ISO 8601. */
export const webhookTime = z.iso.datetime({ offset: true });

export const webhookIssue = z.object({
  number: z.int(),
  title: z.string(),
  html_url: z.string(),
  state: z.string(),
  created_at: webhookTime,
  comments: z.int(),
  labels: z.array(z.object({ name: z.string() })),
  pull_request: z.unknown().optional(),
});

/** Where it happened, through which installation, and by whom. */
export const webhookFrame = z.object({
  action: z.string(),
  installation: z.object({ id: z.int() }),
  repository: z.object({
    id: z.int(),
    name: z.string(),
    full_name: z.string(),
    private: z.boolean(),
    /** Missing in what was stored before it was read. */
    fork: z.boolean().optional(),
    owner: z.object({ login: z.string() }),
  }),
  sender: webhookUser,
  /** Not GitHub's: when the delivery was received, by the clock of the process that stored it. */
  received_at: z.string().optional(),
});

/** A webhook about an issue. */
export type WebhookOfIssue = z.infer<typeof webhookFrame> & { issue: z.infer<typeof webhookIssue> };
