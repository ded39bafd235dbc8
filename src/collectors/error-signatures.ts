import { createHash } from 'node:crypto';
import type { ErrorLines } from '../core/log-text/exception-lines.ts';
import { withoutSecrets } from '../core/secrets/without-secrets.ts';
import { templatesOf } from './log-templates.ts';
import { maskedLine } from '../core/log-text/masked-line.ts';
import { redacted } from './redact.ts';

/** Occurrences of one error: the same line but for what varies, thrown at the same place of the application. */
export interface ErrorSignature<Entry> {
  /** Stays the same from one collection to the next, as long as the same places of the line vary. */
  id: string;
  /** In the order in which they were given. */
  occurrences: Occurrence<Entry>[];
}

/** An entry with the lines of it that count. */
export interface Occurrence<Entry> extends ErrorLines {
  entry: Entry;
}

/** Groups occurrences by their signatures, the most frequent first; the same groups in whatever order they come. */
export function errorSignatures<Entry>(occurrences: readonly Occurrence<Entry>[]): ErrorSignature<Entry>[] {
  // Most lines of a failure are equal to the letter.
  const masked = new Map<string, string>();
  const maskedOf = (line: string): string => {
    // The id is shown: of a line with a password it would be a hash of it, which can be tried out.
    const known = masked.get(line) ?? maskedLine(withoutSecrets(line, () => redacted));
    masked.set(line, known);
    return known;
  };
  const counts = new Map<string, number>();
  for (const { line } of occurrences) counts.set(maskedOf(line), (counts.get(maskedOf(line)) ?? 0) + 1);
  const templates = templatesOf(counts);
  const bySignature = Map.groupBy(occurrences, ({ line, frame }) => {
    const template = templates.get(maskedOf(line)) ?? '';
    return frame === null ? template : `${template}\n${frame}`;
  });
  return [...bySignature]
    .toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([signature, group]) => ({ id: idOf(signature), occurrences: group }));
}

function idOf(signature: string): string {
  return createHash('sha256').update(signature.toWellFormed()).digest('hex').slice(0, 12);
}
