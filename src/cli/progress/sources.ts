import type { EndedRead, WatchedRead } from '../../collectors/collect.ts';
import type { SourceResult } from './words.ts';

/** The sources of one collection: the reads of a collector count as one, which has answered when all of them have. */
export interface Sources {
  /** Notes that a read ended; gives what its source came to where it was the last one of it, else null. */
  ended(read: EndedRead, ms: number): SourceResult | null;
  /** Those that have not answered yet, in the order of the plan. */
  waiting(): string[];
}

/** `reads` are all that will end. */
export function openSources(reads: readonly WatchedRead[]): Sources {
  const planned = Map.groupBy(reads, ({ collector }) => collector);
  const ended = new Map<string, EndedRead[]>();
  const isWhole = (collector: string) =>
    (ended.get(collector)?.length ?? 0) >= (planned.get(collector)?.length ?? 0);
  return {
    ended(read, ms) {
      const all = [...(ended.get(read.collector) ?? []), read];
      ended.set(read.collector, all);
      return isWhole(read.collector) ? resultOf(planned.get(read.collector) ?? all, all, ms) : null;
    },
    waiting: () => [...planned.keys()].filter((collector) => !isWhole(collector)),
  };
}

function resultOf(planned: readonly WatchedRead[], ended: readonly EndedRead[], ms: number): SourceResult {
  const gaps = ended.flatMap(gapsOf);
  return {
    collector: planned[0]?.collector ?? '',
    components: [...new Set(planned.flatMap(({ components }) => components))],
    gaps: [...Map.groupBy(gaps, (gap) => JSON.stringify(gap)).values()].flatMap(([gap]) => gap ?? []),
    failed: ended.every(({ outcome }) => outcome !== 'ok'),
    ms,
  };
}

/** A read that uses what others ask for leaves no gap of its own where it fails: it lacks all the same. */
function gapsOf({ outcome, components, gaps }: EndedRead): EndedRead['gaps'] {
  if (outcome === 'ok' || gaps.length > 0) return gaps;
  return components.map((component) => ({ component, reason: outcome }));
}
