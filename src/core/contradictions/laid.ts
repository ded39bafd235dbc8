import type { Contradiction } from '../diagnosis.ts';
import type { Claim } from './claims/claim.ts';

type Side = Contradiction['sides'][number];

/** What is laid side by side about one signal. */
interface Case {
  about: Contradiction['about'];
  /** What was measured of it; empty where nothing was. */
  measured: readonly Side[];
  /** The oldest first. */
  claims: readonly Claim[];
  /** Whether a claim cannot be true beside what was measured. */
  refuted: (claim: Claim) => boolean;
  /** Whether two claims, the earlier one first, cannot both be true. */
  clash: (earlier: Claim, later: Claim) => boolean;
}

/** Claims of one contradiction at most; beyond, the newest ones. */
const mostClaims = 20;

/**
 * The one contradiction about a signal, with all its sides: what was measured and what people say of it, also where
 * they agree with it, if one of them does not; else people who disagree with each other. None where all fits.
 */
export function laidSideBySide({ about, measured, claims, refuted, clash }: Case): Contradiction[] {
  const told = distinctClaims(claims);
  if (measured.length > 0 && told.some(refuted)) {
    return [{ about, kind: 'stated-measured', sides: [...measured, ...told.map(sideOf)] }];
  }
  const clashing = told.filter((one, at) =>
    told.some((other, to) => at !== to && (at < to ? clash(one, other) : clash(other, one))),
  );
  if (clashing.length === 0) return [];
  return [{ about, kind: 'stated-stated', sides: clashing.map(sideOf) }];
}

/** A claim as a side of a contradiction. */
export function sideOf({ written, url }: Claim): Side {
  return { value: written, statement: url };
}

/** Each value once for each statement; beyond the most that are shown, the newest. */
export function distinctClaims(claims: readonly Claim[]): Claim[] {
  const seen = new Set<string>();
  return claims
    .filter(({ value, url }) => {
      const key = JSON.stringify([value, url]);
      return !seen.has(key) && seen.add(key);
    })
    .slice(-mostClaims);
}
