import type { HttpComponent } from '../../config/repository.schema.ts';
import { latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import { durationSeconds } from './duration.ts';
import { figure, reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/**
 * An endpoint is healthy if it answered with the expected status in time, degraded if with the expected status
 * but late, failing with any other status. A probe that got no answer is a gap, hence unknown.
 */
export function httpState(id: string, component: HttpComponent, index: Observations): StateReading {
  const status = latest(index, id, signal.status);
  if (!status) return unread(index, id, [signal.status]);
  const latency = latest(index, id, signal.latency);
  const seen = latency ? [status, latency] : [status];
  const answer = latency ? `${status.value} in ${figure(latency)}` : status.value;
  const expected = component.expect?.status ?? 200;
  if (numberOf(status) !== expected) return reading('failing', answer, seen);
  const seconds = numberOf(latency);
  if (!latency || seconds === null) return unread(index, id, [signal.latency], seen, answer);
  const limit = component.expect?.within ?? '10s';
  if (seconds > durationSeconds(limit))
    return reading('degraded', `${answer}, expected within ${limit}`, seen);
  return reading('healthy', answer, seen);
}
