import type { RepositoryHandler } from '../call.ts';
import { notFound } from '../errors.ts';
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
  // Everybody may read what is public, so everybody is told to hold that role there.
  if (role === 'none' && repository.private) throw notFound();
  const held = role === 'none' ? 'read' : role;
  return { status: 200, body: collaboratorPermission(world, accountOf(world, login), held) };
};
