import type { EventBody, IncidentEvent } from '../../../src/core/incident/events.ts';
import { stateOf, type IncidentState } from '../../../src/core/incident/state.ts';

/** An event of the record at a time of the day of the play, `17:15`, by a person. */
export function happened(time: string, by: string, body: EventBody): IncidentEvent {
  const at = `2025-09-15T${time}:00Z`;
  return { key: `${time} ${body.kind}`, at, by, url: null, body, recordedAt: at };
}

const declared = happened('17:15', 'alice', { kind: 'declared', severity: 'P0', via: 'label' });

/** The record of an incident that was declared at 17:15, and what happened after it. */
export function recordOf(...events: IncidentEvent[]): { record: IncidentEvent[]; state: IncidentState } {
  const record = [declared, ...events];
  return { record, state: stateOf(record) };
}
