import type { Handler, RepositoryHandler } from '../call.ts';
import { hidden, notFound } from '../errors.ts';
import { page } from '../paging.ts';
import { publicUser } from '../shapes/user.ts';
import { accountOf, stamp } from '../state/world.ts';

/** Pull requests are answered by GraphQL only. */
export const listPulls: RepositoryHandler = (call) => {
  if (call.repository.pullRequests.length > 0)
    throw hidden('the stand-in lists pull requests by GraphQL only');
  return page(call, [], (pull) => pull);
};

export const getPull: RepositoryHandler = () => {
  throw notFound();
};

export const getUser: Handler = ({ world, caller }) => {
  if (caller.kind !== 'person') throw notFound();
  return {
    status: 200,
    body: publicUser(world.links, accountOf(world, caller.login), stamp(world.app.createdAt)),
  };
};

export const getRateLimit: Handler = ({ rate }) => ({
  status: 200,
  body: { resources: { core: rate, search: { ...rate, limit: 30, used: 0, remaining: 30 } }, rate },
});
