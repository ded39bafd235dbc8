import type { ValueType } from './descriptors.ts';

/** Figures of one group of values, as aligners and reducers share them. */

/** What comes out of an aligner or a reducer, by what goes in. */
export const same = <T>(given: T): T => given;
export const always =
  <T>(value: T) =>
  (): T =>
    value;

export const numeric: readonly ValueType[] = ['INT64', 'DOUBLE'];

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

export function least(values: readonly number[]): number {
  return values.reduce((most, value) => Math.min(most, value), Number.POSITIVE_INFINITY);
}

/** Nearest rank: the smallest value that at least that share of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

/** Numbers are added up; a distribution's sum is all of its values together. */
export function added(values: number[], type: ValueType): number[] {
  return type === 'DISTRIBUTION' ? values : [sum(values)];
}
