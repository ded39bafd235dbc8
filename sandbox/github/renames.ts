import { authorizeRepository } from './authorization.ts';
import type { Caller } from './call.ts';
import { moved } from './errors.ts';
import type { Operation } from './operations.ts';
import { repositoryById, repositoryKey } from './state/world.ts';
import type { World } from './state/world.ts';

/** Repositories that were renamed or transferred: the old name leads to `/repositories/{id}`, which always holds. */

const byId = /^\/repositories\/(\d+)(\/.*)?$/;

/** The path by the repository's name of now, where it is given by the repository's id. */
export function byName(world: World, path: string): string {
  const [, id, rest = ''] = byId.exec(path) ?? [];
  const repository = id === undefined ? undefined : repositoryById(world, Number(id));
  return repository ? `/repos/${repository.owner.login}/${repository.name}${rest}` : path;
}

/** Throws the redirect where a repository had the name in the path before, and the caller may see where it is. */
export function demandNotMoved(
  world: World,
  { method, path, url }: { method: string; path: string; url: URL },
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
