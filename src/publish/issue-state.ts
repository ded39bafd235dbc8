import { z } from 'zod';
import type { GitHubRequest } from '../core/github-request.ts';
import type { LabelPlace } from './labels.ts';

const issueAnswer = z.object({ state: z.string() });

/**
 * Closes an issue as completed, or opens it. It is asked how it stands first: one that is so already is not touched, so
 * that a second try after an answer that was lost closes nothing twice. Tells which it was.
 *
 * @throws where a later try may succeed.
 */
export async function bringIssue(
  request: GitHubRequest,
  { repository, issue }: LabelPlace,
  wanted: 'open' | 'closed',
): Promise<'brought' | 'found'> {
  const place = { owner: repository.owner, repo: repository.name, issue_number: issue };
  const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}', place);
  if (issueAnswer.parse(data).state === wanted) return 'found';
  const reason = wanted === 'closed' ? 'completed' : 'reopened';
  await request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
    ...place,
    state: wanted,
    state_reason: reason,
  });
  return 'brought';
}
