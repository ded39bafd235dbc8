import type { Handler } from '../call.ts';
import { hidden, notFound } from '../errors.ts';
import { teamKey } from '../state/world.ts';

/** Whether somebody is in a team. An installation sees the teams of its own organisation; others hide. */
export const getMembership: Handler = ({ world, caller, path }) => {
  const { org = '', team_slug: slug = '', username = '' } = path;
  const account = caller.kind === 'installation' ? world.installations.get(caller.installationId) : undefined;
  const isOwn = account?.type === 'Organization' && account.login.toLowerCase() === org.toLowerCase();
  if (!isOwn) throw hidden(`the token is not of an installation of the organisation ${org}`);
  const state = world.teams.get(teamKey(org, slug))?.get(username.toLowerCase());
  if (state === undefined) throw notFound();
  const url = `${world.links.api}/organizations/${account.id}/team/${slug}/memberships/${username}`;
  return { status: 200, body: { state, role: 'member', url } };
};
