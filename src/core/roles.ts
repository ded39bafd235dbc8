/** Roles of a repository, weakest first, as `role_name` of GitHub's collaborator-permission API names them. */
export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;

export type Role = (typeof roles)[number];

/** Whether `held` is at least `needed`. */
export function roleSuffices(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}

/** The weaker of two roles. */
export function weakerRole(one: Role, other: Role): Role {
  return roleSuffices(one, other) ? other : one;
}
