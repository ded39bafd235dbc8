import MiniSearch from 'minisearch';

/** Words of a text that are asked for, the first ones; the rest of a long issue adds little. */
const mostWords = 400;

/** How much of each text is compared, in characters: what people say of an incident comes before its logs. */
const readLength = 2_000;

/**
 * How alike each of these texts is to one, 0 to 1: the rank that MiniSearch (BM25+) gives it, as a part of the rank that
 * the text itself gets among them. Words that many of the texts have count little. The same for the same texts, in
 * whatever order they come.
 */
export function textSimilarities(text: string, others: readonly string[]): number[] {
  const index = new MiniSearch<{ id: number; text: string }>({
    fields: ['text'],
    tokenize: (written) => wordsOf(written),
    processTerm: (word) => (word.length < 2 ? null : word),
  });
  const own = others.length;
  index.addAll([...others, text].map((written, id) => ({ id, text: written.slice(0, readLength) })));
  const found = index.search(wordsOf(text.slice(0, readLength)).slice(0, mostWords).join(' '));
  const ranks = new Map(found.map(({ id, score }): [unknown, number] => [id, score]));
  const whole = ranks.get(own) ?? 0;
  // Rounded, since sums of floats depend on their order.
  return others.map((_, id) =>
    whole === 0 ? 0 : Math.round(Math.min(1, (ranks.get(id) ?? 0) / whole) * 100) / 100,
  );
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_-]{2,60}/gu) ?? [];
}
