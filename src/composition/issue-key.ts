/** Key of the jobs of an issue: what is written there is written in the order in which it was decided. */
export function keyOf({ repositoryId, issue }: { repositoryId: number; issue: number }): string {
  return `${String(repositoryId)}#${String(issue)}`;
}
