import { nextCheckpoint } from '../core/checkpoints.ts';
import type { StatusInput } from '../core/compose.ts';
import type { Looked } from './look.ts';

/** What updates of any kind are composed of, from a look. */
export function shownOf(
  { configuration, configurationErrors, snapshot, diagnosis, criteria, plan }: Looked,
  version: string,
): StatusInput {
  const { incident, takenAt } = snapshot;
  return {
    configuration,
    snapshot,
    diagnosis,
    criteria,
    // Outside an incident there are no checkpoints.
    nextCheckpoint: incident
      ? { board: null, comment: nextCheckpoint(plan, incident.declaredAt, takenAt)?.dueAt ?? null }
      : null,
    configurationErrors,
    version,
  };
}
