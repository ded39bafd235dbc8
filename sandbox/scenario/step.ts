import { z } from 'zod';

const issueNumber = z.int().positive();

const ticking = z.strictObject({
  by: z.string(),
  issue: issueNumber,
  action: z
    .union([z.string().min(1), z.int().positive()])
    .describe('What stands beside the box, whole or in part; or its place, from 1'),
});

/** The script of `--once`, step by step; a step ends when the app has come to rest. */
export const step = z.union([
  z.strictObject({
    comment: z.strictObject({ by: z.string(), issue: issueNumber, body: z.string() }),
  }),
  z.strictObject({
    label: z.strictObject({
      by: z.string(),
      issue: issueNumber,
      add: z.string().optional(),
      remove: z.string().optional(),
    }),
  }),
  z.strictObject({
    open: z
      .strictObject({
        by: z.string(),
        title: z.string().min(1),
        body: z.string().default(''),
        labels: z.array(z.string()).default([]),
      })
      .describe('A new issue, under the next number'),
  }),
  z.strictObject({
    close: z.strictObject({
      by: z.string(),
      issue: issueNumber,
      reason: z.enum(['completed', 'not_planned']).default('completed'),
    }),
  }),
  z.strictObject({ reopen: z.strictObject({ by: z.string(), issue: issueNumber }) }),
  z.strictObject({
    tick: ticking.describe(
      'Ticks a box of Sitrep’s pinned comment; where none is, of its last one with boxes',
    ),
  }),
  z.strictObject({ untick: ticking }),
  z.strictObject({ advance: z.string().regex(/^\d+(s|m|h)$/) }).describe('Moves the clock'),
]);

/** A step as it was read. */
export type ScenarioStep = z.infer<typeof step>;
