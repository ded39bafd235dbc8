import type { Case } from '../diagnose/case.ts';
import { number } from '../figures.ts';
import { before, current, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { risen } from './rise.ts';

/** Whether a service has more requests than in the hour before; null where one of the two was not read. */
export function requestsRose(
  { index }: Case,
  id: string,
): { rose: boolean; clause: string; seen: Observation[] } | null {
  const [now, was] = [current(index, id, signal.requests), before(index, id, signal.requests)];
  const [count, earlier] = [sumOf(now), sumOf(was)];
  if (count === null || earlier === null) return null;
  return {
    rose: count > 0 && count >= earlier * risen,
    clause: `${number(count)} requests in the hour, ${number(earlier)} in the one before`,
    seen: [...now, ...was],
  };
}
