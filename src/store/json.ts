/**
 * JSON text for a jsonb column. PostgreSQL refuses the null character and unpaired surrogates, both of which text
 * from outside may hold: they become U+FFFD. Always pass jsonb as text: the drivers treat arrays differently.
 */
export function json(value: unknown): string {
  const written = JSON.stringify(value);
  // Both are written as escapes. Cleaning copies the whole value, and hardly any needs it.
  return refusedEscape.test(written) ? JSON.stringify(clean(value)) : written;
}

const refusedEscape = /\\u(?:0000|d[89a-f])/u;

/** Text for a text column: without what PostgreSQL refuses, see `json`. */
export function text(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\u{FFFD}');
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [text(key), clean(entry)]));
}
