import { z } from 'zod';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import type { Invocation } from '../core/invocation.ts';

/** An issue as the record knows it, and the id of the call that concerns it. */
export interface RecordedIssue {
  /** The same each time the call is tried again. */
  id: string;
  installationId: number;
  repositoryId: number;
  /** owner/name, which may have changed since. */
  repository: string;
  issue: number;
}

/** Why nothing can be posted to an issue. */
export interface Unreachable {
  reason: string;
}

const repositoryAnswer = z.object({
  id: z.int(),
  name: z.string(),
  private: z.boolean(),
  owner: z.object({ login: z.string() }),
});

const issueAnswer = z.object({
  number: z.int(),
  title: z.string(),
  html_url: z.string(),
  repository_url: z.string(),
  state: z.string(),
  created_at: z.string(),
  comments: z.int(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string() })])),
});

/**
 * The call of a command that nobody wrote: made of the issue and its repository as GitHub has them now. A repository
 * that was renamed is followed.
 *
 * @throws where GitHub does not answer.
 */
export async function issueInvocation(
  request: GitHubRequest,
  recorded: RecordedIssue,
): Promise<Invocation | Unreachable> {
  const [owner = '', repo = ''] = recorded.repository.split('/');
  const answers = await Promise.allSettled([
    request('GET /repos/{owner}/{repo}', { owner, repo }),
    request('GET /repos/{owner}/{repo}/issues/{issue_number}', { owner, repo, issue_number: recorded.issue }),
  ]);
  const [first, second] = answers;
  if (first.status === 'rejected') return unreachable(first.reason);
  if (second.status === 'rejected') return unreachable(second.reason);
  const repository = repositoryAnswer.parse(first.value.data);
  if (repository.id !== recorded.repositoryId)
    return { reason: `${recorded.repository} is another repository now` };
  const issue = issueAnswer.parse(second.value.data);
  const place = `/repos/${repository.owner.login}/${repository.name}`;
  if (issue.number !== recorded.issue || !isAt(issue.repository_url, place))
    return { reason: 'the issue was transferred to another repository' };
  return {
    id: recorded.id,
    installationId: recorded.installationId,
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      private: repository.private,
      asked: true,
    },
    issue: {
      number: issue.number,
      title: issue.title,
      url: issue.html_url,
      labels: issue.labels.map((label) => (typeof label === 'string' ? label : label.name)),
      openedAt: new Date(issue.created_at).toISOString(),
      comments: issue.comments,
      closed: issue.state === 'closed',
    },
    actor: 'sitrep',
    receivedAt: null,
    comment: null,
  };
}

function isAt(url: string, path: string): boolean {
  return url.toLowerCase().endsWith(path.toLowerCase());
}

/** A failure that no further try can change: gone, or the App is. Another one is thrown on. */
function unreachable(error: unknown): Unreachable {
  const status = failureStatus(error);
  if (status === 404 || status === 410)
    return {
      reason: `GitHub answered ${String(status)}: the issue, its repository or the installation is gone`,
    };
  if (status === 403 && error instanceof Error && /suspended/iu.test(error.message))
    return { reason: 'the installation is suspended' };
  throw error;
}
