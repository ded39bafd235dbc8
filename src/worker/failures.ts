import { failureStatus } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';

/** The error that asks for a later run, wherever it is: Probot throws what its handlers threw as one AggregateError. */
export function laterOf(error: unknown): RetryLater | null {
  if (error instanceof RetryLater) return error;
  if (error instanceof AggregateError) return firstOf(error.errors, laterOf);
  return null;
}

/**
 * Why no further try can succeed, in words; null where one may. GitHub says 404 and 410 of what is gone, 403 of what the
 * App may not do, 422 of what it takes from nobody, 451 of what the law keeps shut.
 */
export function finalReason(error: unknown): string | null {
  if (error instanceof AggregateError) return firstOf(error.errors, finalReason);
  const status = failureStatus(error);
  const reason = status === null ? undefined : reasons[status];
  if (reason === undefined) return null;
  return `GitHub answered ${String(status)}: ${reason}`;
}

const reasons: Record<number, string> = {
  403: 'the App may not do that there, or its installation is suspended',
  404: 'the issue, the repository or the installation is gone',
  410: 'the issue is deleted',
  422: 'the request is not taken as it is',
  451: 'the repository is blocked',
};

function firstOf<T>(errors: unknown[], find: (error: unknown) => T | null): T | null {
  for (const error of errors) {
    const found = find(error);
    if (found !== null) return found;
  }
  return null;
}
