import type { Statement } from '../snapshot.ts';

/**
 * Statements by the words in them. Settings and components are many: so that not each of them is looked for in each
 * statement, only those statements are read closely that hold the words of its name at all.
 */
export interface Mentions {
  /** Those that hold all words of a name, the last one perhaps in the plural; whatever the case, in their order. */
  ofWords(words: readonly string[]): Statement[];
  /** Those that hold an id between backticks, whatever the case, in their order. */
  ofQuoted(id: string): Statement[];
}

/** Indexes statements by their words. */
export function mentionsIn(statements: readonly Statement[]): Mentions {
  const byWord = placesBy(statements, ({ text }) => text.match(/[a-z0-9]+/gi) ?? []);
  const byQuoted = placesBy(statements, ({ text }) => text.split('`').slice(1, -1));
  const at = (places: Iterable<number>): Statement[] =>
    [...places].toSorted((a, b) => a - b).flatMap((place) => statements[place] ?? []);
  const holding = (word: string): ReadonlySet<number> => byWord.get(word.toLowerCase()) ?? new Set();
  return {
    ofWords: (words) => {
      const sets = words.map((word, nth) =>
        nth < words.length - 1 ? holding(word) : new Set([...holding(word), ...holding(`${word}s`)]),
      );
      const [rarest = new Set<number>()] = sets.toSorted((a, b) => a.size - b.size);
      return at([...rarest].filter((place) => sets.every((set) => set.has(place))));
    },
    ofQuoted: (id) => at(byQuoted.get(id.toLowerCase()) ?? []),
  };
}

function placesBy(
  statements: readonly Statement[],
  partsOf: (statement: Statement) => readonly string[],
): Map<string, Set<number>> {
  const places = new Map<string, Set<number>>();
  for (const [place, statement] of statements.entries()) {
    for (const part of partsOf(statement)) {
      const key = part.toLowerCase();
      const known = places.get(key) ?? new Set();
      places.set(key, known.add(place));
    }
  }
  return places;
}
