import { repositoryPage } from '../shapes/repository.ts';
import { sha1 } from '../shapes/user.ts';
import { accountOf, stamp } from '../state/world.ts';
import type { Commit, PullRequest, WorkflowRun } from '../state/code.ts';
import type { Repository } from '../state/world.ts';
import { account } from './account.ts';
import { connection, pagingArguments } from './connection.ts';
import type { Paging } from './connection.ts';
import { demandRead, heedOnly } from './context.ts';
import type { GraphqlContext } from './context.ts';
import { repositoryFacts } from './repository-facts.ts';

/** The commits that are there by now, newest first. */
function visible({ commits }: Repository, { world }: GraphqlContext): Commit[] {
  return commits.filter(({ at }) => at <= world.clock.now());
}

/** The newest commit of the default branch; null in an empty repository. */
export function headCommit(repository: Repository, context: GraphqlContext) {
  const [head] = visible(repository, context);
  return head === undefined ? null : commitNode(repository, context, head);
}

/** Type `Commit`. */
function commitNode(repository: Repository, context: GraphqlContext, source: Commit) {
  const { world } = context;
  const author = accountOf(world, source.by);
  return {
    __typename: 'Commit',
    oid: source.sha,
    messageHeadline: source.message.split('\n')[0] ?? '',
    committedDate: stamp(source.at),
    url: `${repositoryPage(world, repository)}/commit/${source.sha}`,
    author: { name: author.name ?? author.login, user: { login: author.login } },
    history: (given: Paging & { since?: string | null }) => {
      heedOnly(context, given, [...pagingArguments, 'since']);
      const from = typeof given.since !== 'string' ? 0 : Date.parse(given.since);
      const list = visible(repository, context).filter(({ at }) => at <= source.at && at.getTime() >= from);
      return connection(context, given, list, (commit) => commitNode(repository, context, commit));
    },
    checkSuites: (given: Paging) => {
      heedOnly(context, given, pagingArguments);
      demandRead(context, repository, 'checks');
      const now = world.clock.now();
      const runs = repository.workflowRuns.filter(({ sha, at }) => sha === source.sha && at <= now);
      return connection(context, given, runs, (run) => checkSuite(repository, context, run));
    },
    associatedPullRequests: (given: Paging) => {
      heedOnly(context, given, [...pagingArguments, 'orderBy']);
      demandRead(context, repository, 'pull_requests');
      const merging = repository.pullRequests.filter(({ sha }) => sha === source.sha);
      return connection(context, given, merging, (pull) => pullRequestNode(repository, context, pull));
    },
  };
}

function checkSuite(repository: Repository, context: GraphqlContext, run: WorkflowRun) {
  const page = repositoryPage(context.world, repository);
  const file = run.path.split('/').at(-1) ?? '';
  return {
    status: run.conclusion === null ? 'IN_PROGRESS' : 'COMPLETED',
    conclusion: run.conclusion?.toUpperCase() ?? null,
    workflowRun: () => {
      demandRead(context, repository, 'actions');
      return {
        url: `${page}/actions/runs/${String(run.id)}`,
        runNumber: run.number,
        event: run.event,
        createdAt: stamp(run.at),
        workflow: {
          name: run.workflow,
          resourcePath: `/${repository.owner.login}/${repository.name}/actions/workflows/${file}`,
        },
      };
    },
  };
}

/** Type `PullRequest`. */
export function pullRequestNode(repository: Repository, context: GraphqlContext, source: PullRequest) {
  const { world } = context;
  const merged = source.mergedAt !== null && source.mergedAt <= world.clock.now();
  const merging = merged ? repository.commits.find(({ sha }) => sha === source.sha) : undefined;
  return {
    __typename: 'PullRequest',
    number: source.number,
    title: source.title,
    url: `${repositoryPage(world, repository)}/pull/${String(source.number)}`,
    state: merged ? 'MERGED' : 'OPEN',
    merged,
    mergedAt: merged && source.mergedAt ? stamp(source.mergedAt) : null,
    isCrossRepository: source.fork,
    mergeCommit: merging === undefined ? null : commitNode(repository, context, merging),
    author: account(world, source.by),
    repository: repositoryFacts(repository),
    files: (given: Paging) => {
      heedOnly(context, given, pagingArguments);
      return connection(context, given, merging?.files ?? [], (path) => ({ path }));
    },
  };
}

/**
 * The file that `HEAD:path`, `SHA:path` or `SHA^:path` names; null where there is none. A scenario tells which files
 * a commit changed, not how: the content is another after each of them, and the one before after a revert.
 */
export function blobAt(repository: Repository, context: GraphqlContext, expression: string) {
  const [, revision = '', path = ''] = /^([^:]+):(.+)$/u.exec(expression) ?? [];
  const commits = visible(repository, context);
  const name = revision.replace(/\^$/u, '');
  const at = name === 'HEAD' ? 0 : commits.findIndex(({ sha }) => sha === name);
  if (at < 0 || path === '') return null;
  const oid = contentAt(commits, at + (revision.endsWith('^') ? 1 : 0), path);
  return oid === null ? null : { __typename: 'Blob', oid };
}

function contentAt(commits: readonly Commit[], from: number, path: string): string | null {
  const index = commits.findIndex(({ files }, order) => order >= from && files.includes(path));
  const change = commits[index];
  if (change === undefined) return sha1(`before all commits ${path}`);
  const reverted = /This reverts commit ([\da-f]{40})/u.exec(change.message)?.[1];
  const undone = commits.findIndex(({ sha }) => sha === reverted);
  return undone > index ? contentAt(commits, undone + 1, path) : sha1(`${change.sha} ${path}`);
}
