import { check } from 'recheck';

/** What is known of the time that a pattern takes. */
export interface Linearity {
  /** Whether no text is known that takes more than time in proportion to its length. */
  linear: boolean;
  /** In words: the growth that was found, and the text that shows it. */
  told: string;
}

/** How long one pattern may be looked at, ms. */
const patienceMs = 60_000;

/**
 * How the time of a pattern grows with the text, by recheck (makenowjust-labs.github.io/recheck): by the theory of
 * automata where it can, else by trying texts that were bred for it. What could not be told is not linear.
 */
export async function linearity({ source, flags }: RegExp): Promise<Linearity> {
  const found = await check(source, flags, { timeout: patienceMs });
  if (found.status === 'safe') return { linear: true, told: found.complexity.summary };
  if (found.status === 'unknown') return { linear: false, told: `not told: ${found.error.kind}` };
  return { linear: false, told: `${found.complexity.summary}, by ${found.attack.pattern}` };
}
