import type { Caller } from './call.ts';
import { forbidden, hidden, notAccessible, notFound, unauthorized } from './errors.ts';
import { roles } from './operations.ts';
import type { Operation, Permissions } from './operations.ts';
import { botLogin, roleOf } from './state/world.ts';
import type { Author, Repository, World } from './state/world.ts';

/** The header X-Accepted-GitHub-Permissions; null where an operation asks for none. */
export function acceptedPermissions(permissions: Permissions): string | null {
  if (permissions.length === 0) return null;
  return permissions.map(([name, level]) => `${name}=${level}`).join('; ');
}

function demandPermission(
  granted: Record<string, string>,
  { permissions }: Pick<Operation, 'permissions'>,
): void {
  const [needed] = permissions;
  if (!needed) return;
  const [name, level] = needed;
  const has = granted[name];
  if (has === 'write' || has === level) return;
  throw notAccessible(`${name}: ${level} is needed, the App has ${has ?? 'nothing'}`);
}

function demandRole(repository: Repository, login: string, wanted: Operation['role']): void {
  const role = roleOf(repository, login);
  const held = role === 'none' && !repository.private ? 'read' : role;
  if (held === 'none') throw notFound();
  if (roles.indexOf(held) < roles.indexOf(wanted)) throw forbidden('Must have admin rights to Repository.');
}

/** Throws where the caller may not do this with the repository; tells in whose name it is done. */
export function authorizeRepository(
  world: World,
  repository: Repository,
  operation: Pick<Operation, 'permissions' | 'role'>,
  caller: Caller,
): Author {
  if (caller.kind === 'person') {
    demandRole(repository, caller.login, operation.role);
    return { login: caller.login, viaApp: false };
  }
  if (caller.kind === 'nobody') throw unauthorized('Requires authentication', 'no token');
  if (caller.kind === 'app') {
    throw unauthorized('Bad credentials', "the App's JWT is used where an installation's token is needed");
  }
  if (caller.installationId !== repository.installationId) {
    const mistake = `the token is of installation ${caller.installationId}, not of the repository's`;
    throw repository.private ? hidden(mistake) : notAccessible(mistake);
  }
  demandPermission(caller.token.permissions, operation);
  return { login: botLogin(world.app), viaApp: true };
}

/** Throws where this kind of caller may not use an operation that belongs to no repository. */
export function authorizeOwn(operation: Operation, caller: Caller): void {
  if (operation.caller === 'organization') {
    if (caller.kind !== 'installation') throw notAccessible("an installation's token is needed");
    demandPermission(caller.token.permissions, operation);
    return;
  }
  if (['any', 'repository', 'nobody'].includes(operation.caller)) return;
  if (operation.caller === 'app' && caller.kind !== 'app') {
    throw unauthorized(
      'A JSON web token could not be decoded',
      "a token is used where the App's JWT is needed",
    );
  }
  if (operation.caller === 'user' && caller.kind !== 'person') {
    throw notAccessible("a person's token is needed");
  }
}
