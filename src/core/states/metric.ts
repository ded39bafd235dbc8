import type { MetricComponent } from '../../config/repository.schema.ts';
import { gapsOf, latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import { figure, reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';
import { beyond, hasThreshold } from './thresholds.ts';

/**
 * A configured metric by its last value, of several series the worst one's. It is healthy only where every series
 * had a value and none lies beyond a bound; without any bound it says nothing of a state.
 */
export function metricState(id: string, component: MetricComponent, index: Observations): StateReading {
  const value = latest(index, id, signal.value);
  const number = numberOf(value);
  if (!value || number === null) return unread(index, id, [signal.value]);
  const found = beyond(number, component);
  const which = value.text === undefined ? '' : `; ${value.text}`;
  if (found) return reading(found.state, `${figure(value)}, ${found.bound}${which}`, [value]);
  if (!hasThreshold(component)) return reading('unknown', `${figure(value)}, no threshold is set`, [value]);
  if (gapsOf(index, id, signal.value).length > 0) {
    return unread(index, id, [signal.value], [value], figure(value));
  }
  return reading('healthy', figure(value), [value]);
}
