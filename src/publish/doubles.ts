import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import { findPosted, type Claim, type PostedComment } from './comment.ts';

/**
 * Removes doubles of a posting that had to be looked for: the lowest comment stays. Tells of each that is removed, also of
 * one that somebody else removed meanwhile. That there are any means that GitHub's list lagged behind for longer than the
 * read-back waited.
 */
export async function removeDoubles(
  request: GitHubRequest,
  posting: Pick<Claim, 'id' | 'owner' | 'repo' | 'issue' | 'firstAttemptAt'> & { appId: number },
  removed: (comment: PostedComment) => Promise<void>,
): Promise<void> {
  const [, ...doubles] = await findPosted(request, posting);
  for (const double of doubles) {
    try {
      await request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        owner: posting.owner,
        repo: posting.repo,
        comment_id: double.id,
      });
    } catch (error) {
      // Somebody else was faster.
      if (failureStatus(error) !== 404) throw error;
    }
    await removed(double);
  }
}
