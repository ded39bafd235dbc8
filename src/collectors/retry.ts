import type { ReadFailure } from './read-failure.ts';

/** Pause before what was unavailable is asked again: so long, and up to as long again by chance. Milliseconds. */
const pauseMs = 150;

/** Another try is worth its request only where so much of its time is left for the answer. Milliseconds. */
const answerMs = 500;

/** Tries of one read at most. */
const triesAtMost = 2;

/**
 * Milliseconds to wait before a read is tried again; null where it is not. An API that was unavailable for a moment is
 * asked once more, one whose quota is used up when it says so, if that fits into the time that is left. A refusal is an
 * answer: it is never asked twice.
 *
 * @param random from 0 to 1
 */
export function pauseBeforeRetry(
  { reason, retryAfterMs }: ReadFailure,
  { tries, leftMs, random }: { tries: number; leftMs: number; random: number },
): number | null {
  if (tries >= triesAtMost) return null;
  const base = reason === 'unavailable' ? pauseMs : reason === 'quota' ? retryAfterMs : null;
  if (base === null) return null;
  const pause = base + Math.round(pauseMs * random);
  return pause + answerMs <= leftMs ? pause : null;
}
