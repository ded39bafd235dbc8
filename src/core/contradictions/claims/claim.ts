import type { ReadStatement } from './read.ts';

/** What a person says is so of a component, as a statement has it. It is laid beside readings, never taken for one. */
export interface Claim {
  about: { component: string; signal: string };
  /** For comparison: seconds, a share from 0 to 1, or a word of the signal. */
  value: string;
  /** As the person wrote it. */
  written: string;
  /** What it was before, where the person says so: `reverted from 75.0s to 15.0s`. */
  from: readonly string[];
  /** Of what it is a figure, metric and window in words; missing where the signal says it. */
  of?: string;
  by: string;
  at: string;
  url: string;
}

/** A claim of a statement. */
export function claimOf(
  { by, at, url }: ReadStatement,
  claim: Pick<Claim, 'about' | 'value' | 'written'> & Partial<Pick<Claim, 'from' | 'of'>>,
): Claim {
  return { from: [], ...claim, by, at, url };
}
