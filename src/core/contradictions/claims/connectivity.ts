import type { Sentence } from './read.ts';

/** A percentage that a sentence gives as connectivity, and the log entries that it is a share of, if it says so. */
export interface Connectivity {
  written: string;
  /** `4,996 of 5,000 log entries`. */
  entries: string | null;
}

const said =
  /\bconnectivity(?: (?:is|at|of|rate|health|success)){0,2}:?\s{0,2}(?:(?:now|at|about) )?(\d{1,3}(?:\.\d{1,4})?\s?%)/i;
const entries =
  /\b(\d[\d,]{0,11}\s?(?:\/|of|out of)\s?\d[\d,]{0,11})\s(?:log(?:s| entries| lines)|entries|lines)\b/i;

/** The connectivity that a sentence states; null for none. What is aimed at, asked or conditional is none. */
export function connectivitySaid({ text, mood, elsewhere, heading }: Sentence): Connectivity | null {
  const written = said.exec(text)?.[1];
  const { question, conditional, imperative, aside, past, longAgo } = mood;
  const isSaid = !question && !conditional && !imperative && !aside && !past && !longAgo;
  if (written === undefined || heading || elsewhere || !isSaid) return null;
  return { written, entries: entries.exec(text)?.[1] ?? null };
}
