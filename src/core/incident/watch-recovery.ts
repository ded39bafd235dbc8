import type { CriterionReading, Result } from '../criteria/types.ts';
import type { EventBody } from './events.ts';
import type { IncidentState } from './state.ts';

/**
 * Whether an incident is over is asked of people once all criteria are met: after they were refused, or while they say
 * that they only watch. Asked once; where one fails again before they confirm, it is asked anew the next time all are met.
 */

/** What a look adds to the record about the recovery; nothing where nobody waits for it. */
export function recoveryEvents(
  state: IncidentState,
  readings: readonly Pick<CriterionReading, 'result' | 'title'>[],
): Extract<EventBody, { kind: 'window-complete' | 'window-broken' }>[] {
  const failing = readings.filter(({ result }) => result === 'failed').map(({ title }) => title);
  if (state.watched && state.windowCompleteAt !== null && failing.length > 0)
    return [{ kind: 'window-broken', failing }];
  const isMet = readings.length > 0 && readings.every(({ result }) => result === 'met');
  return isWaitedFor(state) && isMet ? [{ kind: 'window-complete' }] : [];
}

/** A sample may show what only a full look can confirm; of looks that do not, there is one in so many minutes. */
const everyMinutes = 5;
const minute = 60_000;

/**
 * Whether a sample is worth a full look: all criteria are met by it; or, since the time at which they can be, none fails
 * and what is unknown may be so because samples read less than a look does.
 *
 * @param results Of the success criteria, at the sample.
 * @param at When the sample was taken, UTC.
 */
export function recoveryDue(state: IncidentState, results: readonly Result[], at: string): boolean {
  if (!isWaitedFor(state) || results.length === 0 || results.includes('failed')) return false;
  const recheckAt = state.refused?.recheckAt ?? null;
  const sinceMs = Date.parse(at) - (recheckAt === null ? 0 : Date.parse(recheckAt));
  const isPromised = recheckAt !== null && sinceMs >= 0;
  if (!isPromised && results.includes('unknown')) return false;
  const minutes = Math.floor(sinceMs / minute);
  return ((minutes % everyMinutes) + everyMinutes) % everyMinutes === 0;
}

function isWaitedFor({ watched, windowCompleteAt, refused, stage, issueClosed }: IncidentState): boolean {
  return watched && !issueClosed && windowCompleteAt === null && (refused !== null || stage === 'monitoring');
}
