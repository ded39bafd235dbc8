import { setTimeout as delay } from 'node:timers/promises';
import { startDeadline } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { asReadFailure, raced } from './read-failure.ts';
import type { ReadFailure } from './read-failure.ts';

/** One of several requests for the same thing: what was answered, or why nothing was. */
export type Sample<T> = { answer: T; failure: null } | { answer: null; failure: ReadFailure };

interface Limits {
  /** Milliseconds of the read that they are part of. They end before it does, so that what came by then counts. */
  readMs: number;
  signal: AbortSignal;
}

/** Samples begin that far apart, ms: enough for another connection, little enough for the budget. */
const spacing = 50;

/** Milliseconds of a read that are left for what follows its samples; at most a tenth of it. */
const remainder = 300;

/**
 * Asks several times, each 50 ms after the one before. All end together, so a slow first one shortens the others'
 * time, and those that would begin after the end are not made.
 */
export async function takeSamples<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { count, ...limits }: Limits & { count: number },
): Promise<Sample<T>[]> {
  const deadline = startLimit(limits);
  const { signal } = deadline;
  try {
    const made = Array.from({ length: count }, async (_, index): Promise<Sample<T> | null> => {
      try {
        if (index > 0) await delay(index * spacing, undefined, { signal });
      } catch {
        return null;
      }
      return sampleOf(ask(signal), signal);
    });
    return (await Promise.all(made)).filter((sample) => sample !== null);
  } finally {
    deadline.close();
  }
}

/** Asks once within the same limits. @throws ReadFailure at their end */
export async function askOnce<T>(ask: (signal: AbortSignal) => Promise<T>, limits: Limits): Promise<T> {
  const deadline = startLimit(limits);
  try {
    return await raced(ask(deadline.signal), deadline.signal);
  } finally {
    deadline.close();
  }
}

function startLimit({ readMs, signal }: Limits): Deadline {
  const ms = readMs - Math.min(remainder, readMs / 10);
  return startDeadline(ms, ms, signal);
}

async function sampleOf<T>(asked: Promise<T>, signal: AbortSignal): Promise<Sample<T>> {
  try {
    return { answer: await raced(asked, signal), failure: null };
  } catch (error) {
    return { answer: null, failure: asReadFailure(error, 'unavailable') };
  }
}
