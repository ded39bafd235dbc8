import type { Case } from '../diagnose/case.ts';
import { inUse } from '../graph.ts';
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
 * The instances of the revision in use that comes closest to its own maximum, or of all against that of the service; null
 * where a count or the maximum was not read.
 */
export function atMaximum(found: Case, id: string): Limit | null {
  const limits = [ofRevision(found, id), ofService(found, id)].filter((limit) => limit !== null);
  return limits.find(({ reached }) => reached) ?? limits[0] ?? null;
}

function ofRevision({ index }: Case, id: string): Limit | null {
  const active = [
    ...inUse(index, id, signal.activeInstancesMax),
    ...inUse(index, id, signal.activeInstances),
  ];
  const limits = active.flatMap((seen) => {
    const max = current(index, id, signal.scalingMax).find(({ revision }) => revision === seen.revision);
    const limit = compared(numberOf(seen), max, [seen]);
    return limit ? [{ limit, part: (numberOf(seen) ?? 0) / Math.max(1, limit.most) }] : [];
  });
  return limits.toSorted((a, b) => b.part - a.part)[0]?.limit ?? null;
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
