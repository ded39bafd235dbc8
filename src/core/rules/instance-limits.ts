import type { Case } from '../diagnose/case.ts';
import { current, latest, numberOf, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';

/** A count of instances against the most that there may be. */
export interface Limit {
  reached: boolean;
  most: number;
  seen: Observation[];
}

/**
 * The instances of the revision that has most against its own maximum, or of all against that of the service; null
 * where a count or the maximum was not read.
 */
export function atMaximum(found: Case, id: string): Limit | null {
  const limits = [ofRevision(found, id), ofService(found, id)].filter((limit) => limit !== null);
  return limits.find(({ reached }) => reached) ?? limits[0] ?? null;
}

function ofRevision({ index }: Case, id: string): Limit | null {
  const [top] = [
    ...current(index, id, signal.activeInstancesMax),
    ...current(index, id, signal.activeInstances),
  ].toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
  const limit = current(index, id, signal.scalingMax).find(({ revision }) => revision === top?.revision);
  return compared(numberOf(top), limit, top ? [top] : []);
}

/** The highest of one revision may lie at another time than that of the next: only the last points are added. */
function ofService({ index }: Case, id: string): Limit | null {
  const running = current(index, id, signal.activeInstances);
  const highest = current(index, id, signal.activeInstancesMax);
  const counts = [running, ...highest.map((seen) => [seen])];
  const [most] = counts.toSorted((a, b) => (sumOf(b) ?? 0) - (sumOf(a) ?? 0));
  return compared(sumOf(most ?? []), latest(index, id, signal.serviceScalingMax), most ?? []);
}

function compared(
  count: number | null,
  limit: Observation | undefined,
  counted: readonly Observation[],
): Limit | null {
  const most = numberOf(limit);
  if (!limit || count === null || most === null) return null;
  return { reached: count >= most, most, seen: [...counted, limit] };
}
