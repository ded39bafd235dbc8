import type { ConfigurationError } from '../config/repository.ts';
import type { Configuration } from '../config/repository.schema.ts';
import { nextCheckpoint } from '../core/checkpoints.ts';
import { composeStatus, type CheckpointReached, type StatusInput } from '../core/compose.ts';
import { readCriteria, type CriteriaReadings } from '../core/criteria.ts';
import { diagnose } from '../core/diagnose.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { renderUpdate } from '../templates/render.ts';

/** What Sitrep makes of a snapshot. */
export interface Assessment {
  diagnosis: Diagnosis;
  markdown: string;
  /** Of the labels that the configuration wants kept, whether each belongs on the issue. */
  labels: CriteriaReadings['labels'];
}

/** Why an update is posted now, and when the next one comes by itself. */
export interface Occasion {
  /** Distances from the declaration at which updates come by themselves; empty where none does. */
  plan: readonly string[];
  /** The checkpoint that it is; missing where somebody asked for it. */
  checkpoint?: CheckpointReached | undefined;
}

/** From a snapshot to the text of a status: diagnose, read the criteria, compose, render. Pure. */
export function assess(
  configuration: Configuration,
  snapshot: Snapshot,
  configurationErrors: ConfigurationError[],
  version: string,
  { plan, checkpoint }: Occasion,
): Assessment {
  const diagnosis = diagnose(configuration, snapshot);
  const criteria = readCriteria({ configuration, snapshot, diagnosis });
  const update = composeStatus({
    configuration,
    snapshot,
    diagnosis,
    criteria,
    nextCheckpoint: promised(plan, snapshot),
    checkpoint,
    configurationErrors,
    version,
  });
  return { diagnosis, markdown: renderUpdate(update), labels: criteria.labels };
}

/** When the next update is due; null outside an incident, which has no checkpoints. */
function promised(plan: readonly string[], { incident, takenAt }: Snapshot): StatusInput['nextCheckpoint'] {
  if (incident === null || incident === undefined || incident.stage === 'resolved') return null;
  return { board: null, comment: nextCheckpoint(plan, incident.declaredAt, takenAt)?.dueAt ?? null };
}
