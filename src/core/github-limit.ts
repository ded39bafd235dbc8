import { z } from 'zod';

const answer = z.object({
  status: z.int(),
  message: z.string().catch(''),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }).catch({ headers: {} }),
});

/** Where GitHub limits and does not say for how long: "at least one minute" (its documentation of secondary limits). */
const unsaidMs = 60_000;

/**
 * For how many milliseconds GitHub asks for a pause, where it refused a request because of its limits: 429, or 403 with
 * `retry-after`, with nothing left of the primary limit, or with a text that says so. Null for any other failure.
 * (docs.github.com, "Rate limits for the REST API")
 */
export function pauseAskedMs(error: unknown): number | null {
  const parsed = answer.safeParse(error);
  if (!parsed.success) return null;
  const { status, message, response } = parsed.data;
  if (status !== 403 && status !== 429) return null;
  const { headers } = response;
  const after = countOf(headers['retry-after']);
  if (after !== null) return after * 1_000;
  if (headers['x-ratelimit-remaining'] === '0') return untilReset(headers);
  return status === 429 || /rate limit/iu.test(message) ? unsaidMs : null;
}

/**
 * For how many milliseconds to leave the rest of the primary limit to what matters more: null while at least this part of
 * it, 0 to 1, remains by the headers of an answer, or where they do not tell.
 */
export function pauseToSpareMs(headers: Record<string, unknown>, part: number): number | null {
  const [remaining, limit] = [
    countOf(headers['x-ratelimit-remaining']),
    countOf(headers['x-ratelimit-limit']),
  ];
  if (remaining === null || limit === null || limit === 0 || remaining >= limit * part) return null;
  return Math.max(unsaidMs, untilReset(headers));
}

/** By GitHub's own clock, which its answers carry: ours may be wrong. */
function untilReset(headers: Record<string, unknown>): number {
  const reset = countOf(headers['x-ratelimit-reset']);
  const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN;
  if (reset === null || Number.isNaN(date)) return unsaidMs;
  return Math.max(1_000, reset * 1_000 - date);
}

function countOf(value: unknown): number | null {
  const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
