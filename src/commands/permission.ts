import { z } from 'zod';
import { failureStatus, isOutage, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';
import { roles, weakerRole, type Role } from '../core/roles.ts';

const answer = z.object({ role_name: z.string().nullish(), permission: z.string() });

/** What GitHub told of a person. */
export interface Told<Fact> {
  fact: Fact;
  /** What it answered instead of telling, in words that follow "GitHub answered"; null where it told. */
  insteadOf: string | null;
}

/**
 * The role that a person holds in the repository now, from the collaborator-permission API. `role_name` tells
 * triage and maintain apart, which `permission` folds into read and write; an organisation's own role has a name
 * of its own, and there `permission` is the lower bound (docs.github.com, "Get repository permissions for a user").
 * 404 means no role, and so does every other answer that tells none. `author_association` of a comment is never used:
 * it shows private members as strangers.
 *
 * @throws where GitHub does not answer, or asks for a pause.
 */
export async function roleInRepository(
  request: GitHubRequest,
  repository: RepositoryName,
  login: string,
): Promise<Told<Role>> {
  try {
    const { status, data } = await request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      owner: repository.owner,
      repo: repository.name,
      username: login,
    });
    const parsed = answer.safeParse(data);
    if (status === 200 && parsed.success) return { fact: roleOfAnswer(parsed.data), insteadOf: null };
    return { fact: 'none', insteadOf: 'something else than a role' };
  } catch (error) {
    return { fact: 'none', insteadOf: noAnswerIsYes(error) };
  }
}

/**
 * What GitHub answered instead of a yes: null for 404, which is its no.
 *
 * @throws the error where it is no answer.
 */
export function noAnswerIsYes(error: unknown): string | null {
  const status = failureStatus(error);
  if (status === null || isOutage(error)) throw error;
  return status === 404 ? null : String(status);
}

/** Where the two words contradict each other, the weaker one counts. */
function roleOfAnswer({ role_name: roleName, permission }: z.infer<typeof answer>): Role {
  const [named, lowerBound] = [asRole(roleName), asRole(permission)];
  if (named === null) return lowerBound ?? 'none';
  return permission === oldWords[named] ? named : weakerRole(named, lowerBound ?? 'none');
}

/** `permission` knows four words only. */
const oldWords: Readonly<Record<Role, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
};

function asRole(name: string | null | undefined): Role | null {
  return roles.find((role) => role === name) ?? null;
}
