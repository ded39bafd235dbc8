import type { Handler } from '../call.ts';
import { notFound } from '../errors.ts';
import { publicUser } from '../shapes/user.ts';
import { accountOf, stamp } from '../state/world.ts';

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
