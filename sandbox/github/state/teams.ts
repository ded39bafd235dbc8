import { accountOf, teamKey } from './world.ts';
import type { Account, Membership, World } from './world.ts';

/** Somebody is in a team from now on, or invited to it; null takes them out. */
export function joinTeam(
  world: Pick<World, 'teams' | 'accounts' | 'nextId'>,
  organization: Account,
  slug: string,
  login: string,
  state: Membership | null,
): void {
  const key = teamKey(organization.login, slug);
  const members = world.teams.get(key) ?? new Map<string, Membership>();
  world.teams.set(key, members);
  const name = accountOf(world, login).login.toLowerCase();
  if (state === null) members.delete(name);
  else members.set(name, state);
}
