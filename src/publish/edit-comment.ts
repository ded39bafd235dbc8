import { z } from 'zod';
import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';
import { postingMarker } from '../core/posting-marker.ts';
import { RetryLater } from '../core/retry-later.ts';

/** A comment of ours that is written anew. */
export interface OwnComment {
  repository: RepositoryName;
  commentId: number;
  /** Id of its posting, whose hidden marker it carries. */
  posting: string;
}

const answer = z.object({ body: z.string().nullish() });

/** The text of a comment without its hidden marker, people's edits included; null where it was deleted. */
export async function readOwnComment(
  request: GitHubRequest,
  { repository, commentId, posting }: OwnComment,
): Promise<string | null> {
  const data = await unlessGone(
    request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', place(repository, commentId)),
  );
  if (data === null) return null;
  const lines = (answer.parse(data).body ?? '').replaceAll('\r\n', '\n').split('\n');
  return lines
    .filter((line) => line.trim() !== postingMarker(posting))
    .join('\n')
    .trimEnd();
}

/** Writes a comment anew, which notifies nobody. False where it was deleted. */
export async function editOwnComment(
  request: GitHubRequest,
  { repository, commentId, posting }: OwnComment,
  text: string,
): Promise<boolean> {
  const data = await unlessGone(
    request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      ...place(repository, commentId),
      body: `${text.trimEnd()}\n\n${postingMarker(posting)}`,
    }),
  );
  return data !== null;
}

/** Pins a comment to the top of its issue; pinning it twice changes nothing. */
export async function pinComment(
  request: GitHubRequest,
  { repository, commentId }: Pick<OwnComment, 'repository' | 'commentId'>,
): Promise<void> {
  await request('PUT /repos/{owner}/{repo}/issues/comments/{comment_id}/pin', place(repository, commentId));
}

function place({ owner, name }: RepositoryName, commentId: number) {
  return { owner, repo: name, comment_id: commentId };
}

/** What GitHub answered; null where it says that the comment is gone. */
async function unlessGone(request: Promise<{ data: unknown }>): Promise<unknown> {
  try {
    return (await request).data;
  } catch (error) {
    const status = failureStatus(error);
    if (!(error instanceof RetryLater) && (status === 404 || status === 410)) return null;
    throw error;
  }
}
