import type { Limit } from '../../config/repository.schema.ts';

/** Bounds that the configuration sets to a figure of its own. */
export interface Thresholds {
  degraded?: Limit | undefined;
  failing?: Limit | undefined;
}

/** A bound that a value lies beyond, for people: `above 200`. */
export type Beyond = { state: 'failing' | 'degraded'; bound: string };

/** The gravest bound that a value lies beyond; null for none. */
export function beyond(value: number, { failing, degraded }: Thresholds): Beyond | null {
  const fails = boundOf(value, failing);
  if (fails !== null) return { state: 'failing', bound: fails };
  const degrades = boundOf(value, degraded);
  return degrades === null ? null : { state: 'degraded', bound: degrades };
}

/** Whether there is any bound: without one a figure tells nothing of the state. */
export function hasThreshold({ failing, degraded }: Thresholds): boolean {
  return [failing?.above, failing?.below, degraded?.above, degraded?.below].some((one) => one !== undefined);
}

/**
 * Of several values the worst: one beyond a graver bound before others; among equals the greatest, or the least
 * where the bounds lie below only. Equal ones keep their order. Undefined for none.
 */
export function worstOf<T>(
  items: readonly T[],
  thresholds: Thresholds,
  valueOf: (item: T) => number,
): T | undefined {
  const grave = (value: number): number => {
    const found = beyond(value, thresholds);
    return found === null ? 0 : found.state === 'failing' ? 2 : 1;
  };
  const upwards = thresholds.failing?.above ?? thresholds.degraded?.above;
  const sign = upwards === undefined && hasThreshold(thresholds) ? -1 : 1;
  const isWorse = (a: number, b: number): boolean =>
    grave(a) === grave(b) ? sign * a > sign * b : grave(a) > grave(b);
  const [first, ...rest] = items;
  return rest.reduce<T | undefined>(
    (worst, next) => (worst !== undefined && isWorse(valueOf(next), valueOf(worst)) ? next : worst),
    first,
  );
}

function boundOf(value: number, limit: Limit | undefined): string | null {
  if (limit?.above !== undefined && value > limit.above) return `above ${limit.above}`;
  return limit?.below !== undefined && value < limit.below ? `below ${limit.below}` : null;
}
