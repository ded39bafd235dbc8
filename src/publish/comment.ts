import { z } from 'zod';
import { failureStatus, type GitHubRequest } from '../core/github-request.ts';

/** A posting that this process has claimed, for one attempt. */
export interface Claim {
  id: string;
  owner: string;
  repo: string;
  issue: number;
  body: string;
  /** 1 at the first attempt. */
  attempt: number;
  /** Tells this attempt from a later one; a late answer of an earlier attempt changes nothing. */
  fence: number;
  firstAttemptAt: Date;
}

/** Where postings are kept between the decision to post and the comment. */
export interface Outbox {
  /** `sent` where the posting is out, `failed` where it was given up, `busy` while another attempt has time left. */
  claim(id: string): Promise<Claim | 'sent' | 'failed' | 'busy'>;
  sent(claim: Claim, comment: { id: number; url: string }): Promise<void>;
  /** Given up for good. */
  failed(claim: Claim, reason: string): Promise<void>;
  /** Given back, to be tried again. */
  released(claim: Claim, reason: string): Promise<void>;
}

/** Another attempt is under way; this one may be tried again later. */
export class PostingBusy extends Error {
  override name = 'PostingBusy';
}

/** GitHub refused the posting for good: the issue is gone or locked, or the App may no longer write there. */
export class PostingRefused extends Error {
  override name = 'PostingRefused';
}

const comment = z.object({
  id: z.int(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ type: z.string() }).nullable(),
});

/** The hidden line by which a posting is found again on the issue. */
function marker(id: string): string {
  return `<!-- sitrep:${id} -->`;
}

/** Whether a comment's text is a posting of ours, whoever's token it was posted with. */
export function isPosting(body: string): boolean {
  return /<!-- sitrep:[\da-f-]{36} -->\s*$/u.test(body);
}

/**
 * Posts one stored posting as a comment, exactly once as far as readers see: GitHub has no idempotency key, so
 * an attempt after the first looks for the hidden marker among the issue's comments before it posts.
 *
 * @throws PostingBusy and GitHub's failures where a later try may succeed, PostingRefused where none will.
 */
export async function publishComment(request: GitHubRequest, outbox: Outbox, id: string): Promise<void> {
  const claim = await outbox.claim(id);
  if (claim === 'sent') return;
  if (claim === 'failed') throw new PostingRefused(`posting ${id} was given up before`);
  if (claim === 'busy') throw new PostingBusy(`posting ${id} is under way`);
  try {
    const earlier = claim.attempt > 1 ? await findPosted(request, claim) : null;
    await outbox.sent(claim, earlier ?? (await postComment(request, claim)));
  } catch (error) {
    const reason = reasonOf(error);
    if (isFinal(error)) {
      await outbox.failed(claim, reason);
      throw new PostingRefused(`posting ${id}: ${reason}`, { cause: error });
    }
    await outbox.released(claim, reason);
    throw error;
  }
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
    body: `${posting.body}\n\n${marker(posting.id)}`,
  });
  const posted = comment.parse(data);
  return { id: posted.id, url: posted.html_url };
}

function reasonOf(error: unknown): string {
  const status = failureStatus(error);
  return status === null ? 'no answer from GitHub' : `GitHub answered ${String(status)}`;
}

/** GitHub's answers that no further try can change: gone, locked away, or refused as it is. */
function isFinal(error: unknown): boolean {
  const status = failureStatus(error);
  return status !== null && [403, 404, 410, 422].includes(status) && !mayPass(error);
}

const limited = z.object({
  response: z.object({ headers: z.looseObject({}) }),
});

/** A 403 that is a rate limit passes with time: it says so, or when to come again, or that nothing is left. */
function mayPass(error: unknown): boolean {
  if (error instanceof Error && /rate limit/iu.test(error.message)) return true;
  const parsed = limited.safeParse(error);
  if (!parsed.success) return false;
  const { headers } = parsed.data.response;
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
}

const pageSize = 100;
/** Clocks differ: an attempt's comment may be dated a little before the attempt. */
const skewMs = 2 * 60_000;

/** The lowest comment that carries the posting's marker, since the first attempt; null where there is none. */
async function findPosted(request: GitHubRequest, claim: Claim): Promise<{ id: number; url: string } | null> {
  const since = new Date(claim.firstAttemptAt.getTime() - skewMs).toISOString();
  for (let page = 1; ; page++) {
    const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner: claim.owner,
      repo: claim.repo,
      issue_number: claim.issue,
      since,
      per_page: pageSize,
      page,
    });
    const comments = z.array(comment).parse(data);
    // A person can copy the marker, but not write as a bot.
    const posted = comments.find(
      (candidate) => candidate.user?.type === 'Bot' && (candidate.body ?? '').includes(marker(claim.id)),
    );
    if (posted !== undefined) return { id: posted.id, url: posted.html_url };
    if (comments.length < pageSize) return null;
  }
}
