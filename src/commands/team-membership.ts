import { z } from 'zod';
import type { GitHubRequest } from '../core/github-request.ts';
import { noAnswerIsYes, type Told } from './permission.ts';

const answer = z.object({ state: z.string() });

/**
 * Whether a person is in a team of an organisation now, or in a team below it. An invitation that is not accepted is
 * no membership (docs.github.com, "Get team membership for a user"); every answer but `active` means no.
 *
 * @throws where GitHub does not answer, or asks for a pause.
 */
export async function isInTeam(
  request: GitHubRequest,
  organization: string,
  team: string,
  login: string,
): Promise<Told<boolean>> {
  try {
    const { status, data } = await request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org: organization,
      team_slug: team,
      username: login,
    });
    const parsed = answer.safeParse(data);
    if (status === 200 && parsed.success) return { fact: parsed.data.state === 'active', insteadOf: null };
    return { fact: false, insteadOf: 'something else than a membership' };
  } catch (error) {
    return { fact: false, insteadOf: noAnswerIsYes(error) };
  }
}
