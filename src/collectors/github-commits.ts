import { z } from 'zod';
import { repositoryId } from '../core/repository-id.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { Changed, GitHubCollector, GitHubContext, Reading } from './collector.ts';
import { answerOf } from './github-answers.ts';
import { historySchema, type HistoryCommit } from './github-history.schema.ts';
import { foreignTitle, githubApi, githubSource } from './github-source.ts';
import { parseAnswer } from './parse-answer.ts';

const part = z.object({ defaultBranchRef: historySchema.and(z.object({ name: z.string() })).nullable() });

/** Commits of the default branch since changes count. */
export const githubCommits: GitHubCollector = {
  name: 'github-commits',
  kind: 'github',
  api: githubApi,
  role: 'contents: read',
  types: [],
  signals: [
    {
      signal: signal.commits,
      unit: 'commits',
      example: '3',
      meaning:
        'Commits of the default branch since changes count; each is a change of its own, with its headline, author and time',
    },
  ],
  reads: (context) => {
    const { github } = context;
    const source = githubSource(github, {
      method: 'Commit.history',
      query: `default branch since ${github.since}`,
      path: '/commits',
      command: [
        'api',
        '--method',
        'GET',
        `repos/${github.owner}/${github.name}/commits`,
        '-f',
        `since=${github.since}`,
        '-f',
        `until=${context.window.to}`,
      ],
    });
    return [
      {
        components: [repositoryId],
        signal: signal.commits,
        source,
        run: () => readCommits(context, source),
      },
    ];
  },
};

async function readCommits(context: GitHubContext, source: Source): Promise<Reading> {
  const { github, window, redact } = context;
  const answer = (await answerOf(github)).part('code');
  const { defaultBranchRef } = parseAnswer(part, answer, 'commits');
  // An empty repository has no branch.
  const history = defaultBranchRef?.target.history ?? { nodes: [], pageInfo: { hasNextPage: false } };
  const commits = history.nodes.filter(
    ({ committedDate }) => Date.parse(committedDate) <= Date.parse(window.to),
  );
  return {
    observations: [
      {
        component: repositoryId,
        signal: signal.commits,
        value: String(commits.length),
        unit: 'commits',
        window: { from: github.since, to: window.to },
        ...(history.pageInfo.hasNextPage ? { partial: true } : {}),
        ...(defaultBranchRef === null ? {} : { text: await foreignTitle(defaultBranchRef.name, redact) }),
        source,
      },
    ],
    changes: await Promise.all(commits.map((commit) => changeOf(commit, context, source))),
  };
}

async function changeOf(
  { oid, messageHeadline, committedDate, url, author }: HistoryCommit,
  { redact }: GitHubContext,
  source: Source,
): Promise<Changed> {
  const by = author?.user?.login ?? author?.name;
  return {
    kind: 'commit',
    component: repositoryId,
    at: new Date(committedDate).toISOString(),
    diff: [],
    title: await foreignTitle(messageHeadline, redact),
    url,
    sha: oid,
    ...(by ? { by: await foreignTitle(by, redact) } : {}),
    source,
  };
}
