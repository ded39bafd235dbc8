import { accountOf, repositoryKey } from './world.ts';
import type { Repository, World } from './world.ts';

/**
 * Gives a repository another name, or another owner. A transfer leaves the installation of the old owner, which
 * holds nothing then, and joins one of the new owner: the App is taken to be installed there as well.
 */
export function moveRepository(
  world: World,
  repository: Repository,
  to: { owner?: string; name?: string },
  newInstallation: () => number,
): void {
  const owner = accountOf(world, to.owner ?? repository.owner.login);
  const name = to.name ?? repository.name;
  const key = repositoryKey(owner.login, name);
  if (world.repositories.has(key)) throw new Error(`${owner.login}/${name} is there already`);
  const before = repositoryKey(repository.owner.login, repository.name);
  world.repositories.delete(before);
  world.formerNames.set(before, repository.id);
  world.formerNames.delete(key);
  if (owner !== repository.owner) {
    owner.type = 'Organization';
    repository.installationId = newInstallation();
    world.installations.set(repository.installationId, owner);
  }
  repository.owner = owner;
  repository.name = name;
  world.repositories.set(key, repository);
}

/** Another repository of the same owner with nothing in it, for the same people; part of the same installation, or of none. */
export function bareRepository(world: World, like: Repository, name: string, installed: boolean): Repository {
  const repository: Repository = {
    id: world.nextId(),
    owner: like.owner,
    name,
    private: like.private,
    defaultBranch: like.defaultBranch,
    fork: false,
    createdAt: world.clock.now(),
    roles: new Map(like.roles),
    labels: [],
    issues: new Map(),
    deletedIssues: new Set(),
    transferredIssues: new Map(),
    comments: new Map(),
    commits: [],
    deployments: [],
    pullRequests: [],
    workflowRuns: [],
    files: new Map(),
    branches: new Map(),
    installationId: installed ? like.installationId : noInstallation,
  };
  world.repositories.set(repositoryKey(like.owner.login, name), repository);
  return repository;
}

/** The installation of a repository where the App is not installed: there is none of this id. */
export const noInstallation = 0;
