import type { IncidentEvent } from './events.ts';

/** What a row of the timeline tells of: something that was changed, that a person did, or that Sitrep saw or did. */
type TimelineGroup = 'changes' | 'people' | 'sitrep';

/** One row: an event, as people read it. */
export interface TimelineEntry {
  event: IncidentEvent;
  group: TimelineGroup;
  /** When it was recorded, where that is not when it happened; UTC, ISO 8601. */
  recordedAt: string | null;
  /** The number of an action that was added; null for anything else. */
  action: number | null;
}

/** Which rows are wanted. */
export interface TimelineFilter {
  /** Null for all groups. */
  group: TimelineGroup | null;
  /** UTC, ISO 8601: nothing that happened before; null for everything. */
  since: string | null;
}

/** A command takes a moment to be recorded: that is no other time. */
const aMomentMs = 2 * 60_000;

/**
 * What happened, by the time at which it happened; at one time in the order in which it was recorded. The actions of the
 * configured plan are left out: nobody did them yet.
 */
export function timelineOf(
  record: readonly IncidentEvent[],
  { group, since }: TimelineFilter = { group: null, since: null },
): TimelineEntry[] {
  let actions = 0;
  return record
    .map((event): TimelineEntry => {
      if (event.body.kind === 'action-added') actions += 1;
      return {
        event,
        group: groupOf(event),
        recordedAt: isApart(event) ? event.recordedAt : null,
        action: event.body.kind === 'action-added' ? actions : null,
      };
    })
    .filter(({ event: { body } }) => !(body.kind === 'action-added' && body.planned))
    .filter((entry) => group === null || entry.group === group)
    .filter(({ event: { at } }) => since === null || Date.parse(at) >= Date.parse(since))
    .toSorted((a, b) => Date.parse(a.event.at) - Date.parse(b.event.at));
}

function isApart({ at, recordedAt }: IncidentEvent): boolean {
  return Math.abs(Date.parse(recordedAt) - Date.parse(at)) > aMomentMs;
}

function groupOf({ by, body }: IncidentEvent): TimelineGroup {
  if (body.kind === 'change') return 'changes';
  return by === 'sitrep' || body.kind === 'updated' ? 'sitrep' : 'people';
}
