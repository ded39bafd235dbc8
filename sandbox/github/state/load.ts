import type { Scenario } from '../../scenario/schema.ts';
import type { Role } from '../operations.ts';
import { accountOf, findLabel } from './world.ts';
import type { Account, Author, Comment, Issue, Label, Repository, World } from './world.ts';

/** Makes a repository out of a scenario. */

type Loading = Pick<World, 'accounts' | 'nextId' | 'clock'>;

const deploymentStates = ['error', 'failure', 'inactive', 'pending', 'success', 'queued', 'in_progress'];

function authorOf(world: Loading, login: string): Author {
  const account = accountOf(world, login);
  return { login: account.login, viaApp: account.type === 'Bot' };
}

function ownerOf(world: Loading, scenario: Scenario): Account {
  const { owner } = scenario.repository;
  const person = Object.keys(scenario.people).some((login) => login.toLowerCase() === owner.toLowerCase());
  const account = accountOf(world, owner);
  if (!person) account.type = 'Organization';
  return account;
}

function rolesOf(world: Loading, scenario: Scenario): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const [login, { role, name }] of Object.entries(scenario.people)) {
    accountOf(world, login).name = name ?? null;
    roles.set(login.toLowerCase(), role);
  }
  return roles;
}

/** The labels that are declared, and those that an issue or a pull request carries without. */
function labelsOf(world: Loading, scenario: Scenario): Label[] {
  const labels: Label[] = scenario.labels.map(({ name, color, description }) => ({
    id: world.nextId(),
    name,
    color,
    description: description === '' ? null : description,
  }));
  for (const name of [...scenario.issues, ...scenario.pull_requests].flatMap((one) => one.labels)) {
    if (!findLabel(labels, name))
      labels.push({ id: world.nextId(), name, color: 'ededed', description: null });
  }
  return labels;
}

function issueOf(world: Loading, source: Scenario['issues'][number], labels: Label[]): Issue {
  const at = new Date(source.at);
  const last = source.comments.at(-1)?.at ?? source.closed_at ?? source.at;
  const closedAt = source.closed_at ?? last;
  return {
    id: world.nextId(),
    number: source.number,
    title: source.title,
    body: source.body === '' ? null : source.body,
    author: authorOf(world, source.by),
    at,
    updatedAt: new Date(last),
    state: source.state,
    stateReason: source.state === 'closed' ? 'completed' : null,
    closedAt: source.state === 'closed' ? new Date(closedAt) : null,
    closedBy: source.state === 'closed' ? source.by : null,
    labels: source.labels.flatMap((name) => findLabel(labels, name) ?? []),
    assignees: [],
    locked: false,
  };
}

function commentOf(
  world: Loading,
  issue: number,
  source: Scenario['issues'][number]['comments'][number],
): Comment {
  const at = new Date(source.at);
  return {
    id: world.nextId(),
    issue,
    author: authorOf(world, source.by),
    body: source.body,
    at,
    madeAt: 0,
    updatedAt: at,
    edited: false,
    reactions: [],
    minimized: null,
    pin: null,
  };
}

function deploymentsOf(world: Loading, scenario: Scenario): Repository['deployments'] {
  return scenario.deployments.map((deployment) => {
    if (!deploymentStates.includes(deployment.state)) {
      throw new Error(
        `deployments: GitHub has no state "${deployment.state}"; it has ${deploymentStates.join(', ')}`,
      );
    }
    accountOf(world, deployment.by);
    return { ...deployment, id: world.nextId(), statusId: world.nextId(), at: new Date(deployment.at) };
  });
}

function pullRequestsOf(world: Loading, scenario: Scenario): Repository['pullRequests'] {
  return scenario.pull_requests.map(({ merged_at: mergedAt, sha, ...source }) => {
    accountOf(world, source.by);
    return {
      ...source,
      mergedAt: mergedAt === undefined ? null : new Date(mergedAt),
      sha: sha ?? null,
      opened: null,
    };
  });
}

function workflowRunsOf(scenario: Scenario): Repository['workflowRuns'] {
  return scenario.workflow_runs.map((run) => ({
    ...run,
    at: new Date(run.at),
    conclusion: run.conclusion ?? null,
  }));
}

export function loadRepository(
  world: Loading,
  scenario: Scenario,
  files: Record<string, string>,
  installationId: number,
): Repository {
  const owner = ownerOf(world, scenario);
  const roles = rolesOf(world, scenario);
  const labels = labelsOf(world, scenario);
  const comments = scenario.issues.flatMap((issue) =>
    issue.comments.map((comment) => commentOf(world, issue.number, comment)),
  );
  return {
    id: world.nextId(),
    owner,
    name: scenario.repository.name,
    private: scenario.repository.private,
    defaultBranch: scenario.repository.default_branch,
    fork: scenario.repository.fork,
    createdAt: new Date(
      Math.min(...scenario.issues.map((issue) => Date.parse(issue.at)), world.clock.now().getTime()),
    ),
    roles,
    labels,
    issues: new Map(scenario.issues.map((issue) => [issue.number, issueOf(world, issue, labels)])),
    deletedIssues: new Set(),
    transferredIssues: new Map(),
    comments: new Map(comments.map((comment) => [comment.id, comment])),
    commits: scenario.commits
      .map((commit) => ({ ...commit, at: new Date(commit.at) }))
      .toSorted((a, b) => b.at.getTime() - a.at.getTime()),
    deployments: deploymentsOf(world, scenario).toSorted((a, b) => b.at.getTime() - a.at.getTime()),
    pullRequests: pullRequestsOf(world, scenario),
    workflowRuns: workflowRunsOf(scenario),
    files: new Map(Object.entries(files)),
    branches: new Map(),
    installationId,
  };
}
