import { z } from 'zod';

/**
 * A recorded answer: one call of an API and what came of it, word for word but for secrets and names. A file holds one.
 * `sitrep collect --record` writes them.
 */
export const recordedAnswerSchema = z.strictObject({
  request: z.strictObject({
    host: z.string().nullable().describe('Host of the API; null where a stand-in was asked'),
    method: z.string(),
    path: z.string().describe('Decoded'),
    query: z.array(z.tuple([z.string(), z.string()])),
    body: z.unknown().describe('JSON where it is that, else the text; null for none'),
  }),
  answer: z.union([
    z.strictObject({
      status: z.int().min(100).max(599),
      headers: z.record(z.string(), z.string()).default({}),
      json: z.unknown(),
    }),
    z.strictObject({
      status: z.int().min(100).max(599),
      headers: z.record(z.string(), z.string()).default({}),
      text: z.string().describe('An answer that is no JSON, as a proxy gives it'),
    }),
    z.strictObject({
      none: z
        .enum(['hang', 'cut-off', 'oversized', 'no-token'])
        .describe(
          'Never answered; the connection was closed or not made; larger than is read; not asked, for want of a token',
        ),
    }),
  ]),
});

export type RecordedAnswer = z.infer<typeof recordedAnswerSchema>;
