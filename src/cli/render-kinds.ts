import type { Looked } from '../commands/look.ts';
import { statusInput, statusOf } from '../commands/status.ts';
import { latestCheckpoint } from '../core/checkpoints.ts';
import { composeBrief } from '../core/compose/brief.ts';
import { composeCriteria } from '../core/compose/criteria.ts';
import { composeDiff } from '../core/compose/diff.ts';
import type { CheckpointReached } from '../core/compose/facts.ts';
import { composeFiveWhys } from '../core/compose/five-whys.ts';
import type { Update } from '../core/update.ts';
import { InputError } from './io.ts';

/** Makes the update of a kind from a look; it throws an InputError where the snapshot holds no such thing. */
type Composer = (looked: Looked, version: string) => Update;

/** The kinds of update that `sitrep render` knows; a new one is a line here. */
export const renderKinds: ReadonlyMap<string, Composer> = new Map<string, Composer>([
  ['status', statusOf],
  ['checkpoint', (looked, version) => statusOf(looked, version, checkpointOf(looked))],
  ['brief', (looked, version) => composeBrief(statusInput(looked, version))],
  ['five-whys', (looked, version) => composeFiveWhys(statusInput(looked, version))],
  ['criteria', (looked, version) => composeCriteria(statusInput(looked, version))],
  ['diff', (looked, version) => composeDiff(statusInput(looked, version), null)],
]);

/** The checkpoint that was due last when the snapshot was taken. */
function checkpointOf({ plan, snapshot: { incident, takenAt } }: Looked): CheckpointReached {
  if (incident === null || incident === undefined)
    throw new InputError(
      'the snapshot knows no incident, so no checkpoint; take one of sitrep status --json or sitrep sandbox --once --json',
    );
  const due = latestCheckpoint(plan, incident.declaredAt, takenAt);
  if (due === null)
    throw new InputError(
      `no checkpoint was due by ${takenAt}: the incident was declared at ${incident.declaredAt}, and they are after ${plan.join(', ')}`,
    );
  return { ...due, missed: [] };
}
