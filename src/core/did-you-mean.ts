import { distance } from 'fastest-levenshtein';

/**
 * The candidate nearest to what was typed, for "did you mean …"; null where none is near enough to be a slip of
 * the finger (at most a third of its letters, and at least one, may differ).
 */
export function didYouMean(typed: string, candidates: Iterable<string>): string | null {
  let best: { name: string; distance: number } | null = null;
  for (const name of candidates) {
    const edits = distance(typed.slice(0, 40).toLowerCase(), name.toLowerCase());
    const limit = Math.max(1, Math.floor(name.length / 3));
    if (edits <= limit && (best === null || edits < best.distance)) best = { name, distance: edits };
  }
  return best?.name ?? null;
}
