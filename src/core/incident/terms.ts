import { z } from 'zod';

/** How grave an incident is; P0 is the gravest. */
export const severity = z.enum(['P0', 'P1', 'P2', 'P3']);

/** How far people are with it. */
export const stage = z.enum(['investigating', 'identified', 'mitigating', 'monitoring', 'resolved']);

/** What a person says of the whys. */
export const whySchema = z
  .object({
    act: z.enum(['add', 'accept', 'refute']),
    cause: z.string().optional().describe('Id of a cause; missing for an addition'),
    component: z.string().optional().describe('Where; missing for all components that may have the cause'),
    reason: z.string().describe('Redacted; for an addition what was found'),
  })
  .describe('What the person says of the whys');

export type Severity = z.infer<typeof severity>;
export type Stage = z.infer<typeof stage>;
export type WhyStatement = z.infer<typeof whySchema>;
