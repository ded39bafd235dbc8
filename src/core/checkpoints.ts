import { durationSeconds } from './states/duration.ts';

/**
 * Promised times of updates. A plan holds distances from the declaration, as the configuration writes them; its last
 * interval repeats: 2h, 4h, 8h goes on with 12h, 16h. All is counted in UTC from the declaration, so neither a clock
 * that jumps nor daylight saving moves a checkpoint or gives it a second name.
 */
export interface Checkpoint {
  /** Its distance from the declaration in the largest unit that has no rest: `2h`, `90m`. */
  kind: string;
  /** UTC, ISO 8601. */
  dueAt: string;
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * The plan that a configuration asks for, ascending. Checkpoints are comments that nobody asked for: no more of them an
 * hour than the operator allows, so those that lie too close together are moved apart; none where none are allowed.
 */
export function plannedCheckpoints(configured: readonly string[], commentsPerHour: number): string[] {
  if (commentsPerHour < 1) return [];
  const apart = Math.ceil(60 / commentsPerHour) * minute;
  const planned: number[] = [];
  for (const offset of offsetsOf(configured)) {
    planned.push(Math.max(offset, (planned.at(-1) ?? 0) + apart));
  }
  return planned.map(kindOf);
}

/** When the next update is due: the first checkpoint after `at`; null where the plan is empty. */
export function nextCheckpoint(plan: readonly string[], declaredAt: string, at: string): Checkpoint | null {
  const series = seriesOf(plan, declaredAt);
  return series === null ? null : series.at(series.countUntil(at));
}

/**
 * When the next comment comes by itself: at the next checkpoint; where people asked for quiet until later than that, at
 * the end of the quiet, once. Null where the plan is empty.
 */
export function nextComment(
  plan: readonly string[],
  declaredAt: string,
  at: string,
  { snoozedFrom, snoozedUntil }: Quiet,
): string | null {
  const isQuiet = snoozedUntil !== null && Date.parse(snoozedUntil) > Date.parse(at);
  // One that came due since the quiet began has not come yet.
  const since =
    isQuiet && snoozedFrom !== null && Date.parse(snoozedFrom) < Date.parse(at) ? snoozedFrom : at;
  const next = nextCheckpoint(plan, declaredAt, since)?.dueAt ?? null;
  return next !== null && isQuiet && Date.parse(snoozedUntil) > Date.parse(next) ? snoozedUntil : next;
}

/** The quiet that people asked for last, UTC; null where nobody did. */
interface Quiet {
  snoozedFrom: string | null;
  snoozedUntil: string | null;
}

/** The checkpoint that was due last at `at`; null where none was. */
export function latestCheckpoint(plan: readonly string[], declaredAt: string, at: string): Checkpoint | null {
  const series = seriesOf(plan, declaredAt);
  const passed = series?.countUntil(at) ?? 0;
  return series === null || passed === 0 ? null : series.at(passed - 1);
}

/** The checkpoints that are due from one time on, and before another. */
export function checkpointsBetween(
  plan: readonly string[],
  declaredAt: string,
  { from, to }: { from: string; to: string },
): Checkpoint[] {
  const series = seriesOf(plan, declaredAt);
  if (series === null) return [];
  const first = series.countUntil(justBefore(from));
  const end = series.countUntil(justBefore(to));
  return Array.from({ length: Math.max(0, end - first) }, (_, step) => series.at(first + step));
}

function justBefore(at: string): string {
  return new Date(Date.parse(at) - 1).toISOString();
}

interface Series {
  /** How many checkpoints are due at `at` or before. */
  countUntil(at: string): number;
  /** The checkpoint of a place, counted from 0. */
  at(place: number): Checkpoint;
}

function seriesOf(plan: readonly string[], declaredAt: string): Series | null {
  const offsets = offsetsOf(plan);
  const last = offsets.at(-1);
  if (last === undefined) return null;
  const interval = last - (offsets.at(-2) ?? 0);
  const declared = Date.parse(declaredAt);
  return {
    countUntil(at) {
      const elapsed = Date.parse(at) - declared;
      const planned = offsets.findIndex((offset) => offset > elapsed);
      return planned === -1 ? offsets.length + Math.floor((elapsed - last) / interval) : planned;
    },
    at(place) {
      const offset = offsets[place] ?? last + interval * (place - offsets.length + 1);
      return { kind: kindOf(offset), dueAt: new Date(declared + offset).toISOString() };
    },
  };
}

/** Milliseconds of each distance, ascending, each once; what is no duration, or none at all, is left out. */
function offsetsOf(durations: readonly string[]): number[] {
  const offsets = durations.map((text) => durationSeconds(text) * 1_000).filter((offset) => offset > 0);
  return [...new Set(offsets)].toSorted((a, b) => a - b);
}

function kindOf(offset: number): string {
  if (offset % hour === 0) return `${offset / hour}h`;
  return offset % minute === 0 ? `${offset / minute}m` : `${offset / 1_000}s`;
}
