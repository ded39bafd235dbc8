import type { LogFilterComponent } from '../../config/repository.schema.ts';
import { latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';
import { beyond, hasThreshold } from './thresholds.ts';

/**
 * A configured log filter by the number of entries in the window. Where only a lower bound is known, it can show
 * that there are too many, and nothing else.
 */
export function logFilterState(id: string, component: LogFilterComponent, index: Observations): StateReading {
  const entries = latest(index, id, signal.entries);
  const count = numberOf(entries);
  if (!entries || count === null) return unread(index, id, [signal.entries]);
  const words = `${entries.partial === true ? 'at least ' : ''}${entries.value} entries`;
  const found = beyond(count, component);
  if (entries.partial !== true) {
    if (found) return reading(found.state, `${words}, ${found.bound}`, [entries]);
    if (!hasThreshold(component)) return reading('unknown', `${words}, no threshold is set`, [entries]);
    return reading('healthy', words, [entries]);
  }
  const above = beyond(count, { failing: upper(component.failing), degraded: upper(component.degraded) });
  if (above) return reading(above.state, `${words}, ${above.bound}`, [entries]);
  return reading('unknown', `${words}, and more were not read`, [entries]);
}

/** The part of a bound that a lower bound of the count can show to be passed. */
function upper(limit: LogFilterComponent['failing']): LogFilterComponent['failing'] {
  return limit?.above === undefined ? undefined : { above: limit.above };
}
