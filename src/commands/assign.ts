import { z } from 'zod';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';

const answer = z.object({ assignees: z.array(z.object({ login: z.string() })).nullish() });

/** GitHub will not take this assignee, however often it is asked. */
const refused: ReadonlySet<number | null | undefined> = new Set([403, 404, 410, 422]);

/**
 * Assigns a person to the issue; false where GitHub does not: it answers 201 and leaves out whom it cannot assign, for
 * example who has no access.
 *
 * @throws where GitHub does not answer.
 */
export async function assign(
  request: GitHubRequest,
  { repository, issue }: Pick<Invocation, 'repository' | 'issue'>,
  login: string,
): Promise<boolean> {
  try {
    const { data } = await request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
      owner: repository.owner,
      repo: repository.name,
      issue_number: issue.number,
      assignees: [login],
    });
    const { assignees } = answer.parse(data);
    return (assignees ?? []).some((one) => one.login.toLowerCase() === login.toLowerCase());
  } catch (error) {
    if (refused.has(failureStatus(error))) return false;
    throw error;
  }
}
