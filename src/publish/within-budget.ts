import { pauseAskedMs } from '../core/github-limit.ts';
import type { GitHubRequest } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';

/** The budget of writes that one installation has at GitHub, in all replicas together. */
export interface WriteBudget {
  /** Takes one write: 0, or the milliseconds after which to ask again. A courtesy leaves the last ones to comments. */
  take(courtesy: boolean): Promise<number>;
  /** GitHub asked for a pause. */
  pause(milliseconds: number): Promise<void>;
}

/**
 * The client of an installation that keeps to its budget: a write that does not fit is not sent, and a request that GitHub
 * limits pauses the installation.
 *
 * @throws RetryLater in both cases; it was certainly not carried out.
 */
export function withinBudget(request: GitHubRequest, budget: WriteBudget): GitHubRequest {
  return async (route, parameters) => {
    if (isWrite(route, parameters)) {
      const waitMs = await budget.take(isCourtesy(route));
      if (waitMs > 0) throw new RetryLater('the budget of writes at GitHub is used up', waitMs);
    }
    try {
      return await request(route, parameters);
    } catch (error) {
      const pauseMs = pauseAskedMs(error);
      if (pauseMs === null) throw error;
      await budget.pause(pauseMs);
      throw new RetryLater('GitHub limits this installation', pauseMs, { cause: error });
    }
  };
}

/** Queries of GraphQL are posted too, and change nothing. */
function isWrite(route: string, { query }: Record<string, unknown>): boolean {
  if (route === 'POST /graphql') return typeof query === 'string' && /^\s*mutation\b/u.test(query);
  return !/^(?:GET|HEAD) /u.test(route);
}

/** Reactions and labels wait for comments, not the other way round. */
function isCourtesy(route: string): boolean {
  return /\/(?:reactions|labels)(?:\/|$)/u.test(route);
}
