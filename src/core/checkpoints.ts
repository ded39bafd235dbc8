import { durationSeconds } from './states/duration.ts';

/**
 * When the next update is due: the first checkpoint after `at`. Checkpoints count from the declaration, and the
 * last interval repeats: 2h, 4h, 8h goes on with 12h, 16h. UTC, ISO 8601.
 */
export function nextCheckpoint(
  checkpoints: readonly string[],
  declaredAt: string,
  at: string,
): string | null {
  const offsets = [...new Set(checkpoints.map((text) => durationSeconds(text) * 1_000))].toSorted(
    (a, b) => a - b,
  );
  const last = offsets.at(-1);
  if (last === undefined || Number.isNaN(last)) return null;
  const interval = last - (offsets.at(-2) ?? 0);
  const elapsed = Date.parse(at) - Date.parse(declaredAt);
  const planned = offsets.find((offset) => offset > elapsed);
  const due = planned ?? last + interval * (Math.floor((elapsed - last) / interval) + 1);
  return new Date(Date.parse(declaredAt) + due).toISOString();
}
