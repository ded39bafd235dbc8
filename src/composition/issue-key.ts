/** Key of the jobs that concern an installation as a whole. */
export function keyOfInstallation(installationId: number): string {
  return `installation#${String(installationId)}`;
}

/** Key of the jobs of an issue: what is written there is written in the order in which it was decided. */
export function keyOf({ repositoryId, issue }: { repositoryId: number; issue: number }): string {
  return `${String(repositoryId)}#${String(issue)}`;
}
