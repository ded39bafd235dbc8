import type { Invocation } from '../core/invocation.ts';
import { roleSuffices, weakerRole, type Role } from '../core/roles.ts';
import type { CommandDeps } from './deps.ts';
import { roleInRepository, type Told } from './permission.ts';
import { isInTeam } from './team-membership.ts';

/** What a person may do here. */
export interface CountedRole {
  /** The role that counts: that of the repository, less where the operator asks for a team that the person is not in. */
  role: Role;
  inRepository: Role;
  /** What GitHub answered instead of telling the role or a membership; null where it told both. */
  insteadOf: string | null;
}

type Asking = Pick<CommandDeps, 'request' | 'teams' | 'log'>;

/**
 * The role of whoever acts, asked of GitHub now.
 *
 * @throws where GitHub does not answer, or asks for a pause.
 */
export async function countedRole(deps: Asking, invocation: Invocation): Promise<CountedRole> {
  return await withTeams(deps, invocation, await toldRole(deps, invocation, invocation.actor));
}

/** The role of a person in the repository; what GitHub answers instead of telling it is told to the operator. */
export async function toldRole(
  { request, log }: Pick<CommandDeps, 'request' | 'log'>,
  { repository }: Pick<Invocation, 'repository'>,
  login: string,
): Promise<Told<Role>> {
  const told = await roleInRepository(request, repository, login);
  const { insteadOf } = told;
  if (insteadOf !== null)
    log.warn({ login, repository, insteadOf }, 'GitHub tells no role, which counts as none');
  return told;
}

/** Strongest first: who is in a team of a stronger role needs none of a weaker one. */
const levels = ['maintain', 'write', 'triage'] as const;

/**
 * The role that is left of one in the repository after the teams that the operator asks for.
 *
 * @throws where GitHub does not answer whether somebody is in one of the teams, and they are in no other.
 */
export async function withTeams(
  deps: Asking,
  invocation: Invocation,
  { fact: inRepository, insteadOf }: Told<Role>,
): Promise<CountedRole> {
  const asked = new Map<string, Promise<boolean>>();
  const answered: string[] = [];
  const isIn = (team: string): Promise<boolean> => {
    const known = asked.get(team) ?? membership(deps, invocation, team, answered);
    asked.set(team, known);
    return known;
  };
  for (const level of levels) {
    if (!roleSuffices(inRepository, level)) continue;
    const teams = deps.teams(invocation, level);
    if (teams.length > 0 && !(await isInOne(teams, isIn))) continue;
    return { role: level === 'maintain' ? inRepository : level, inRepository, insteadOf };
  }
  return {
    role: weakerRole(inRepository, 'read'),
    inRepository,
    insteadOf: insteadOf ?? answered[0] ?? null,
  };
}

async function membership(
  { request, log }: Asking,
  { repository: { owner }, actor }: Invocation,
  team: string,
  answered: string[],
): Promise<boolean> {
  const { fact, insteadOf } = await isInTeam(request, owner, team, actor);
  if (insteadOf !== null) {
    answered.push(insteadOf);
    const remedy = 'grant the App the organisation permission Members: read';
    log.warn(
      { login: actor, team: `${owner}/${team}`, insteadOf, remedy },
      'GitHub does not tell who is in a team, which counts as not being in it',
    );
  }
  return fact;
}

/** One team after the other; one that GitHub does not tell of matters only where no other is theirs. */
async function isInOne(teams: readonly string[], isIn: (team: string) => Promise<boolean>): Promise<boolean> {
  let untold: unknown = null;
  for (const team of teams) {
    try {
      if (await isIn(team)) return true;
    } catch (error) {
      untold ??= error;
    }
  }
  if (untold !== null) throw untold;
  return false;
}
