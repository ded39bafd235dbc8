import { withoutSecrets } from '../core/secrets/without-secrets.ts';

/**
 * The last wall before the record: what is stored holds no secret, wherever it came from. Whoever reads it back gets what
 * was stored, so nothing is to hang on a text that is looked up by and looks as a secret does.
 */
function recorded(value: string): string {
  return withoutSecrets(value, () => 'redacted');
}

/**
 * JSON text for a jsonb column. PostgreSQL refuses the null character and unpaired surrogates, both of which text
 * from outside may hold: they become U+FFFD. Always pass jsonb as text: the drivers treat arrays differently.
 */
export function json(value: unknown): string {
  // Of a snapshot most texts come many times.
  const known = new Map<string, string>();
  const written = JSON.stringify(value, (_name, entry: unknown) => {
    if (typeof entry !== 'string') return entry;
    const clean = known.get(entry) ?? recorded(entry);
    known.set(entry, clean);
    return clean;
  });
  // Both are written as escapes. Cleaning copies the whole value, and hardly any needs it.
  return refusedEscape.test(written) ? JSON.stringify(acceptable(JSON.parse(written))) : written;
}

const refusedEscape = /\\u(?:0000|d[89a-f])/u;

/** Text for a text column: without secrets, and without what PostgreSQL refuses, see `json`. */
export function text(value: string): string {
  return acceptableText(recorded(value));
}

/** Text of our own making for a text column: its foreign parts are neutralised each, and nothing else in it is a secret. */
export function composed(value: string): string {
  return acceptableText(value);
}

function acceptableText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\u{FFFD}');
}

function acceptable(value: unknown): unknown {
  if (typeof value === 'string') return acceptableText(value);
  if (Array.isArray(value)) return value.map(acceptable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [acceptableText(key), acceptable(entry)]),
  );
}
