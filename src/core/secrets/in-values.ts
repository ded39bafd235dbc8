import { isSecretUnder } from './assignments.ts';
import type { StandIn } from './ranges.ts';
import { withoutSecrets } from './without-secrets.ts';

/**
 * A JSON value without secrets: in none of its texts and names, and not as the value of a field that is called as one.
 * What is but bytes, in which nothing can be told, becomes their number.
 */
export function valueWithoutSecrets(value: unknown, standIn: StandIn): unknown {
  if (typeof value === 'string') return withoutSecrets(value, standIn);
  if (Array.isArray(value)) {
    return areBytes(value)
      ? `${String(value.length)} bytes`
      : value.map((entry) => valueWithoutSecrets(entry, standIn));
  }
  if (typeof value !== 'object' || value === null) return value;
  // As Node's own bytes are written.
  if ('type' in value && value.type === 'Buffer' && 'data' in value && Array.isArray(value.data))
    return `${String(value.data.length)} bytes`;
  const fields = Object.entries(value);
  // As an array of bytes is written that is none of JavaScript's own.
  if (
    fields.every(([name], place) => name === String(place)) &&
    areBytes(fields.map(([, entry]) => entry as unknown))
  )
    return `${String(fields.length)} bytes`;
  return Object.fromEntries(
    fields.map(([name, entry]): [string, unknown] => [
      withoutSecrets(name, standIn),
      typeof entry === 'string' && isSecretUnder(name, entry)
        ? standIn(entry)
        : valueWithoutSecrets(entry, standIn),
    ]),
  );
}

/** Fewer hold no secret. */
const fewest = 6;

function areBytes(values: readonly unknown[]): boolean {
  return (
    values.length >= fewest &&
    values.every((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 256)
  );
}

/** A value of ours without secrets in its texts; each text is looked at once. All else in it stays what it is. */
export function textsWithoutSecrets<Value>(value: Value, standIn: StandIn): Value;
export function textsWithoutSecrets(value: unknown, standIn: StandIn): unknown {
  const known = new Map<string, string>();
  const clean = (entry: unknown): unknown => {
    if (typeof entry === 'string') {
      const told = known.get(entry) ?? withoutSecrets(entry, standIn);
      known.set(entry, told);
      return told;
    }
    if (Array.isArray(entry)) return entry.map(clean);
    if (typeof entry !== 'object' || entry === null || entry instanceof Date) return entry;
    return Object.fromEntries(Object.entries(entry).map(([name, inner]) => [name, clean(inner)]));
  };
  return clean(value);
}
