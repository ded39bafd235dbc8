/** Whether two settings mean the same: `75`, `75.0` and `75s` do; other texts only where they are equal. */
export function sameValue(a: string, b: string): boolean {
  const [left, right] = [plainNumber(a), plainNumber(b)];
  return left !== null && right !== null ? left === right : a === b;
}

/** A number, with or without `s` for seconds; null for any other text. */
export function plainNumber(text: string): number | null {
  const match = /^(-?\d{1,15}(?:\.\d{1,15})?)\s?s?$/.exec(text.trim());
  return match ? Number(match[1]) : null;
}
