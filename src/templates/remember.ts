/** Results kept, and the longest text of which one is: an update repeats short texts, names of components say. */
const kept = 4_000;
const longest = 400;

/** The function with its results kept for texts that come again. It must hang on the text alone. */
export function remembered(make: (text: string) => string): (text: string) => string {
  const results = new Map<string, string>();
  return (text) => {
    if (text.length > longest) return make(text);
    const known = results.get(text);
    if (known !== undefined) return known;
    if (results.size >= kept) results.clear();
    const made = make(text);
    results.set(text, made);
    return made;
  };
}
