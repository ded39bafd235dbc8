import { nextComment } from '../core/checkpoints.ts';
import type { StatusInput } from '../core/compose.ts';
import { factsOf, type Facts } from '../core/compose/facts.ts';
import type { Looked } from './look.ts';

/** What a comment on a look is composed of. */
export function factsOfLook(looked: Looked, version: string): Facts {
  return factsOf(statusInput(looked, version));
}

/** What the updates of a look are composed of. */
export function statusInput(
  { configuration, configurationErrors, snapshot, diagnosis, criteria, plan, boardAt, state }: Looked,
  version: string,
): StatusInput {
  const { incident, takenAt } = snapshot;
  return {
    configuration,
    snapshot,
    diagnosis,
    criteria,
    plan,
    // Outside an incident there are no checkpoints.
    nextCheckpoint: incident
      ? {
          board: boardAt,
          comment: nextComment(plan, incident.declaredAt, takenAt, state),
        }
      : null,
    configurationErrors,
    version,
  };
}
