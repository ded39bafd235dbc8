import { z } from 'zod';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';

const answer = z.object({ assignees: z.array(z.object({ login: z.string() })).default([]) });

/**
 * Assigns a person to an issue; doing it twice leaves one assignment. False where GitHub passed them over, which it does
 * silently with who may not be assigned.
 *
 * @throws where GitHub refuses it or does not answer.
 */
export async function assign(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
  issue: number,
  login: string,
): Promise<boolean> {
  const { data } = await request('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', {
    owner,
    repo: name,
    issue_number: issue,
    assignees: [login],
  });
  return answer
    .parse(data)
    .assignees.some((assignee) => assignee.login.toLowerCase() === login.toLowerCase());
}
