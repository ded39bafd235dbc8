/** What varies from one occurrence of an error to the next, and what stands for it. In this order. */
const masks: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`\u001B\[[\d;?]{0,20}[A-Za-z]`, 'g'), ''],
  // Control characters, and those that only turn the direction of writing.
  [/[\p{Cc}\p{Cf}]+/gu, ' '],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}/g, '<address>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '<ip>'],
  [/\[[0-9a-f:]{2,39}\](?::\d{1,5})?/gi, '<ip>'],
  [/\b(?:0x)?(?=[0-9a-f]{0,63}\d)(?=[0-9a-f]{0,63}[a-f])[0-9a-f]{8,64}\b/gi, '<hex>'],
  [/\d+(?:[.,]\d+)*/g, '<n>'],
  [/\s+/g, ' '],
];

/** Longest line that is compared, in characters. */
const longest = 500;

/** A line without what varies: equal for two occurrences of the same error. */
export function maskedLine(line: string): string {
  return masks
    .reduce((text, [pattern, stand]) => text.replace(pattern, stand), line.slice(0, longest).toWellFormed())
    .trim();
}
