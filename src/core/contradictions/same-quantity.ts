/** Factors of the suffixes of quantities as Kubernetes writes them; `m` is a thousandth. */
const factors = new Map([
  ['', 1],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
]);

/** Whether two limits mean the same: `1` and `1000m` do, `512Mi` and `0.5Gi`; other texts only where they are equal. */
export function sameQuantity(a: string, b: string): boolean {
  const [left, right] = [amount(a), amount(b)];
  return left !== null && right !== null ? left === right : a === b;
}

function amount(text: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,9})?)\s?([a-zA-Z]{0,2})$/.exec(text.trim());
  const factor = factors.get(match?.[2] ?? '');
  // Thousandths as whole numbers: 0.1 is 100m.
  return match && factor !== undefined ? Math.round(Number(match[1]) * factor * 1e6) : null;
}
