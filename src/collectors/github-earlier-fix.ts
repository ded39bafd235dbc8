import { z } from 'zod';
import { repositoryId } from '../core/repository-id.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { GitHubCollector, GitHubContext, Reading } from './collector.ts';
import { answerOf, type FileContents } from './github-answers.ts';
import { failureFromGitHub } from './github-failure.ts';
import { objectId } from './github-history.schema.ts';
import { foreignTitle, githubApi, githubSource } from './github-source.ts';
import { parseAnswer } from './parse-answer.ts';
import { ReadFailure } from './read-failure.ts';

const pullRequest = z.object({
  number: z.int().positive(),
  title: z.string(),
  url: z.url(),
  merged: z.boolean(),
  mergeCommit: z.object({ oid: objectId }).nullable(),
  files: z
    .object({
      pageInfo: z.object({ hasNextPage: z.boolean() }),
      nodes: z.array(z.object({ path: z.string() })),
    })
    .nullable(),
});

const closer = z.discriminatedUnion('type', [
  pullRequest.extend({ type: z.literal('PullRequest') }),
  z.object({
    type: z.literal('Commit'),
    associatedPullRequests: z.object({ nodes: z.array(pullRequest) }).nullable(),
  }),
]);

const part = z.object({
  issue: z.object({
    state: z.string(),
    timelineItems: z.object({ nodes: z.array(z.object({ closer: closer.nullable() })) }),
  }),
});

/** What fixed an earlier incident. */
interface Fix {
  number: number;
  title: string;
  sha: string;
  paths: string[];
  /** Whether it changed more files than were read. */
  partial: boolean;
}

/** The fix of each earlier incident that this one may be a regression of, and whether it is still in place. */
export const githubEarlierFix: GitHubCollector = {
  name: 'github-earlier-fix',
  kind: 'github',
  api: githubApi,
  role: 'contents: read, pull_requests: read, issues: read',
  types: [],
  signals: [
    {
      signal: signal.fix,
      unit: null,
      example: 'in place',
      meaning:
        'By number of the earlier issue: whether the files of the pull request that closed it are on the default branch as it left them (in place), as they were before it (reverted, or partly reverted), or as neither (changed since)',
    },
  ],
  reads: (context) =>
    context.github.earlier.map((issue, index) => {
      const { github } = context;
      const source = githubSource(github, {
        method: 'Repository.object',
        query: `files of the fix of #${String(issue)}`,
        path: `/issues/${String(issue)}`,
        command: [
          'issue',
          'view',
          String(issue),
          '--repo',
          `${github.owner}/${github.name}`,
          '--json=closedByPullRequestsReferences',
        ],
      });
      return {
        components: [repositoryId],
        signal: `${signal.fix}${String(issue)}`,
        source,
        run: () => readFix(context, issue, index, source),
      };
    }),
};

async function readFix(
  { github, redact }: GitHubContext,
  issue: number,
  index: number,
  source: Source,
): Promise<Reading> {
  const answer = (await answerOf(github)).part(`earlier${String(index)}`, ['associatedPullRequests']);
  const fix = fixOf(parseAnswer(part, answer, `issue ${String(issue)}`), issue);
  const contents = await github.contents(fix.sha, fix.paths).catch((error: unknown) => {
    throw failureFromGitHub(error);
  });
  return {
    observations: [
      {
        component: repositoryId,
        signal: `${signal.fix}${String(issue)}`,
        value: standingOf(contents),
        unit: null,
        window: null,
        text: `#${String(fix.number)} ${await foreignTitle(fix.title, redact)}`,
        ...(fix.partial ? { partial: true } : {}),
        source,
      },
    ],
  };
}

/** What closed the issue last. @throws ReadFailure where that is no merged pull request. */
function fixOf({ issue: { timelineItems } }: z.infer<typeof part>, issue: number): Fix {
  const closers = timelineItems.nodes.flatMap(({ closer: by }) => by ?? []);
  const last = closers.at(-1);
  const pulls = last?.type === 'Commit' ? (last.associatedPullRequests?.nodes ?? []) : last ? [last] : [];
  const pull = pulls.find(({ merged }) => merged);
  if (!pull?.mergeCommit || pull.files === null)
    throw new ReadFailure('no-data', `no merged pull request is known to have closed #${String(issue)}`);
  return {
    number: pull.number,
    title: pull.title,
    sha: pull.mergeCommit.oid,
    paths: pull.files.nodes.map(({ path }) => path),
    partial: pull.files.pageInfo.hasNextPage,
  };
}

/** Of the files that the fix changed. @throws ReadFailure where it changed none. */
function standingOf(contents: readonly FileContents[]): string {
  const changed = contents.filter(({ fixed, before }) => fixed !== before);
  if (changed.length === 0) throw new ReadFailure('no-data', 'the fix changed no file that can be compared');
  if (changed.every(({ now, fixed }) => now === fixed)) return 'in place';
  const back = changed.filter(({ now, before }) => now === before);
  if (back.length === changed.length) return 'reverted';
  return back.length > 0 ? 'partly reverted' : 'changed since';
}
