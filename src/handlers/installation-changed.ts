import { installationEvent } from '../core/installation-event.ts';

/** A repository as GitHub names it. */
export interface NamedRepository {
  id: number;
  /** owner/name */
  name: string;
}

/** What follows from what happened to an installation as a whole; `src/index.ts` wires it. Each may be done twice. */
export interface InstallationChanges {
  /** The App was uninstalled. `delivery` says so. */
  removed(installationId: number, delivery: string): Promise<void>;
  /** Repositories were taken from the App, or deleted. */
  repositoriesRemoved(
    installationId: number,
    repositories: readonly NamedRepository[],
    delivery: string,
  ): Promise<void>;
  /** The App may do nothing there for now; what is recorded stays. */
  suspended(installationId: number): Promise<void>;
  unsuspended(installationId: number): Promise<void>;
}

/** An event of a whole installation → what follows from it. */
export async function installationChanged(
  changes: InstallationChanges,
  delivery: string,
  event: string,
  payload: object,
): Promise<void> {
  const { action, installation, repositories_removed: removed } = installationEvent.parse(payload);
  switch (`${event}.${action}`) {
    case 'installation.deleted':
      return await changes.removed(installation.id, delivery);
    case 'installation.suspend':
      return await changes.suspended(installation.id);
    case 'installation.unsuspend':
      return await changes.unsuspended(installation.id);
    default: {
      const repositories = removed.map(({ id, full_name: name }) => ({ id, name }));
      return await changes.repositoriesRemoved(installation.id, repositories, delivery);
    }
  }
}
