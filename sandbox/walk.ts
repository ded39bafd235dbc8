import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxClock } from './clock.ts';
import type { ClockWalk } from './page/port.ts';

const minuteMs = 60_000;

/**
 * How long a minute waits for the app, ms: with a fault switched on it may not come to rest at all. A minute after one
 * that waited in vain waits a twentieth of that.
 */
const patienceMs = 5_000;
const impatience = 20;

export interface Walker {
  /** Moves the clock on; minutes that are still to be walked are added to. */
  walk(minutes: number): void;
  walking(): ClockWalk | null;
  /** Ends where it is. */
  stop(): void;
}

/**
 * Moves the clock on minute by minute, and lets the app come to rest after each, so that what comes every minute, a
 * sample, comes as it would have. `told` is called after each minute.
 */
export function createWalker(
  clock: SandboxClock,
  rest: () => Promise<void>,
  told: () => void,
  patience: number = patienceMs,
): Walker {
  let walk: ClockWalk | null = null;
  let resting: Promise<void> | null = null;
  const end = new AbortController();

  /** One wait for the app at a time: one that takes long is not begun again each minute. */
  async function restAWhile(): Promise<void> {
    const limit = resting === null ? patience : patience / impatience;
    resting ??= rest()
      .catch(() => undefined) // the app is stopping; the walk ends with it
      .finally(() => (resting = null));
    const enough = new AbortController();
    const signal = AbortSignal.any([end.signal, enough.signal]);
    await Promise.race([resting, delay(limit, undefined, { signal }).catch(() => undefined)]);
    enough.abort();
  }

  async function go(current: ClockWalk): Promise<void> {
    while (current.walked < current.minutes && !end.signal.aborted) {
      clock.advance(minuteMs);
      current.walked += 1;
      await restAWhile();
      if (current.walked === current.minutes) walk = null;
      told();
    }
  }

  return {
    walk(minutes) {
      if (walk !== null) {
        walk.minutes += minutes;
        return;
      }
      walk = { minutes, walked: 0 };
      void go(walk);
    },
    walking: () => walk && { ...walk },
    stop: () => end.abort(),
  };
}
