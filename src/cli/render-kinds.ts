import { promised } from '../commands/checkpoint.ts';
import type { Looked } from '../commands/look.ts';
import { statusInput } from '../commands/looked-facts.ts';
import { statusOf } from '../commands/status.ts';
import { latestCheckpoint } from '../core/checkpoints.ts';
import { composeBrief } from '../core/compose/brief.ts';
import { composeCriteria } from '../core/compose/criteria.ts';
import { composeDeclare } from '../core/compose/declare.ts';
import { composeDiff } from '../core/compose/diff.ts';
import type { CheckpointReached } from '../core/compose/facts.ts';
import { composeFiveWhys } from '../core/compose/five-whys.ts';
import { composeLiving } from '../core/compose/living.ts';
import type { Update } from '../core/update.ts';
import { InputError } from './io.ts';
import {
  escalationIn,
  handoffIn,
  incidentIn,
  postmortemIn,
  resolutionIn,
  timelineIn,
} from './render-incident.ts';

/** Makes the update of a kind from a look; it throws an InputError where the snapshot holds no such thing. */
type Composer = (looked: Looked, version: string) => Update;

/** The kinds of update that `sitrep render` knows; a new one is a line here. */
export const renderKinds: ReadonlyMap<string, Composer> = new Map<string, Composer>([
  ['status', statusOf],
  ['declare', ofIncident((looked, version) => composeDeclare(statusInput(looked, version)))],
  ['living', ofIncident((looked, version) => composeLiving(statusInput(looked, version)))],
  ['checkpoint', (looked, version) => promised(looked, version, checkpointOf(looked)).update],
  ['brief', (looked, version) => composeBrief(statusInput(looked, version))],
  ['five-whys', (looked, version) => composeFiveWhys(statusInput(looked, version))],
  ['criteria', (looked, version) => composeCriteria(statusInput(looked, version))],
  ['diff', (looked, version) => composeDiff(statusInput(looked, version), null)],
  ['escalation', ofIncident(escalationIn)],
  ['handoff', ofIncident(handoffIn)],
  ['resolution', ofIncident(resolutionIn)],
  ['timeline', ofIncident(timelineIn)],
  ['postmortem', ofIncident(postmortemIn)],
]);

/** For what is told of an incident only. */
function ofIncident(compose: Composer): Composer {
  return (looked, version) => {
    incidentIn(looked);
    return compose(looked, version);
  };
}

/** The checkpoint that was due last when the snapshot was taken. */
function checkpointOf(looked: Looked): CheckpointReached {
  const {
    plan,
    snapshot: { takenAt },
  } = looked;
  const { declaredAt } = incidentIn(looked);
  const due = latestCheckpoint(plan, declaredAt, takenAt);
  if (due === null)
    throw new InputError(
      `no checkpoint was due by ${takenAt}: the incident was declared at ${declaredAt}, and they are after ${plan.join(', ')}`,
    );
  return { ...due, missed: [] };
}
