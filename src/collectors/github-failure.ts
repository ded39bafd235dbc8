import { z } from 'zod';
import { pauseAskedMs } from '../core/github-limit.ts';
import { failureStatus } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';
import { ReadFailure } from './read-failure.ts';

/** An error beside the data of a GraphQL answer (docs.github.com, "Forming calls with GraphQL"). */
export const graphqlError = z.object({
  type: z.string().optional().catch(undefined),
  path: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .catch(undefined),
  message: z.string().catch('an error without a message'),
});
export type GraphqlError = z.infer<typeof graphqlError>;

/** Longest part of a foreign message that is kept. */
const detailLength = 600;

const reasons: Readonly<Record<string, ReadFailure['reason']>> = {
  FORBIDDEN: 'denied',
  INSUFFICIENT_SCOPES: 'denied',
  NOT_FOUND: 'not-found',
  RATE_LIMITED: 'quota',
};

/** Why a part of an answer is missing. */
export function failureFromError({ type, message }: GraphqlError): ReadFailure {
  return new ReadFailure(reasons[type ?? ''] ?? 'unavailable', message.slice(0, detailLength));
}

/** Why GitHub did not answer a request. */
export function failureFromGitHub(error: unknown): ReadFailure {
  if (error instanceof ReadFailure) return error;
  const message = (error instanceof Error ? error.message : String(error)).slice(0, detailLength);
  if (error instanceof RetryLater || pauseAskedMs(error) !== null)
    return new ReadFailure('quota', message, { cause: error });
  const status = failureStatus(error);
  if (status === 401) return new ReadFailure('no-credentials', message, { cause: error });
  if (status === 403) return new ReadFailure('denied', message, { cause: error });
  if (status === 404) return new ReadFailure('not-found', message, { cause: error });
  return new ReadFailure('unavailable', message, { cause: error });
}
