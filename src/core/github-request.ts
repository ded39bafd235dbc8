import { z } from 'zod';
import { RetryLater } from './retry-later.ts';

/**
 * The one method of a GitHub client that the edges need: a documented route with its parameters. Probot's
 * per-installation client and the command line's own both have it. Rejects with an error that carries `status`
 * where GitHub answers 304 or 400 and above.
 */
export type GitHubRequest = (
  route: string,
  parameters: Record<string, unknown>,
) => Promise<{ status: number; data: unknown; headers: Record<string, string | number | undefined> }>;

/** Names a repository in a route's parameters. */
export interface RepositoryName {
  owner: string;
  name: string;
}

const statusOf = z.object({ status: z.int() });

/** The HTTP status of a failed request; null where the failure is not an answer (connection, time-out). */
export function failureStatus(error: unknown): number | null {
  const parsed = statusOf.safeParse(error);
  return parsed.success ? parsed.data.status : null;
}

/**
 * Whether GitHub is out of order, as far as a failed request tells: 5xx; Octokit gives the status 500 to an answer that
 * never came too. A refusal is an answer, and a pause that GitHub asks for is waited for.
 */
export function isOutage(error: unknown): boolean {
  const status = failureStatus(error);
  return !(error instanceof RetryLater) && status !== null && status >= 500;
}

/**
 * The address of a request as it has to be: an enterprise server has GraphQL beside its REST API, at `/api/graphql`, and
 * clients that know REST only ask for `/api/v3/graphql` (docs.github.com, "Forming calls with GraphQL").
 */
export function githubAddress(url: string): string {
  return url.replace(/\/api\/v3\/graphql$/u, '/api/graphql');
}
