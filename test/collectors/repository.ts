import { frozenClock } from '../../sandbox/clock.ts';
import { startGitHub } from '../../sandbox/github/server.ts';
import type { GitHubStandIn } from '../../sandbox/github/types.ts';
import { scenarioSchema } from '../../sandbox/scenario/schema.ts';
import { openGitHub } from '../../src/cli/github.ts';
import { openGitHubAnswers, type GitHubAnswers } from '../../src/collectors/github-answers.ts';
import type { GitHubQuestion } from '../../src/collectors/github-query.ts';
import type { GitHubRequest } from '../../src/core/github-request.ts';
import type { z } from 'zod';

/**
 * The repository of the shop in trouble, as GitHub has it at noon: a pull request and a push, a deployment by a
 * workflow run, an earlier incident whose fix was reverted in the morning, and two that refer to the open issue.
 */

type Input = z.input<typeof scenarioSchema>;

export const shas = {
  fix: 'f1'.repeat(20),
  revert: 'e2'.repeat(20),
  squash: 'd3'.repeat(20),
  push: 'c4'.repeat(20),
};

/** The scenario with some of its parts replaced. */
function repositoryScenario(parts: Partial<Input> = {}) {
  return scenarioSchema.parse({
    version: 1,
    title: 'A shop in trouble',
    start: '2025-03-10T12:00:00Z',
    repository: { owner: 'acme', name: 'shop' },
    people: { alice: { role: 'read' }, bob: { role: 'write' } },
    focus: 1,
    issues: [
      { number: 1, title: 'The shop is down', by: 'alice', at: '2025-03-10T11:20:00Z' },
      {
        number: 2,
        title: 'The shop was down',
        by: 'alice',
        at: '2025-02-20T09:00:00Z',
        state: 'closed',
        closed_at: '2025-02-21T09:00:00Z',
      },
      { number: 3, title: 'See also', body: 'Since #1 began.', by: 'bob', at: '2025-03-10T11:30:00Z' },
    ],
    commits: [
      {
        sha: shas.push,
        at: '2025-03-10T10:58:00Z',
        by: 'bob',
        message: 'Longer carts\n\nMore room.',
        files: ['cart.ts'],
      },
      {
        sha: shas.squash,
        at: '2025-03-10T09:00:00Z',
        by: 'alice',
        message: 'Show taxes (#11)',
        files: ['tax.ts'],
      },
      {
        sha: shas.revert,
        at: '2025-03-10T08:00:00Z',
        by: 'bob',
        message: `Revert "Wait longer"\n\nThis reverts commit ${shas.fix}.`,
        files: ['pool.ts'],
      },
      {
        sha: shas.fix,
        at: '2025-02-21T08:59:00Z',
        by: 'alice',
        message: 'Wait longer (#10)',
        files: ['pool.ts'],
      },
    ],
    pull_requests: [
      {
        number: 10,
        title: 'Wait longer',
        by: 'alice',
        merged_at: '2025-02-21T08:59:00Z',
        sha: shas.fix,
        closes: [2],
      },
      {
        number: 11,
        title: 'Show taxes',
        by: 'carol',
        merged_at: '2025-03-10T09:00:00Z',
        sha: shas.squash,
        fork: true,
      },
      { number: 12, title: 'Smaller carts', by: 'bob', mentions: [1] },
    ],
    workflow_runs: [
      {
        id: 501,
        number: 57,
        workflow: 'Ship it',
        path: '.github/workflows/deploy.yml',
        sha: shas.push,
        at: '2025-03-10T11:00:00Z',
        conclusion: 'success',
      },
      {
        id: 502,
        number: 90,
        workflow: 'Tests',
        sha: shas.push,
        at: '2025-03-10T10:59:00Z',
        conclusion: 'failure',
      },
    ],
    deployments: [
      {
        sha: shas.push,
        at: '2025-03-10T11:04:00Z',
        by: 'bob',
        environment: 'production',
        state: 'success',
        run: 501,
      },
      { sha: shas.fix, at: '2025-03-01T11:00:00Z', by: 'bob', environment: 'production', state: 'inactive' },
    ],
    ...parts,
  });
}

export interface RepositoryWorld {
  github: GitHubStandIn;
  /** The answers for one collection, through the real client. */
  answers: (question?: Partial<GitHubQuestion>, request?: GitHubRequest) => GitHubAnswers;
  close(): Promise<void>;
}

/** What is asked of it. */
const question: GitHubQuestion & { page: string } = {
  owner: 'acme',
  name: 'shop',
  page: 'https://github.com/acme/shop',
  issue: 1,
  since: '2025-03-09T12:00:00.000Z',
  earlier: [2],
  comments: 0,
};

const readable = ['metadata', 'contents', 'issues', 'pull_requests', 'deployments', 'actions', 'checks'];

/** Starts GitHub's stand-in with the clock at noon; the App has all that reading takes, but for what is withheld. */
export async function startRepository(
  parts: Partial<Input> = {},
  withheld: readonly string[] = [],
): Promise<RepositoryWorld> {
  const scenario = repositoryScenario(parts);
  const permissions = readable.filter((name) => !withheld.includes(name)).map((name) => [name, 'read']);
  const github = await startGitHub({
    scenario,
    files: {},
    clock: frozenClock(new Date(scenario.start)),
    manifest: { default_permissions: Object.fromEntries(permissions), default_events: [] },
    personalTokens: { ghp_alice: 'alice' },
  });
  const client = openGitHub('ghp_alice', `${github.url}/api/v3`).request;
  return {
    github,
    answers: (asked = {}, request = client) => openGitHubAnswers(request, { ...question, ...asked }),
    close: () => github.close(),
  };
}
