import { z } from 'zod';
import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';

const answer = z.object({ assignees: z.array(z.object({ login: z.string() })).nullish() });

/**
 * Assigns people to an issue; who is assigned already stays so. GitHub passes silently over those without a role in the
 * repository, which its answer shows. Where it takes nobody (404, 422: too many) all count as passed over.
 *
 * @throws where a later try may succeed.
 */
export async function assignPeople(
  request: GitHubRequest,
  { repository, issue }: { repository: RepositoryName; issue: number },
  logins: readonly string[],
): Promise<{ assigned: string[]; passedOver: string[] }> {
  if (logins.length === 0) return { assigned: [], passedOver: [] };
  try {
    const { data } = await request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
      owner: repository.owner,
      repo: repository.name,
      issue_number: issue,
      assignees: [...logins],
    });
    const now = new Set((answer.parse(data).assignees ?? []).map(({ login }) => login.toLowerCase()));
    const isAssigned = (login: string): boolean => now.has(login.toLowerCase());
    return {
      assigned: logins.filter(isAssigned),
      passedOver: logins.filter((login) => !isAssigned(login)),
    };
  } catch (error) {
    const status = failureStatus(error);
    if (status !== 403 && status !== 404 && status !== 410 && status !== 422) throw error;
    return { assigned: [], passedOver: [...logins] };
  }
}
