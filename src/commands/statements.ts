import { z } from 'zod';
import type { GitHubAnswers } from '../collectors/github-answers.ts';

import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import { RetryLater } from '../core/retry-later.ts';
import type { Statement } from '../core/snapshot.ts';
import { isPosting } from '../core/posting-marker.ts';

const comments = z.array(
  z.object({
    html_url: z.string(),
    created_at: z.string(),
    body: z.string().nullish(),
    user: z.object({ login: z.string(), type: z.string() }).nullable(),
  }),
);

const pageSize = 100;
/** Characters kept of a comment: what diagnosis reads of one. */
const longest = 16_000;
/** Clocks differ: what was written a little before the last reading is asked for again. */
const skewMs = 2 * 60_000;

/** A comment, whichever way it was read. */
interface Comment {
  url: string;
  createdAt: string;
  body: string;
  by: string;
}

/** The ways to the comments. */
interface Ways {
  request: GitHubRequest;
  redact: (text: string) => Promise<string>;
  /** One answer for all that an update asks of GitHub; the comments are asked for by themselves where it fails. */
  github: GitHubAnswers;
}

/**
 * What people said on the issue, without bots' words and without updates that a person posted by the command line:
 * what was read for the update before, and the comments that were written or changed since then; for a first update the
 * newest ones (at most 100). A statement is never turned into an observation; it is only shown, and compared with what
 * was measured.
 */
export async function readStatements(
  { request, redact, github }: Ways,
  repository: RepositoryName,
  issue: { number: number; comments: number },
  before: { at: string; statements: Statement[] } | null = null,
): Promise<Statement[]> {
  const since = before === null ? null : new Date(Date.parse(before.at) - skewMs).toISOString();
  const people =
    (await commentsOfAnswer(github, since)) ??
    (await commentsByThemselves(request, repository, issue, since));
  const read = await Promise.all(
    people.map(async ({ by, createdAt, url, body }) => ({
      by,
      at: new Date(createdAt).toISOString(),
      url,
      text: (await redact(body)).slice(0, longest),
    })),
  );
  const again = new Set(read.map(({ url }) => url));
  return [...(before?.statements ?? []).filter(({ url }) => !again.has(url)), ...read].slice(-pageSize);
}

const thread = z.object({
  issue: z.object({
    comments: z.object({
      pageInfo: z.object({ hasNextPage: z.boolean() }),
      nodes: z.array(
        z.object({
          url: z.string(),
          createdAt: z.string(),
          updatedAt: z.string(),
          body: z.string(),
          author: z.object({ type: z.string(), login: z.string() }).nullable(),
        }),
      ),
    }),
  }),
});

/**
 * The comments in the one answer, oldest first; null where they are not all in it.
 *
 * @throws where GitHub asks for a pause: then nothing else is to be asked.
 */
async function commentsOfAnswer(github: GitHubAnswers, since: string | null): Promise<Comment[] | null> {
  const read = await issueOfAnswer(github);
  if (read === null) return null;
  const { nodes, pageInfo } = read.comments;
  // Changed since, or the first time around: those that changed last come first.
  const isNew = ({ updatedAt }: { updatedAt: string }) => since === null || updatedAt >= since.slice(0, 19);
  if (pageInfo.hasNextPage && nodes.every(isNew)) return null;
  return nodes
    .filter(isNew)
    .toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
    .flatMap(({ url, createdAt, body, author }) =>
      author === null || author.type === 'Bot' || isPosting(body)
        ? []
        : [{ url, createdAt, body, by: author.login }],
    );
}

async function issueOfAnswer(github: GitHubAnswers) {
  try {
    const parsed = thread.safeParse((await github.answer()).part('talked'));
    return parsed.success ? parsed.data.issue : null;
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    return null;
  }
}

async function commentsByThemselves(
  request: GitHubRequest,
  repository: RepositoryName,
  issue: { number: number; comments: number },
  since: string | null,
): Promise<Comment[]> {
  const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    owner: repository.owner,
    repo: repository.name,
    issue_number: issue.number,
    per_page: pageSize,
    ...(since === null ? { page: Math.max(1, Math.ceil(issue.comments / pageSize)) } : { since }),
  });
  return comments
    .parse(data)
    .flatMap(({ html_url: url, created_at: createdAt, body, user }) =>
      user === null || user.type === 'Bot' || isPosting(body ?? '')
        ? []
        : [{ url, createdAt, body: body ?? '', by: user.login }],
    );
}
