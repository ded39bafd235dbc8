import type { EventBody, IncidentEvent } from '../incident/events.ts';
import { changeWords } from './change-words.ts';

/**
 * The record as far as a redacted update may tell it: what people said and decided, states and causes, times. Of a change
 * its kind alone is left, of an earlier incident its number, and no command, revision, log line or score.
 */
export function redactedRecord(record: readonly IncidentEvent[]): IncidentEvent[] {
  return record.map((event) => {
    const body = redactedBody(event.body);
    // Who made a change, and its page, were read of the platform.
    return body.kind === 'change' ? { ...event, by: 'sitrep', url: null, body } : { ...event, body };
  });
}

/** Every kind of event is decided on here: a new one does not compile without. */
function redactedBody(body: EventBody): EventBody {
  switch (body.kind) {
    case 'declared':
    case 'stood-down':
    case 'severity':
    case 'stage':
    case 'lead':
    case 'acknowledged':
    case 'note':
    case 'impact':
    case 'why':
    case 'action-done':
    case 'action-reopened':
    case 'checkpoints':
    case 'snoozed':
    case 'not-regression':
    case 'escalated':
    case 'rule-unknown':
    case 'handoff':
    case 'handoff-accepted':
    case 'resolve-refused':
    case 'window-complete':
    case 'window-broken':
    case 'resolved':
    case 'reopened':
    case 'issue-closed':
    case 'issue-reopened':
    case 'began':
    case 'cause':
    case 'component-state':
    case 'postmortem':
    case 'followup':
    case 'updated':
    case 'folded':
      return body;
    case 'action-added':
      return { ...body, run: null };
    case 'regression':
      return { ...body, score: null, lines: [] };
    case 'similar':
      return { ...body, matches: body.matches.map((match) => ({ ...match, score: null, lines: [] })) };
    case 'rollback-offered':
      return { ...body, to: '' };
    case 'change':
      return { ...body, title: changeWords(body.change), page: null };
  }
}
