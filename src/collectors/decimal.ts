/** A finite number in decimal notation, without an exponent, rounded to `digits` after the point. */
export function decimal(value: number, digits = 3): string {
  if (!Number.isFinite(value)) throw new RangeError('not a finite number');
  if (Math.abs(value) >= 1e15) return BigInt(Math.round(value)).toString();
  const text = value.toFixed(digits).replace(/\.?0+$/, '');
  const whole = digits === 0 ? value.toFixed(0) : text;
  return whole === '-0' || whole === '' ? '0' : whole;
}
