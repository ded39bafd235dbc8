import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import { findPosted, type Claim } from './comment.ts';

/**
 * Removes doubles of a posting that had to be looked for: the lowest comment stays. Gives how many were removed. That
 * there are any means that GitHub's list lagged behind for longer than the read-back waited.
 */
export async function removeDoubles(
  request: GitHubRequest,
  posting: Pick<Claim, 'id' | 'owner' | 'repo' | 'issue' | 'firstAttemptAt'> & { appId: number },
): Promise<number> {
  const [, ...doubles] = await findPosted(request, posting);
  for (const { id } of doubles) {
    try {
      await request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        owner: posting.owner,
        repo: posting.repo,
        comment_id: id,
      });
    } catch (error) {
      // Somebody else was faster.
      if (failureStatus(error) !== 404) throw error;
    }
  }
  return doubles.length;
}
