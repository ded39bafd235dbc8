import { lookByItself, type DueLook } from '../commands/escalation-due.ts';
import type { DepsFor } from '../handlers/dispatch.ts';
import { findIncidentById } from '../store/incidents.ts';
import type { Store } from '../store/open.ts';
import type { LookWorkerDeps } from '../worker/looks.ts';

/** How the worker finds the incidents that samples ask to look at, and looks. */
export function storedLooks({ db }: Store, depsFor: DepsFor): LookWorkerDeps<Omit<DueLook, 'id'>> {
  return {
    load: (incident) => findIncidentById(db, incident),
    look: (due) => lookByItself(depsFor(due.installationId), due),
  };
}
