import { z } from 'zod';
import { repositoryId } from '../core/repository-id.ts';
import { signal } from '../core/signals.ts';
import type { Source } from '../core/snapshot.ts';
import type { Changed, GitHubCollector, GitHubContext, Reading } from './collector.ts';
import { answerOf, type GitHubAnswer } from './github-answers.ts';
import { deployedPart } from './github-deployment.schema.ts';
import { branchSchema, objectId } from './github-history.schema.ts';
import { foreignTitle, githubApi, githubSource } from './github-source.ts';
import { parseAnswer } from './parse-answer.ts';

const checkSuites = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean() }),
  nodes: z.array(
    z.object({
      status: z.string(),
      conclusion: z.string().nullable(),
      // Other Apps make check suites as well.
      workflowRun: z
        .object({
          url: z.url(),
          runNumber: z.int(),
          event: z.string(),
          createdAt: z.iso.datetime({ offset: true }),
          workflow: z.object({ name: z.string(), resourcePath: z.string() }),
        })
        .nullable(),
    }),
  ),
});

const part = z.object({
  defaultBranchRef: branchSchema(z.object({ oid: objectId, checkSuites }), {
    oid: objectId,
    checkSuites,
  }).nullable(),
});

/** A run of a workflow, with the commit that it ran for. */
interface Run {
  sha: string;
  url: string;
  number: number;
  event: string;
  at: string;
  workflow: string;
  /** Name of its file. */
  file: string;
  state: string;
}

/** Runs of workflows that deploy, for commits of the default branch. */
export const githubWorkflowRuns: GitHubCollector = {
  name: 'github-workflow-runs',
  kind: 'github',
  api: githubApi,
  role: 'contents: read, actions: read, checks: read',
  types: [],
  signals: [
    {
      signal: signal.deployRuns,
      unit: 'runs',
      example: '1',
      meaning:
        'Workflow runs since changes count that deploy: of a workflow in github.deploy_workflows, or whose name or file holds "deploy", or that made a deployment. Read of the head and the recent commits of the default branch; each is a change of its own',
    },
  ],
  reads: (context) => {
    const { github } = context;
    const source = githubSource(github, {
      method: 'Commit.checkSuites',
      query: `workflow runs that deploy, default branch since ${github.since}`,
      path: '/actions',
      command: ['run', 'list', '--repo', `${github.owner}/${github.name}`, `--created=>=${github.since}`],
    });
    return [
      {
        components: [repositoryId],
        signal: signal.deployRuns,
        source,
        run: () => readRuns(context, source),
      },
    ];
  },
};

async function readRuns(context: GitHubContext, source: Source): Promise<Reading> {
  const { github, window, deployWorkflows } = context;
  const answer = await answerOf(github);
  const { defaultBranchRef } = parseAnswer(part, answer.part('code', ['checkSuites']), 'workflow runs');
  const commits = defaultBranchRef ? [defaultBranchRef.target, ...defaultBranchRef.target.history.nodes] : [];
  const made = runsOfDeployments(answer);
  const runs = [...new Map(commits.flatMap(runsOf).map((run) => [run.url, run])).values()].filter(
    (run) =>
      Date.parse(run.at) >= Date.parse(github.since) &&
      Date.parse(run.at) <= Date.parse(window.to) &&
      (deploys(run, deployWorkflows) || made.has(run.url)),
  );
  const isCut =
    defaultBranchRef?.target.history.pageInfo.hasNextPage === true ||
    commits.some(({ checkSuites: { pageInfo } }) => pageInfo.hasNextPage);
  return {
    observations: [
      {
        component: repositoryId,
        signal: signal.deployRuns,
        value: String(runs.length),
        unit: 'runs',
        window: { from: github.since, to: window.to },
        ...(isCut ? { partial: true } : {}),
        source,
      },
    ],
    changes: await Promise.all(runs.map((run) => changeOf(run, context, source))),
  };
}

function runsOf(commit: { oid: string; checkSuites: z.infer<typeof checkSuites> }): Run[] {
  return commit.checkSuites.nodes.flatMap(({ status, conclusion, workflowRun: run }) =>
    run === null
      ? []
      : [
          {
            sha: commit.oid,
            url: run.url,
            number: run.runNumber,
            event: run.event,
            at: run.createdAt,
            workflow: run.workflow.name,
            file: run.workflow.resourcePath.split('/').at(-1) ?? '',
            state: (conclusion ?? status).toLowerCase().replaceAll('_', ' '),
          },
        ],
  );
}

function deploys({ workflow, file }: Run, named: readonly string[] | null): boolean {
  if (named !== null) return named.includes(workflow) || named.includes(file);
  return /deploy/iu.test(workflow) || /deploy/iu.test(file);
}

/** Addresses of the runs that made deployments, as their statuses tell; none where deployments may not be read. */
function runsOfDeployments(answer: GitHubAnswer): Set<string> {
  try {
    const { deployments } = parseAnswer(deployedPart, answer.part('deployed'), 'deployments');
    return new Set(
      deployments.nodes.flatMap(
        ({ latestStatus }) => /^.*\/actions\/runs\/\d+/u.exec(latestStatus?.logUrl ?? '')?.[0] ?? [],
      ),
    );
  } catch {
    return new Set();
  }
}

async function changeOf(run: Run, { redact }: GitHubContext, source: Source): Promise<Changed> {
  return {
    kind: 'workflow-run',
    component: repositoryId,
    at: new Date(run.at).toISOString(),
    diff: [],
    number: run.number,
    title: await foreignTitle(run.workflow, redact),
    url: run.url,
    sha: run.sha,
    state: await foreignTitle(run.state, redact),
    source,
  };
}
