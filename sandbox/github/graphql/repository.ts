import { repositoryPage } from '../shapes/repository.ts';
import { repositoryById, repositoryKey, stamp } from '../state/world.ts';
import type { Deployment } from '../state/code.ts';
import type { Repository } from '../state/world.ts';
import { account } from './account.ts';
import { headCommit, blobAt } from './commit.ts';
import { isKnownInFull, objectAt } from './tree.ts';
import { connection, pagingArguments } from './connection.ts';
import type { Paging } from './connection.ts';
import { demandRead, graphqlError, heedOnly } from './context.ts';
import type { GraphqlContext } from './context.ts';
import { issueNode } from './issue.ts';
import { repositoryFacts } from './repository-facts.ts';

/** A repository by its name, or by one that it had before. */
export function findRepository(
  { owner, name, followRenames }: { owner: string; name: string; followRenames: boolean },
  context: GraphqlContext,
) {
  const { world } = context;
  const key = repositoryKey(owner, name);
  const former = followRenames ? repositoryById(world, world.formerNames.get(key) ?? 0) : undefined;
  const found = world.repositories.get(key) ?? former;
  if (!found)
    throw graphqlError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  demandRead(context, found, 'metadata');
  return repositoryNode(found, context);
}

/** Type `Repository`. */
function repositoryNode(repository: Repository, context: GraphqlContext) {
  return {
    ...repositoryFacts(repository),
    defaultBranchRef: () => defaultBranch(repository, context),
    deployments: (given: Paging & { orderBy: { field: string; direction: string } }) =>
      deployments(repository, context, given),
    issue: ({ number }: { number: number }) => {
      demandRead(context, repository, 'issues');
      const found = repository.issues.get(number);
      if (found) return issueNode(repository, found, context);
      throw graphqlError('NOT_FOUND', `Could not resolve to an Issue with the number of ${String(number)}.`);
    },
    object: (given: { expression?: string | null }) => {
      heedOnly(context, given, ['expression']);
      demandRead(context, repository, 'contents');
      const expression = given.expression ?? '';
      return isKnownInFull(expression)
        ? objectAt(repository, expression)
        : blobAt(repository, context, expression);
    },
  };
}

function defaultBranch(repository: Repository, context: GraphqlContext) {
  demandRead(context, repository, 'contents');
  const head = headCommit(repository, context);
  return head === null ? null : { name: repository.defaultBranch, target: head };
}

function deployments(
  repository: Repository,
  context: GraphqlContext,
  given: Paging & { orderBy: { field: string; direction: string } },
) {
  heedOnly(context, given, [...pagingArguments, 'orderBy']);
  demandRead(context, repository, 'deployments');
  const now = context.world.clock.now();
  const made = repository.deployments.filter(({ at }) => at <= now);
  const ordered = given.orderBy.direction === 'DESC' ? made : made.toReversed();
  return connection(context, given, ordered, (source) => deploymentNode(repository, context, source));
}

function deploymentNode(repository: Repository, { world }: GraphqlContext, source: Deployment) {
  const page = repositoryPage(world, repository);
  return {
    commitOid: source.sha,
    createdAt: stamp(source.at),
    creator: account(world, source.by),
    environment: source.environment,
    latestStatus: {
      state: source.state.toUpperCase(),
      logUrl: source.run === undefined ? null : `${page}/actions/runs/${String(source.run)}/job/1`,
    },
  };
}
