import { z } from 'zod';

/**
 * What is known of an earlier incident of the repository, as far as a present one is compared with it: kept in the
 * table `history`, written by the record at its end or read from a closed issue. Rows of earlier versions are read
 * back, so what came after the first has a default.
 */

/** An error line of the incident. */
const signatureSchema = z.object({
  id: z.string().describe('The line without what varies, as `comparable` gives it: equal for the same error'),
  line: z.string().describe('The line as it was written, redacted'),
  frame: z
    .string()
    .nullable()
    .default(null)
    .describe('The innermost place of the application in its traceback, where it was recorded'),
});

export const earlierIncidentSchema = z.object({
  issue: z.int().positive(),
  title: z.string(),
  url: z.string(),
  openedAt: z.iso.datetime().describe('UTC'),
  closedAt: z.iso.datetime().nullable().describe('UTC; null while it is open'),
  labels: z.array(z.string()),
  signatures: z.array(signatureSchema),
  components: z
    .array(z.string())
    .describe('Ids of the configuration: what failed, or what the issue names as such'),
  cause: z
    .string()
    .nullable()
    .describe('Id of the cause that was recorded, or that the issue states; null for none'),
  text: z.string().describe('What its people wrote of it themselves, redacted and capped'),
  source: z.enum(['recorded', 'read']).describe('recorded: by Sitrep; read: from the issue'),
});

export type EarlierSignature = z.infer<typeof signatureSchema>;
export type EarlierIncident = z.infer<typeof earlierIncidentSchema>;
