import type { ConfigurationError } from '../config/repository.ts';
import type { Configuration } from '../config/repository.schema.ts';
import type { CheckpointReached } from '../core/compose.ts';
import { readCriteria } from '../core/criteria.ts';
import { diagnose } from '../core/diagnose.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Disclosure } from '../core/disclosure.ts';
import { stateOf } from '../core/incident/state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { StatusUpdate } from '../core/update.ts';
import type { Looked } from './look.ts';
import { statusOf } from './status.ts';

/** Why an update is shown, and when the next one comes by itself. */
export interface Occasion {
  /** Distances from the declaration at which updates come by themselves; empty where none does. */
  plan: readonly string[];
  /** The checkpoint that it is; missing where somebody asked for it. */
  checkpoint?: CheckpointReached | undefined;
}

/** What a look at a snapshot that was collected before comes to: diagnose, read the criteria. Pure. */
export function lookAt(
  configuration: Configuration,
  snapshot: Snapshot,
  configurationErrors: ConfigurationError[],
  plan: readonly string[],
  disclosure: Disclosure = 'full',
): Looked {
  const diagnosis = diagnose(configuration, snapshot);
  const criteria = readCriteria({ configuration, snapshot, diagnosis });
  const state = stateOf(snapshot.record ?? []);
  return {
    disclosure,
    configuration,
    configurationErrors,
    snapshot,
    diagnosis,
    criteria,
    state,
    plan: [...plan],
    boardAt: null,
    earlier: [],
  };
}

/** From a snapshot to a status: diagnose, read the criteria, compose. Pure. */
export function assess(
  configuration: Configuration,
  snapshot: Snapshot,
  configurationErrors: ConfigurationError[],
  version: string,
  { plan, checkpoint }: Occasion,
  disclosure: Disclosure = 'full',
): { diagnosis: Diagnosis; update: StatusUpdate } {
  const looked = lookAt(configuration, snapshot, configurationErrors, plan, disclosure);
  return { diagnosis: looked.diagnosis, update: statusOf(looked, version, checkpoint) };
}
