import type { Looked } from '../commands/look.ts';
import { factsOfLook, statusInput } from '../commands/looked-facts.ts';
import { composeEscalation, type EscalationReason } from '../core/compose/escalation-update.ts';
import { composeHandoff } from '../core/compose/handoff.ts';
import { judgedOf } from '../core/compose/judged.ts';
import { composePostmortem } from '../core/compose/postmortem.ts';
import { composeRefused } from '../core/compose/resolution.ts';
import { composeGranted } from '../core/compose/resolved.ts';
import { composeTimeline } from '../core/compose/timeline.ts';
import { gate } from '../core/incident/gate.ts';
import type { IncidentFacts } from '../core/snapshot.ts';
import type {
  EscalationUpdate,
  HandoffUpdate,
  PostmortemUpdate,
  ResolutionUpdate,
  TimelineUpdate,
} from '../core/update.ts';
import { InputError } from './io.ts';

/** The incident of a snapshot. @throws InputError where it knows none. */
export function incidentIn({ snapshot: { incident } }: Looked): IncidentFacts {
  if (incident === null || incident === undefined)
    throw new InputError(
      'the snapshot knows no incident, so no checkpoint or other update of one; take one of sitrep status --json or sitrep sandbox --once --json',
    );
  return incident;
}

/**
 * The escalation that the record tells of last; where it tells of none, that of the first rule that is met. Nobody is
 * assigned or told by it.
 *
 * @throws InputError where there is neither.
 */
export function escalationIn(looked: Looked, version: string): EscalationUpdate {
  return composeEscalation({
    facts: factsOfLook(looked, version),
    reason: reasonIn(looked),
    people: { assigned: [], passedOver: [] },
    told: [],
  });
}

function reasonIn({ configuration, criteria, state, snapshot }: Looked): EscalationReason {
  const last = state.escalations.at(-1);
  if (last !== undefined && last.rule === null && last.contact !== null)
    return { contact: last.contact, by: last.by, text: last.reason };
  const asked = last === undefined ? undefined : last.rule;
  const reading = criteria.escalation.find(({ id, result }) =>
    asked === undefined ? result === 'met' : id === asked,
  );
  const rule = configuration.escalation.find(({ id }) => id === reading?.id);
  if (reading === undefined || rule === undefined)
    throw new InputError(`nothing was escalated by ${snapshot.takenAt}, and no rule is met`);
  return { rule, reading };
}

/** The handoff that the record tells of last. @throws InputError where it tells of none. */
export function handoffIn(looked: Looked, version: string): HandoffUpdate {
  const { handoff } = looked.state;
  if (handoff === null) throw new InputError('the record of the snapshot knows no handoff');
  return composeHandoff({ ...statusInput(looked, version), from: handoff.by, to: handoff.to });
}

/**
 * What the resolve gate says of the look to whoever leads, or declared where nobody does, without an override.
 *
 * @throws InputError where the record knows no such person.
 */
export function resolutionIn(looked: Looked, version: string): ResolutionUpdate {
  const { state, configuration } = looked;
  const by = state.lead ?? state.declared?.by;
  if (by === undefined)
    throw new InputError('the record of the snapshot knows nobody who leads the incident or declared it');
  const facts = factsOfLook(looked, version);
  const judged = judgedOf(facts);
  const answer = gate(judged.readings, { role: 'write', isLead: state.lead === by, override: null });
  const call = { by, byHand: false, override: null, reopens: configuration.resolution.reopen_issue };
  return answer.granted
    ? composeGranted(facts, state, judged, call, answer.overridden)
    : composeRefused(facts, state, judged, call, answer);
}

/** All that the record tells. */
export function timelineIn({ snapshot }: Looked, version: string): TimelineUpdate {
  return composeTimeline({
    record: snapshot.record ?? [],
    filter: { group: null, since: null },
    now: snapshot.takenAt,
    version,
  });
}

/** The postmortem as a document, with the cause as this look tells it. */
export function postmortemIn(looked: Looked, version: string): PostmortemUpdate {
  const { configuration, snapshot, diagnosis } = looked;
  const { issue, title } = incidentIn(looked);
  return composePostmortem({
    issue,
    title,
    configuration,
    record: snapshot.record ?? [],
    telling: { snapshot, diagnosis },
    now: snapshot.takenAt,
    failure: null,
    as: 'document',
    version,
  });
}
