import { nextComment } from '../core/checkpoints.ts';
import type { StatusInput } from '../core/compose.ts';
import { factsOf, type Facts } from '../core/compose/facts.ts';
import { redactedInput } from '../core/redacted/input.ts';
import type { Looked } from './look.ts';

/** What a comment on a look is composed of: as much as it may show. */
export function factsOfLook(looked: Looked, version: string): Facts {
  return factsOf(statusInput(looked, version));
}

/** All that a look read, whatever may be shown of it: what is decided is decided by this. */
export function factsRead(looked: Looked, version: string): Facts {
  return factsOf(inputRead(looked, version));
}

/** What the updates of a look are composed of: as much as they may show. */
export function statusInput(looked: Looked, version: string): StatusInput {
  const input = inputRead(looked, version);
  return looked.disclosure === 'full' ? input : redactedInput(input);
}

function inputRead(
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
