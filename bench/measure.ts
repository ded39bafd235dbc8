/** The result of a measure: one figure with its goal, and what was measured beside it. */
export interface Measurement {
  value: number;
  unit: string;
  goal: number;
  /** Whether the value may be at most or must be at least the goal. */
  bound: 'at most' | 'at least';
  holds: boolean;
  /** What else was measured in the same run: baselines and parts, by name, with their units. */
  beside: Record<string, string>;
}

export interface Measure {
  name: string;
  /** What is measured, and against what, in one sentence. */
  what: string;
  run(progress: (line: string) => void): Promise<Measurement>;
}

/** The middle of the values; the mean of the two middle ones where their number is even. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** The value that a share of all values does not exceed, by nearest rank. NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
