import { z } from 'zod';
import { pauseAskedMs } from '../core/github-limit.ts';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';
import { postingMarker } from '../core/posting-marker.ts';
import { RetryLater } from '../core/retry-later.ts';

/** A posting that this process has claimed, for one attempt. */
export interface Claim {
  id: string;
  owner: string;
  repo: string;
  issue: number;
  body: string;
  /** Tells this attempt from a later one; a late answer of an earlier attempt changes nothing. */
  fence: number;
  firstAttemptAt: Date;
  /** An earlier attempt may have been posted. */
  readBack: boolean;
}

/** Where postings are kept between the decision to post and the comment. */
export interface Outbox {
  /**
   * `sent` where the posting is out, `failed` where it was given up, `none` where there is no such posting; while another
   * attempt has time left, the milliseconds of it.
   */
  claim(id: string): Promise<Claim | 'sent' | 'failed' | 'none' | { busyMs: number }>;
  sent(claim: Claim, comment: { id: number; url: string }): Promise<void>;
  /** Given up for good. */
  failed(claim: Claim, reason: string): Promise<void>;
  /** Given back, to be tried again. `certain`: nothing was posted. */
  released(claim: Claim, reason: string, certain: boolean): Promise<void>;
  /** The comment was looked for in vain; gives the milliseconds since that happened first. */
  unseen(claim: Claim): Promise<number>;
}

/** GitHub refused the posting for good: the issue is gone or locked, or the App may no longer write there. */
export class PostingRefused extends Error {
  override name = 'PostingRefused';
}

/** How a posting ended: it was posted, had been before, or was found on the issue after an attempt that broke off. */
export type Posted = 'posted' | 'before' | 'found';

const comment = z.object({
  id: z.int(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ type: z.string() }).nullable(),
  performed_via_github_app: z.object({ id: z.int() }).nullish(),
});

/**
 * Posts one stored posting as a comment, exactly once as far as readers see. GitHub has no idempotency key: where an
 * earlier attempt may have been posted, its hidden marker is looked for among the issue's comments. The list lags behind,
 * so only two looks in vain, `settleMs` apart, prove that it was not.
 *
 * @throws RetryLater, and GitHub's failures where a later try may succeed; PostingRefused where none will.
 */
export async function publishComment(
  request: GitHubRequest,
  outbox: Outbox,
  id: string,
  { settleMs, appId }: { settleMs: number; appId: number },
): Promise<Posted> {
  const claim = await outbox.claim(id);
  if (claim === 'sent') return 'before';
  if (claim === 'failed' || claim === 'none') throw new PostingRefused(`posting ${id} was given up before`);
  if ('busyMs' in claim) throw new RetryLater('another attempt has time left', claim.busyMs + 1);
  let looking = true;
  try {
    const earlier = claim.readBack ? await lookedFor(request, outbox, { ...claim, appId }, settleMs) : null;
    looking = false;
    await outbox.sent(claim, earlier ?? (await postComment(request, claim)));
    return earlier === null ? 'posted' : 'found';
  } catch (error) {
    const reason = reasonOf(error);
    if (isFinal(error)) {
      await outbox.failed(claim, reason);
      throw new PostingRefused(`posting ${id}: ${reason}`, { cause: error });
    }
    await outbox.released(claim, reason, looking || wasNotDone(error));
    throw error;
  }
}

/** The comment of an earlier attempt, or null where it is certain that there is none. */
async function lookedFor(
  request: GitHubRequest,
  outbox: Outbox,
  claim: Claim & { appId: number },
  settleMs: number,
): Promise<{ id: number; url: string } | null> {
  const [found] = await findPosted(request, claim);
  if (found !== undefined) return found;
  const left = settleMs - (await outbox.unseen(claim));
  if (left > 0) throw new RetryLater('whether the comment is out will show later', left + 1);
  return null;
}

/** Posts a comment with its hidden marker, once; a connection that breaks leaves open whether it is there. */
export async function postComment(
  request: GitHubRequest,
  posting: Pick<Claim, 'id' | 'owner' | 'repo' | 'issue' | 'body'>,
): Promise<{ id: number; url: string }> {
  const { data } = await request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    owner: posting.owner,
    repo: posting.repo,
    issue_number: posting.issue,
    body: `${posting.body}\n\n${postingMarker(posting.id)}`,
  });
  const posted = comment.parse(data);
  return { id: posted.id, url: posted.html_url };
}

function reasonOf(error: unknown): string {
  if (error instanceof RetryLater) return error.message;
  const status = failureStatus(error);
  return status === null ? 'no answer from GitHub' : `GitHub answered ${String(status)}`;
}

/** GitHub's answers that no further try can change: gone, locked away, or refused as it is. */
function isFinal(error: unknown): boolean {
  const status = failureStatus(error);
  return status !== null && [403, 404, 410, 422].includes(status) && pauseAskedMs(error) === null;
}

/** A request that GitHub refused, or that was never sent; after a server's failure or a broken connection nobody knows. */
function wasNotDone(error: unknown): boolean {
  if (error instanceof RetryLater) return true;
  const status = failureStatus(error);
  return status !== null && status >= 400 && status < 500;
}

const pageSize = 100;
/** Clocks differ, ours from GitHub's by an hour at the worst: comments are asked for from well before the attempt. */
const skewMs = 2 * 3_600_000;

/** The comments of the App that carry a posting's marker, since its first attempt, the lowest first. */
export async function findPosted(
  request: GitHubRequest,
  posting: Pick<Claim, 'id' | 'owner' | 'repo' | 'issue' | 'firstAttemptAt'> & { appId: number },
): Promise<{ id: number; url: string }[]> {
  const since = new Date(posting.firstAttemptAt.getTime() - skewMs).toISOString();
  const found: { id: number; url: string }[] = [];
  for (let page = 1; ; page++) {
    const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner: posting.owner,
      repo: posting.repo,
      issue_number: posting.issue,
      since,
      per_page: pageSize,
      page,
    });
    const comments = z.array(comment).parse(data);
    for (const { id, html_url: url, user, body, performed_via_github_app: app } of comments) {
      // Anybody can copy the marker, and nobody else write as this App.
      const ours = user?.type === 'Bot' && (app?.id ?? posting.appId) === posting.appId;
      if (ours && (body ?? '').includes(postingMarker(posting.id))) found.push({ id, url });
    }
    if (comments.length < pageSize) return found.toSorted((a, b) => a.id - b.id);
  }
}
