import { z } from 'zod';
import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';

/** An issue that is opened once. */
export interface NewIssue {
  /** Hidden in its text: by it the issue is found again. */
  id: string;
  title: string;
  /** Markdown. */
  body: string;
  /** Logins; whom GitHub does not take is left out. */
  assignees: readonly string[];
}

const issueAnswer = z.object({
  number: z.int().positive(),
  body: z.string().nullish(),
  user: z.object({ type: z.string() }).nullable(),
});

/** GitHub's longest title. */
const longestTitle = 256;
const page = 100;

/** The hidden line by which an issue is found again. */
const marked = /<!-- sitrep-issue:([\da-f-]{36}) -->\s*$/u;

/**
 * Issues that were opened before with a hidden id, by an App: id → number. Of the newest 100 of the repository since a
 * time, which is enough for an attempt whose answer was lost a moment ago.
 */
export async function openedIssues(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
  since: string,
): Promise<ReadonlyMap<string, number>> {
  const { data } = await request('GET /repos/{owner}/{repo}/issues', {
    owner,
    repo: name,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    since,
    per_page: page,
  });
  return new Map(
    z
      .array(issueAnswer)
      .parse(data)
      .flatMap(({ number, body, user }) => {
        const id = user?.type === 'Bot' ? marked.exec(body ?? '')?.[1] : undefined;
        return id === undefined ? [] : [[id, number] as const];
      }),
  );
}

/**
 * Opens an issue; gives its number.
 *
 * @throws where GitHub refuses it or does not answer.
 */
export async function openIssue(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
  { id, title, body, assignees }: NewIssue,
): Promise<number> {
  const post = async (logins: readonly string[]): Promise<number> => {
    const { data } = await request('POST /repos/{owner}/{repo}/issues', {
      owner,
      repo: name,
      title: title.slice(0, longestTitle).toWellFormed(),
      body: `${body}\n\n<!-- sitrep-issue:${id} -->`,
      ...(logins.length === 0 ? {} : { assignees: logins }),
    });
    return issueAnswer.parse(data).number;
  };
  try {
    return await post(assignees);
  } catch (error) {
    // Somebody among them may not be assigned here: the text names them all the same.
    if (error instanceof RetryLater || failureStatus(error) !== 422 || assignees.length === 0) throw error;
    return await post([]);
  }
}
