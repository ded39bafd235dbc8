import { median, type Measurement } from './measure.ts';

/** What was measured of each server, in turn or side by side. */
export type Series = Record<'probot' | 'packed' | 'checkout', number[]>;

/** The package ÷ `probot run`, by medians; beside it the checkout. */
export function besideProbot(series: Series, { unit, goal }: { unit: string; goal: number }): Measurement {
  const ratio = median(series.packed) / median(series.probot);
  return {
    value: Number(ratio.toFixed(2)),
    unit: '× probot run',
    goal,
    bound: 'at most',
    holds: ratio <= goal,
    beside: {
      medians: inWords(series, median, unit),
      'from the checkout': `${(median(series.checkout) / median(series.probot)).toFixed(2)} × probot run`,
    },
  };
}

/** The last value of each, for progress. */
export function latest(series: Series, unit: string): string {
  return inWords(series, (all) => all.at(-1), unit);
}

function inWords(series: Series, of: (all: readonly number[]) => number | undefined, unit: string): string {
  return Object.entries(series)
    .map(([name, all]) => `${name} ${(of(all) ?? Number.NaN).toFixed(0)} ${unit}`)
    .join(', ');
}
