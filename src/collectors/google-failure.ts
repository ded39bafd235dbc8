import { z } from 'zod';
import { ReadFailure } from './read-failure.ts';

const detail = z.object({
  '@type': z.string().optional(),
  reason: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

/** Google's error body; `errors` is the older form, which Cloud SQL still answers with. */
const googleError = z.object({
  error: z.object({
    code: z.number().optional(),
    status: z.string().optional(),
    message: z.string().default(''),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    details: z.array(detail.catch({})).optional(),
  }),
});

type GoogleError = z.infer<typeof googleError>['error'];

/** The error body of Prometheus' API, which Cloud Monitoring answers to a query with (prometheus.io, HTTP API). */
const prometheusError = z
  .object({ status: z.literal('error'), errorType: z.string().default(''), error: z.string() })
  .transform(({ errorType, error }): GoogleError => ({ message: `${errorType}: ${error}` }));

const disabledReasons = new Set(['SERVICE_DISABLED', 'accessNotConfigured']);
const quotaReasons = new Set([
  'RATE_LIMIT_EXCEEDED',
  'RESOURCE_QUOTA_EXCEEDED',
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
]);

/** Longest part of a foreign message that is kept. */
const detailLength = 600;

/**
 * Why an API did not give what was asked, from its HTTP status and Google's error body. A 404 or 403 that is not
 * Google's error (a proxy's page) says nothing of the resource: then the API is unavailable.
 */
export function failureFromAnswer(status: number, body: string): ReadFailure {
  const error = parseGoogleError(body);
  const message = `${status}: ${(error?.message || firstLine(body)).slice(0, detailLength)}`;
  const reasons = error ? reasonsOf(error) : [];
  const service = error?.details?.find((part) => part.metadata?.['service'])?.metadata?.['service'];
  if (status === 401) return new ReadFailure('no-credentials', message);
  if (status === 429 || reasons.some((reason) => quotaReasons.has(reason))) {
    return new ReadFailure('quota', message);
  }
  if (reasons.some((reason) => disabledReasons.has(reason))) {
    return new ReadFailure('api-disabled', message, { service: service ?? null });
  }
  if (error && status === 403) return new ReadFailure('denied', message);
  if (error && status === 404) return new ReadFailure('not-found', message);
  if (status === 400) return new ReadFailure('invalid-response', message, error ? { status } : {});
  return new ReadFailure('unavailable', message);
}

/** Why no answer came at all: a refused connection, an unknown host, a broken one. */
export function failureFromTransport(error: unknown): ReadFailure {
  if (error instanceof ReadFailure) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  const text = code !== '' && !message.includes(code) ? `${code}: ${message}` : message;
  return new ReadFailure('unavailable', `no answer: ${text}`, { cause: error });
}

function parseGoogleError(body: string): GoogleError | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = googleError.safeParse(json);
  return parsed.success ? parsed.data.error : (prometheusError.safeParse(json).data ?? null);
}

function reasonsOf(error: GoogleError): string[] {
  return [...(error.details ?? []), ...(error.errors ?? [])].flatMap((part) => part.reason ?? []);
}

function firstLine(body: string): string {
  const line = body.split('\n').find((text) => text.trim() !== '');
  return line === undefined ? 'an empty answer' : `not an answer of the API: ${line.trim().slice(0, 200)}`;
}
