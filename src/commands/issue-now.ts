import { z } from 'zod';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import type { IssueChange } from '../core/invocation.ts';

const issueAnswer = z.object({
  number: z.int(),
  title: z.string(),
  url: z.string(),
  state: z.string(),
  updated_at: z.string(),
  comments: z.int(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string() })])),
});

/**
 * The change with its issue as GitHub has it now: webhooks come late and in any order, and what counts is how things
 * are. Where GitHub's answer is older than the webhook, from a replica that lags behind, the webhook is believed. Null
 * where the issue is not there any more.
 *
 * @throws where GitHub does not answer.
 */
export async function issueNow(request: GitHubRequest, change: IssueChange): Promise<IssueChange | null> {
  const { repository, issue } = change;
  try {
    const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
      owner: repository.owner,
      repo: repository.name,
      issue_number: issue.number,
    });
    const found = issueAnswer.parse(data);
    // GitHub leads from a transferred issue to where it is now.
    if (found.number !== issue.number || !found.url.endsWith(`/${repository.name}/issues/${issue.number}`))
      return null;
    if (Date.parse(found.updated_at) < Date.parse(change.changedAt)) return change;
    return {
      ...change,
      issue: {
        ...issue,
        title: found.title,
        labels: found.labels.map((label) => (typeof label === 'string' ? label : label.name)),
        comments: found.comments,
        closed: found.state === 'closed',
      },
    };
  } catch (error) {
    const status = failureStatus(error);
    if (status === 404 || status === 410) return null;
    throw error;
  }
}
