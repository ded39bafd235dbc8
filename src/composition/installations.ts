import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import { withinBudget } from '../publish/within-budget.ts';
import { pauseWrites, takeWrite, type WriteLimits } from '../store/github-budget.ts';
import type { Store } from '../store/open.ts';

/** What is used of Probot's client for one installation. */
export interface InstallationClient {
  request: GitHubRequest;
  auth: (options: { type: 'installation'; refresh: true }) => Promise<unknown>;
}

/** The client of an installation; it asks for a token when it is first used. */
export type InstallationRequest = (installationId: number) => GitHubRequest;

/** Hears the headers of each answer that an installation gets. */
export type WatchAnswers = (
  installationId: number,
  headers: Readonly<Record<string, string | number | undefined>>,
) => void;

/**
 * Gives each installation a client of its own, within its budget of writes: one tenant's writes never queue behind
 * another's. A token that GitHub does not know any more is replaced once.
 */
export function installationRequests(
  clientOf: (installationId: number) => Promise<InstallationClient>,
  { db }: Store,
  limits: WriteLimits,
  onAnswer?: WatchAnswers,
): InstallationRequest {
  return (installationId) => {
    let client: Promise<InstallationClient> | null = null;
    let renewal: Promise<unknown> | null = null;
    const request: GitHubRequest = async (route, parameters) => {
      const { request: ask, auth } = await (client ??= clientOf(installationId));
      const send: GitHubRequest = async (...asked) => {
        const answer = await ask(...asked);
        onAnswer?.(installationId, answer.headers);
        return answer;
      };
      try {
        return await send(route, parameters);
      } catch (error) {
        // 401 is said before anything is done: trying again cannot do it twice.
        if (failureStatus(error) !== 401) throw error;
        // Requests that are refused together have it replaced together.
        await (renewal ??= auth({ type: 'installation', refresh: true }).finally(() => (renewal = null)));
        return await send(route, parameters);
      }
    };
    return withinBudget(request, {
      take: (courtesy) => takeWrite(db, installationId, limits, courtesy),
      pause: (milliseconds) => pauseWrites(db, installationId, milliseconds),
    });
  };
}
