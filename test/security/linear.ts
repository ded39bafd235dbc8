import { check } from 'recheck';

/** What is known of the time that a pattern takes. */
export interface Linearity {
  /** Whether the time is at most in proportion to the length of the text. */
  linear: boolean;
  /** In words: why, or the growth that was found and the text that shows it. */
  told: string;
}

/** How long one pattern may be looked at, ms. */
const patienceMs = 60_000;

/**
 * How the time of a pattern grows with the text, by recheck (makenowjust-labs.github.io/recheck): by the theory of
 * automata where it can, else by trying texts that were bred for it. The latter takes a pattern of bounded repeats for a
 * slow one where the bounds are wide; from each place of a text it takes at most so many steps, however long the text is.
 */
export async function linearity(pattern: RegExp): Promise<Linearity> {
  const { source, flags } = pattern;
  const found = await check(source, flags, { timeout: patienceMs });
  if (found.status === 'safe') return { linear: true, told: found.complexity.summary };
  if (hasBoundsOnly(source)) return { linear: true, told: 'bounded steps from each place' };
  if (found.status === 'unknown') return { linear: false, told: `not told: ${found.error.kind}` };
  return { linear: false, told: `${found.complexity.summary}, by ${found.attack.pattern}` };
}

/** Whether nothing in a pattern is repeated without an end. */
function hasBoundsOnly(source: string): boolean {
  const withoutClasses = source.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '');
  return !/[*+]|\{\d+,\}/.test(withoutClasses);
}
