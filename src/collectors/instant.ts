import { z } from 'zod';

/** A time as an API writes it, as we do: UTC, ISO 8601. Null where there is none, or the text is no time. */
export const instantOrNull = z
  .string()
  .nullish()
  .transform((text) => instantOf(text));

/** ISO 8601 of a text that is a time within four-digit years; null of any other. */
function instantOf(text: string | null | undefined): string | null {
  const milliseconds = Date.parse(text ?? '');
  if (!Number.isFinite(milliseconds)) return null;
  const written = new Date(milliseconds).toISOString();
  return /^\d{4}-/.test(written) ? written : null;
}
