import { setTimeout as delay } from 'node:timers/promises';
import { asReadFailure, raced, ReadFailure } from './read-failure.ts';

/** One of several requests for the same thing: what was answered, or why nothing was. */
export type Sample<T> = { answer: T; failure: null } | { answer: null; failure: ReadFailure };

interface Limits {
  /** Milliseconds of the read that they are part of. They end before it does, so that what came by then counts. */
  readMs: number;
  signal: AbortSignal;
}

/** Samples begin that far apart, ms: enough for another connection, little enough for the budget. */
const usualSpacing = 50;

/** Milliseconds of a read that are left for what follows its samples; at most a tenth of it. */
const remainder = 300;

/**
 * Asks several times, each `spacingMs` after the one before (default 50). All end together, so a slow first one shortens the others'
 * time, and those that would begin after the end are not made.
 */
export async function takeSamples<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { count, spacingMs = usualSpacing, ...limits }: Limits & { count: number; spacingMs?: number },
): Promise<Sample<T>[]> {
  const time = startTime(limits);
  try {
    const made = Array.from({ length: count }, async (_, index): Promise<Sample<T> | null> => {
      try {
        if (index > 0) await delay(index * spacingMs, undefined, { signal: time.ends });
      } catch {
        return null;
      }
      return sampleOf(ask(time.ends), time.over);
    });
    return (await Promise.all(made)).filter((sample) => sample !== null);
  } finally {
    time.close();
  }
}

/** Asks once within the same limits. @throws ReadFailure at their end */
export async function askOnce<T>(ask: (signal: AbortSignal) => Promise<T>, limits: Limits): Promise<T> {
  const time = startTime(limits);
  try {
    return await raced(ask(time.ends), time.over);
  } finally {
    time.close();
  }
}

/** When what is asked has to end, and, a little later, when it is no longer waited for. */
interface Time {
  ends: AbortSignal;
  over: AbortSignal;
  close(): void;
}

/** What is asked may still tell what it has by its end; one that does not listen is left. */
function startTime({ readMs, signal }: Limits): Time {
  const left = Math.min(remainder, readMs / 10);
  const [ends, over] = [after(readMs - left), after(readMs - left / 2)];
  return {
    ends: AbortSignal.any([ends.signal, signal]),
    over: AbortSignal.any([over.signal, signal]),
    close: () => {
      ends.clear();
      over.clear();
    },
  };
}

function after(milliseconds: number): { signal: AbortSignal; clear(): void } {
  const control = new AbortController();
  const timer = setTimeout(() => {
    control.abort(new ReadFailure('timeout', `no answer within ${String(milliseconds / 1_000)} s`));
  }, milliseconds);
  return { signal: control.signal, clear: () => clearTimeout(timer) };
}

async function sampleOf<T>(asked: Promise<T>, over: AbortSignal): Promise<Sample<T>> {
  try {
    return { answer: await raced(asked, over), failure: null };
  } catch (error) {
    return { answer: null, failure: asReadFailure(error, 'unavailable') };
  }
}
