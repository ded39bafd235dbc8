import { authorizeRepository } from './authorization.ts';
import type { Caller } from './call.ts';
import { GitHubError, moved } from './errors.ts';
import type { Operation } from './operations.ts';
import { repositoryById, repositoryKey } from './state/world.ts';
import type { Repository, World } from './state/world.ts';

/**
 * Repositories that were renamed or transferred, and issues that were transferred: the old place leads to
 * `/repositories/{id}`, which always holds.
 */

const byId = /^\/repositories\/(\d+)(\/.*)?$/;

interface Asked {
  method: string;
  /** Without the prefix. */
  path: string;
  url: URL;
}

/** The path by the repository's name of now, where it is given by the repository's id. */
export function byName(world: World, path: string): string {
  const [, id, rest = ''] = byId.exec(path) ?? [];
  const repository = id === undefined ? undefined : repositoryById(world, Number(id));
  return repository ? `/repos/${repository.owner.login}/${repository.name}${rest}` : path;
}

/** Throws the redirect where a repository had the name in the path before, and the caller may see where it is. */
export function demandNotMoved(
  world: World,
  { method, path, url }: Asked,
  operation: Operation,
  { owner = '', repo = '' }: Record<string, string>,
  caller: Caller,
): void {
  const key = repositoryKey(owner, repo);
  const repository = repositoryById(world, world.formerNames.get(key) ?? 0);
  if (world.repositories.has(key) || !repository) return;
  authorizeRepository(world, repository, operation, caller);
  const rest = path.split('/').slice(4).join('/');
  const place = `${world.links.api}/repositories/${repository.id}`;
  throw moved(method, `${place}${rest === '' ? '' : `/${rest}`}${url.search}`);
}

/**
 * The redirect to where an issue was transferred to; null where none of this number was, or the caller may not do this
 * there, which GitHub answers as if there were none.
 */
export function issueTransferred(
  world: World,
  { method, path, url }: Asked,
  repository: Repository,
  number: number,
  operation: Operation,
  caller: Caller,
): GitHubError | null {
  const to = repository.transferredIssues.get(number);
  const there = to && repositoryById(world, to.repositoryId);
  if (!to || !there || !mayAct(world, there, operation, caller)) return null;
  const rest = path.split('/').slice(6).join('/');
  const place = `${world.links.api}/repositories/${there.id}/issues/${to.number}`;
  return moved(method, `${place}${rest === '' ? '' : `/${rest}`}${url.search}`);
}

function mayAct(world: World, repository: Repository, operation: Operation, caller: Caller): boolean {
  try {
    authorizeRepository(world, repository, operation, caller);
    return true;
  } catch (error) {
    if (error instanceof GitHubError) return false;
    throw error;
  }
}
