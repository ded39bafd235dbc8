import { z } from 'zod';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import type { Statement } from '../core/snapshot.ts';
import { isPosting } from '../publish/comment.ts';

const comments = z.array(
  z.object({
    html_url: z.string(),
    created_at: z.string(),
    body: z.string().nullish(),
    user: z.object({ login: z.string(), type: z.string() }).nullable(),
  }),
);

const pageSize = 100;
const longest = 4_000;
/** Clocks differ: what was written a little before the last reading is asked for again. */
const skewMs = 2 * 60_000;

/**
 * What people said on the issue, without bots' words and without updates that a person posted by the command line:
 * what was read for the update before, and the comments since then; for a first update the newest ones (the last page
 * of at most 100). Sitrep's own updates are long: asking for the new comments only keeps the answer short. A statement
 * is never turned into an observation; it is only shown, and compared with what was measured.
 */
export async function readStatements(
  request: GitHubRequest,
  repository: RepositoryName,
  issue: { number: number; comments: number },
  redact: (text: string) => Promise<string>,
  before: { at: string; statements: Statement[] } | null = null,
): Promise<Statement[]> {
  const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    owner: repository.owner,
    repo: repository.name,
    issue_number: issue.number,
    per_page: pageSize,
    ...(before === null
      ? { page: Math.max(1, Math.ceil(issue.comments / pageSize)) }
      : { since: new Date(Date.parse(before.at) - skewMs).toISOString() }),
  });
  const people = comments
    .parse(data)
    .filter(({ user, body }) => user !== null && user.type !== 'Bot' && !isPosting(body ?? ''));
  const read = await Promise.all(
    people.map(async (comment) => ({
      by: comment.user?.login ?? 'ghost',
      at: new Date(comment.created_at).toISOString(),
      url: comment.html_url,
      text: (await redact(comment.body ?? '')).slice(0, longest),
    })),
  );
  const again = new Set(read.map(({ url }) => url));
  return [...(before?.statements ?? []).filter(({ url }) => !again.has(url)), ...read].slice(-pageSize);
}
