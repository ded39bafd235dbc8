import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';

/** Sets a reaction, by GitHub's name of it, on a comment; setting it twice leaves one (GitHub answers 200 instead of 201). */
export async function react(
  request: GitHubRequest,
  repository: RepositoryName,
  commentId: number,
  content: string,
): Promise<void> {
  await request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
    owner: repository.owner,
    repo: repository.name,
    comment_id: commentId,
    content,
  });
}
