import type { GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';
import { assignPeople } from '../publish/assignees.ts';

/**
 * Assigns a person to the issue; false where GitHub does not, for example who has no access.
 *
 * @throws where GitHub does not answer.
 */
export async function assign(
  request: GitHubRequest,
  { repository, issue }: Pick<Invocation, 'repository' | 'issue'>,
  login: string,
): Promise<boolean> {
  const { assigned } = await assignPeople(request, { repository, issue: issue.number }, [login]);
  return assigned.length > 0;
}
