import { z } from 'zod';
import { repositoryId } from '../core/repository-id.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { Changed, GitHubCollector, GitHubContext, Reading } from './collector.ts';
import { answerOf } from './github-answers.ts';
import { branchSchema, objectId } from './github-history.schema.ts';
import { foreignTitle, githubApi, githubSource } from './github-source.ts';
import { parseAnswer } from './parse-answer.ts';

const pullRequest = z.object({
  number: z.int().positive(),
  title: z.string(),
  url: z.url(),
  merged: z.boolean(),
  mergedAt: z.iso.datetime({ offset: true }).nullable(),
  mergeCommit: z.object({ oid: objectId }).nullable(),
  author: z.object({ login: z.string() }).nullable(),
  repository: z.object({ nameWithOwner: z.string() }),
});
type PullRequest = z.infer<typeof pullRequest>;

const part = z.object({
  nameWithOwner: z.string(),
  defaultBranchRef: branchSchema(
    z.object({ associatedPullRequests: z.object({ nodes: z.array(pullRequest) }) }),
    {},
  ).nullable(),
});

/** Pull requests whose merge brought commits to the default branch since changes count. */
export const githubPullRequests: GitHubCollector = {
  name: 'github-pull-requests',
  kind: 'github',
  api: githubApi,
  role: 'contents: read, pull_requests: read',
  types: [],
  signals: [
    {
      signal: signal.pullRequests,
      unit: 'pull requests',
      example: '2',
      meaning:
        'Pull requests merged into the default branch since changes count, those from forks included; each is a change of its own',
    },
  ],
  reads: (context) => {
    const { github } = context;
    const merged = `merged:>=${github.since}`;
    const source = githubSource(github, {
      method: 'Commit.associatedPullRequests',
      query: `commits of the default branch since ${github.since}`,
      path: `/pulls?q=${encodeURIComponent(`is:pr ${merged}`)}`,
      command: [
        'pr',
        'list',
        '--repo',
        `${github.owner}/${github.name}`,
        '--state=merged',
        `--search=${merged}`,
      ],
    });
    return [
      {
        components: [repositoryId],
        signal: signal.pullRequests,
        source,
        run: () => readPullRequests(context, source),
      },
    ];
  },
};

async function readPullRequests(context: GitHubContext, source: Source): Promise<Reading> {
  const { github, window } = context;
  const answer = (await answerOf(github)).part('code', ['associatedPullRequests']);
  const { nameWithOwner, defaultBranchRef } = parseAnswer(part, answer, 'pull requests');
  const history = defaultBranchRef?.target.history;
  const all = (history?.nodes ?? []).flatMap(({ associatedPullRequests: { nodes } }) => nodes);
  const merged = [...new Map(all.map((pull) => [pull.number, pull])).values()].filter((pull) =>
    countsFor(pull, nameWithOwner, github.since, window.to),
  );
  return {
    observations: [
      {
        component: repositoryId,
        signal: signal.pullRequests,
        value: String(merged.length),
        unit: 'pull requests',
        window: { from: github.since, to: window.to },
        ...(history?.pageInfo.hasNextPage === true ? { partial: true } : {}),
        source,
      },
    ],
    changes: await Promise.all(merged.map((pull) => changeOf(pull, context, source))),
  };
}

/** A commit may belong to a pull request of a fork's own repository, which changes nothing here. */
function countsFor(pull: PullRequest, repository: string, from: string, to: string): boolean {
  const at = Date.parse(pull.mergedAt ?? '');
  return (
    pull.merged &&
    pull.repository.nameWithOwner === repository &&
    at >= Date.parse(from) &&
    at <= Date.parse(to)
  );
}

async function changeOf(pull: PullRequest, { redact }: GitHubContext, source: Source): Promise<Changed> {
  return {
    kind: 'pull-request',
    component: repositoryId,
    at: new Date(pull.mergedAt ?? '').toISOString(),
    diff: [],
    number: pull.number,
    title: await foreignTitle(pull.title, redact),
    url: pull.url,
    state: 'merged',
    ...(pull.mergeCommit ? { sha: pull.mergeCommit.oid } : {}),
    ...(pull.author ? { by: await foreignTitle(pull.author.login, redact) } : {}),
    source,
  };
}
