/** Longest text that the record keeps of what somebody said, in characters. */
export const longestText = 1_000;

/** A text as the record keeps it. */
export interface KeptText {
  text: string;
  /** Whether something of it was left out. */
  cut: boolean;
}

/** The words as one line of at most 1,000 characters, none of them torn. */
export function keptText(words: readonly string[]): KeptText {
  const signs = Array.from(words.join(' ').trim());
  return { text: signs.slice(0, longestText).join('').toWellFormed(), cut: signs.length > longestText };
}
