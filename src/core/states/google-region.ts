import { current, latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** An event that goes on and breaks what the project uses: verified to impact it, or an outage of the product. */
const grave = /^ACTIVE (?:IMPACTED|SERVICE_OUTAGE)$/;

/**
 * Google Cloud in the region, by what Google says of it: failing where an event is verified to impact the project
 * (or the public feed calls it an outage), degraded where any other goes on. That no event is told is all that can
 * show it to be healthy.
 */
export function regionState(id: string, index: Observations): StateReading {
  const active = latest(index, id, signal.activeEvents);
  const count = numberOf(active);
  if (!active || count === null) return unread(index, id, 'any');
  if (count === 0) return reading('healthy', 'no event goes on', [active]);
  const events = current(index, id, signal.event).filter(
    ({ value }) => value.startsWith('ACTIVE ') && value !== 'ACTIVE NOT_IMPACTED',
  );
  const [first] = events;
  const title = first?.text?.split('; ')[0];
  const since = first?.first === undefined ? '' : `, since ${first.first.slice(11, 16)} UTC`;
  const why = `${count} ${count === 1 ? 'event goes' : 'events go'} on${title ? `: ${title}${since}` : ''}`;
  const isGrave = events.some(({ value }) => grave.test(value));
  return reading(isGrave ? 'failing' : 'degraded', why, [active, ...events]);
}
