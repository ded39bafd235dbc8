/**
 * A repository as one installation of the App sees it. What is kept of a repository is kept for both: its name may be
 * somebody else's tomorrow, and the repository itself somebody else's too.
 */
export interface InstalledRepository {
  installationId: number;
  /** GitHub's id, which stays when the repository is renamed or transferred. */
  repositoryId: number;
}
