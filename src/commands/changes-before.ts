import { z } from 'zod';
import type { GitHubRequest, RepositoryName } from '../core/github-request.ts';
import type { ReplayedChange } from '../core/regression/replay.ts';

/** Changes before a past time, by GitHub's REST API: its GraphQL lists end now. */

const commitsAnswer = z.array(
  z.object({
    commit: z.object({
      message: z.string(),
      committer: z.object({ date: z.string().optional() }).nullable(),
    }),
    author: z.object({ login: z.string().optional() }).nullable(),
  }),
);
const deploymentsAnswer = z.array(
  z.object({
    created_at: z.string(),
    environment: z.string(),
    creator: z.object({ login: z.string() }).nullable(),
  }),
);

/** Of a day's commits the newest, of all deployments the newest: GitHub gives no more at once. */
const most = 100;

/** The commits of the default branch between two times. @throws where GitHub does not answer. */
export async function commitsBetween(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
  { since, until }: { since: string; until: string },
): Promise<ReplayedChange[]> {
  const { data } = await request('GET /repos/{owner}/{repo}/commits', {
    owner,
    repo: name,
    since,
    until,
    per_page: most,
  });
  return commitsAnswer.parse(data).flatMap(({ commit: { message, committer }, author }): ReplayedChange[] => {
    if (committer?.date === undefined) return [];
    const [what = ''] = message.split('\n', 1);
    return [{ kind: 'commit', at: new Date(committer.date).toISOString(), what, by: author?.login ?? null }];
  });
}

/** The newest deployments, and from when on they are all there: null where none is missing. @throws where GitHub does not answer. */
export async function newestDeployments(
  request: GitHubRequest,
  { owner, name }: RepositoryName,
): Promise<{ deployments: ReplayedChange[]; completeSince: string | null }> {
  const { data } = await request('GET /repos/{owner}/{repo}/deployments', {
    owner,
    repo: name,
    per_page: most,
  });
  const deployments = deploymentsAnswer
    .parse(data)
    .map(({ created_at: at, environment, creator }): ReplayedChange => ({
      kind: 'deployment',
      at: new Date(at).toISOString(),
      what: environment,
      by: creator?.login ?? null,
    }));
  return { deployments, completeSince: deployments.length < most ? null : (deployments.at(-1)?.at ?? null) };
}
