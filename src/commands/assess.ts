import type { ConfigurationError } from '../config/repository.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { composeStatus, type StatusInput } from '../core/compose.ts';
import { readCriteria } from '../core/criteria.ts';
import { diagnose } from '../core/diagnose.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import { nextCheckpoint } from '../core/checkpoints.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { renderUpdate } from '../templates/render.ts';

/** What Sitrep makes of a snapshot. */
export interface Assessment {
  diagnosis: Diagnosis;
  markdown: string;
}

/** From a snapshot to the text of a status: diagnose, read the criteria, compose, render. Pure. */
export function assess(
  configuration: Configuration,
  snapshot: Snapshot,
  configurationErrors: ConfigurationError[],
  version: string,
): Assessment {
  const diagnosis = diagnose(configuration, snapshot);
  const criteria = readCriteria({ configuration, snapshot, diagnosis });
  const update = composeStatus({
    configuration,
    snapshot,
    diagnosis,
    criteria,
    nextCheckpoint: promised(configuration, snapshot),
    configurationErrors,
    version,
  });
  return { diagnosis, markdown: renderUpdate(update) };
}

/** When the next update is due; null outside an incident. */
function promised(
  configuration: Configuration,
  { incident, takenAt }: Snapshot,
): StatusInput['nextCheckpoint'] {
  if (incident === null || incident === undefined) return null;
  return { board: null, comment: nextCheckpoint(configuration.checkpoints, incident.declaredAt, takenAt) };
}
