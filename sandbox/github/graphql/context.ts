import { GraphQLError } from 'graphql';
import { authorizeRepository } from '../authorization.ts';
import type { Caller } from '../call.ts';
import { GitHubError } from '../errors.ts';
import type { Operation, Permissions } from '../operations.ts';
import type { Repository, World } from '../state/world.ts';

/** What resolvers work with in one request. */
export interface GraphqlContext {
  world: World;
  caller: Caller;
  /** What the caller did wrong, in words. */
  mistakes: string[];
  /** `permission=level` of all that was asked for. */
  used: Map<string, Permissions[number]>;
}

/** An error with the type that GitHub gives it. */
export function graphqlError(type: 'FORBIDDEN' | 'NOT_FOUND', message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** Throws where the caller may not do this; notes the permission that it takes. */
export function demand(
  context: GraphqlContext,
  repository: Repository,
  operation: Pick<Operation, 'permissions' | 'role'>,
): void {
  const [needed] = operation.permissions;
  if (needed) context.used.set(needed.join('='), needed);
  try {
    authorizeRepository(context.world, repository, operation, context.caller);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.mistake !== null) context.mistakes.push(error.mistake);
    if (error.status === 404) throw graphqlError('NOT_FOUND', couldNot(repository));
    throw graphqlError('FORBIDDEN', 'Resource not accessible by integration');
  }
}

/** Throws where a reading permission is missing. */
export function demandRead(context: GraphqlContext, repository: Repository, permission: string): void {
  demand(context, repository, { permissions: [[permission, 'read']], role: 'read' });
}

function couldNot({ owner, name }: Repository): string {
  return `Could not resolve to a Repository with the name '${owner.login}/${name}'.`;
}

/** Throws where an argument was given that the stand-in does not heed. */
export function heedOnly(context: GraphqlContext, given: object, heeded: readonly string[]): void {
  const stray = Object.entries(given).find(
    ([name, value]) => value !== null && value !== undefined && !heeded.includes(name),
  );
  if (stray === undefined) return;
  const message = `the stand-in does not heed the argument ${stray[0]}`;
  context.mistakes.push(message);
  throw new GraphQLError(message);
}
