import { z } from 'zod';
import type { ProbeEndpoint } from '../../src/collectors/probe.ts';
import type { ProbeSocket } from '../../src/collectors/websocket-probe.ts';

/** Recorded answers, word for word but for secrets and names, one in a file. `sitrep collect --record` writes them. */

/** One call of an API and what came of it. */
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
        .enum(['hang', 'cut-off', 'oversized'])
        .describe('Never answered; the connection was closed or not made; larger than is read'),
    }),
  ]),
});

const failure = z.strictObject({
  failure: z.strictObject({
    reason: z.enum(['timeout', 'budget', 'unavailable', 'not-granted', 'invalid-response']),
    detail: z.string(),
  }),
});

const httpAnswer = z.strictObject({
  status: z.int(),
  latencyMs: z.number(),
  redirect: z.string().nullable(),
  addresses: z.array(z.string()),
  certificate: z.strictObject({ expiresAt: z.iso.datetime(), issuer: z.string() }).nullable(),
  contains: z.boolean().nullable(),
}) satisfies z.ZodType<Awaited<ReturnType<ProbeEndpoint>>>;

const socketAnswer = z.strictObject({
  status: z.int(),
  latencyMs: z.number(),
  message: z.strictObject({ afterMs: z.number(), matches: z.boolean() }).nullable(),
  close: z.strictObject({ code: z.int(), reason: z.string() }).nullable(),
  broken: z.string().nullable(),
  cutShort: z.boolean(),
}) satisfies z.ZodType<Awaited<ReturnType<ProbeSocket>>>;

/** One probe of an endpoint and what came of it. */
export const recordedProbeSchema = z.union([
  z.strictObject({ probe: z.literal('http'), url: z.url(), outcome: z.union([failure, httpAnswer]) }),
  z.strictObject({ probe: z.literal('websocket'), url: z.url(), outcome: z.union([failure, socketAnswer]) }),
]);

/** What a file holds. */
export const recordedSchema = z.union([recordedAnswerSchema, recordedProbeSchema]);

export type RecordedAnswer = z.infer<typeof recordedAnswerSchema>;
export type RecordedProbe = z.infer<typeof recordedProbeSchema>;
export type Recorded = z.infer<typeof recordedSchema>;
