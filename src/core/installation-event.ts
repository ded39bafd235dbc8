import { z } from 'zod';

/**
 * What happened to an installation of the App as a whole, as far as Sitrep reads it and as it is stored: ids, and the
 * names by which GitHub is asked whether it is so. Nobody's login is among it.
 */
export const installationEvent = z.object({
  action: z.string(),
  installation: z.object({ id: z.int() }),
  /** Repositories that were taken from the installation, or deleted. */
  repositories_removed: z.array(z.object({ id: z.int(), full_name: z.string() })).default([]),
});

export type InstallationEvent = z.infer<typeof installationEvent>;

/** The payload of the `repository` webhook. */
export const repositoryEvent = z.object({
  action: z.string(),
  installation: z.object({ id: z.int() }),
  repository: z.object({ id: z.int(), full_name: z.string() }),
  /** What else happens in a repository names it too; these tell the commonest apart, and GitHub is asked whether it is so. */
  issue: z.undefined().optional(),
  comment: z.undefined().optional(),
});

/** The events of installations that have an effect. GitHub sends the first two to every App; `repository` is subscribed to. */
export const installationEvents = [
  'installation.deleted',
  'installation.suspend',
  'installation.unsuspend',
  'installation_repositories.removed',
  'repository.deleted',
] as const;

/** Whether one of them has an effect. */
export function isInstallationEvent(event: string, action: string): boolean {
  return installationEvents.some((known) => known === `${event}.${action}`);
}
