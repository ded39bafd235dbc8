import type { RepositoryCall, RepositoryHandler } from '../call.ts';
import { notFound, refused } from '../errors.ts';
import { contentDirectory, contentFile } from '../shapes/contents.ts';
import { collaboratorPermission, fullRepository } from '../shapes/repository.ts';
import { accountOf, roleOf } from '../state/world.ts';

export const getRepository: RepositoryHandler = ({ world, repository, caller }) => ({
  status: 200,
  body: fullRepository(
    world,
    repository,
    caller.kind === 'person' ? roleOf(repository, caller.login) : 'none',
  ),
});

export const getCollaboratorPermission: RepositoryHandler = ({ world, repository, path }) => {
  const login = path['username'] ?? '';
  const role = roleOf(repository, login);
  if (role === 'none') throw notFound();
  return { status: 200, body: collaboratorPermission(world, accountOf(world, login), role) };
};

/** Files are known as they are on the default branch: at a commit of it they are taken to be the same. */
function demandBranch({ repository, query }: RepositoryCall): void {
  const ref = query.get('ref');
  if (ref === null || ref === repository.defaultBranch || ref === `refs/heads/${repository.defaultBranch}`)
    return;
  if (ref === repository.commits[0]?.sha) return;
  throw refused(
    404,
    `No commit found for the ref ${ref}`,
    `contents at ${ref}: the stand-in has the default branch only`,
  );
}

export const getContent: RepositoryHandler = (call) => {
  const { world, repository, media } = call;
  const path = (call.path['path'] ?? '').replace(/^\/+|\/+$/g, '');
  demandBranch(call);
  const text = repository.files.get(path);
  if (text !== undefined) {
    return { status: 200, body: media === 'raw' ? text : contentFile(world, repository, path, text) };
  }
  const directory = contentDirectory(world, repository, path);
  if (!directory) throw notFound();
  return { status: 200, body: directory };
};
