import { signal } from '../core/signals.ts';
import type { LogEntry } from './log-entry.schema.ts';

/** How Cloud Run says that a container came to its end, other than by `Container called exit(N)`. */
export interface ContainerEnd {
  /** The signal that it counts under. */
  name: string;
  /** What orders the samples of one name, the greatest first: MiB used. 0 where there is no such figure. */
  size: number;
}

const lines = {
  terminated: /^Container terminated on signal (\d{1,3})\b/,
  // "… MiB exceeded with … MiB used", for jobs and functions too; long texts of advice may follow.
  memory:
    /^Memory limit of \d{1,9}(?:\.\d{1,3})? ?[KMG]i?B? exceeded with (\d{1,9}(?:\.\d{1,3})?) ?[KMG]i?B? used\b/,
} as const;

/** What a line of Cloud Run's own log tells of a container's end; null for any other line. */
export function containerEnd({ system, message }: Pick<LogEntry, 'system' | 'message'>): ContainerEnd | null {
  // An application may write the same words of something else.
  if (!system) return null;
  const number = lines.terminated.exec(message)?.[1]?.replace(/^0+(?=\d)/, '');
  if (number !== undefined) return { name: `${signal.terminated}${number}`, size: 0 };
  const used = lines.memory.exec(message)?.[1];
  return used === undefined ? null : { name: signal.memoryExceeded, size: Number(used) };
}

/** One kind of end of one revision. */
export interface ContainerEnds {
  name: string;
  entries: LogEntry[];
  /** The line to show: of memory limits the one with the most used. */
  sample: string;
}

/** The ends in these entries by kind and revision, in an order that does not hang on theirs. */
export function containerEnds(entries: readonly LogEntry[]): ContainerEnds[] {
  const ends = entries.flatMap((entry) => {
    const end = containerEnd(entry);
    return end === null ? [] : [{ entry, ...end }];
  });
  const groups = Map.groupBy(ends, ({ entry, name }) => JSON.stringify([name, entry.revision]));
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group.toSorted(
        (a, b) => b.size - a.size || (a.entry.message < b.entry.message ? -1 : 1),
      );
      if (first === undefined) return [];
      const sample = first.entry.message.split('\n', 1)[0] ?? '';
      return [{ name: first.name, entries: group.map(({ entry }) => entry), sample }];
    });
}
