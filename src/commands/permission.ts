import { z } from 'zod';
import { failureStatus, type GitHubRequest, type RepositoryName } from '../core/github-request.ts';
import { roles, type Role } from '../core/roles.ts';

const answer = z.object({ role_name: z.string().optional(), permission: z.string() });

/**
 * The role that a person holds in the repository now, from the collaborator-permission API. `role_name` tells
 * triage and maintain apart, which `permission` folds into read and write; an organisation's own role has a name
 * of its own, and there `permission` is the lower bound. 404 means no role. `author_association` of a comment is
 * never used: it shows private members as strangers.
 *
 * @throws where GitHub does not answer: no answer is not a yes.
 */
export async function roleOf(
  request: GitHubRequest,
  repository: RepositoryName,
  login: string,
): Promise<Role> {
  try {
    const { data } = await request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      owner: repository.owner,
      repo: repository.name,
      username: login,
    });
    const { role_name: roleName, permission } = answer.parse(data);
    return asRole(roleName) ?? asRole(permission) ?? 'none';
  } catch (error) {
    if (failureStatus(error) === 404) return 'none';
    throw error;
  }
}

function asRole(name: string | undefined): Role | null {
  return roles.find((role) => role === name) ?? null;
}
