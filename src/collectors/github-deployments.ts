import { repositoryId } from '../core/repository-id.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { Changed, GitHubCollector, GitHubContext, Reading } from './collector.ts';
import { answerOf } from './github-answers.ts';
import { deployedPart, type Deployment } from './github-deployment.schema.ts';
import { foreignTitle, githubApi, githubSource } from './github-source.ts';
import { parseAnswer } from './parse-answer.ts';

/** Deployments since changes count, and how each ended. */
export const githubDeployments: GitHubCollector = {
  name: 'github-deployments',
  kind: 'github',
  api: githubApi,
  role: 'deployments: read',
  types: [],
  signals: [
    {
      signal: signal.deployments,
      unit: 'deployments',
      example: '1',
      meaning:
        'Deployments since changes count, of github.environment where that is set; each is a change of its own, with its latest status',
    },
  ],
  reads: (context) => {
    const { github, environment } = context;
    const source = githubSource(github, {
      method: 'Repository.deployments',
      query: `${environment === null ? 'all environments' : environment} since ${github.since}`,
      path: '/deployments',
      command: [
        'api',
        '--method',
        'GET',
        `repos/${github.owner}/${github.name}/deployments`,
        ...(environment === null ? [] : ['-f', `environment=${environment}`]),
      ],
    });
    return [
      {
        components: [repositoryId],
        signal: signal.deployments,
        source,
        run: () => readDeployments(context, source),
      },
    ];
  },
};

async function readDeployments(context: GitHubContext, source: Source): Promise<Reading> {
  const { github, window, environment } = context;
  const { deployments } = parseAnswer(deployedPart, (await answerOf(github)).part('deployed'), 'deployments');
  const isRecent = ({ createdAt }: Deployment) => Date.parse(createdAt) >= Date.parse(github.since);
  const counted = deployments.nodes.filter(
    (one) =>
      isRecent(one) &&
      Date.parse(one.createdAt) <= Date.parse(window.to) &&
      (environment === null || one.environment === environment),
  );
  // Newest first: where even the last one is recent, there may be more.
  const isCut = deployments.pageInfo.hasNextPage && deployments.nodes.every(isRecent);
  return {
    observations: [
      {
        component: repositoryId,
        signal: signal.deployments,
        value: String(counted.length),
        unit: 'deployments',
        window: { from: github.since, to: window.to },
        ...(isCut ? { partial: true } : {}),
        source,
      },
    ],
    changes: await Promise.all(counted.map((one) => changeOf(one, context, source))),
  };
}

async function changeOf(
  { commitOid, createdAt, environment, creator, latestStatus }: Deployment,
  { github, redact }: GitHubContext,
  source: Source,
): Promise<Changed> {
  return {
    kind: 'deployment',
    component: repositoryId,
    at: new Date(createdAt).toISOString(),
    diff: [],
    sha: commitOid,
    url: latestStatus?.logUrl ?? `${github.page}/deployments`,
    state: latestStatus
      ? await foreignTitle(latestStatus.state.toLowerCase().replaceAll('_', ' '), redact)
      : 'no status yet',
    ...(environment ? { environment: await foreignTitle(environment, redact) } : {}),
    ...(creator ? { by: await foreignTitle(creator.login, redact) } : {}),
    source,
  };
}
