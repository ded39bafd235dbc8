import type { Label } from '../../text.ts';
import type { Fold } from '../../update.ts';

/** A folded part with all its rows; null where there are none. */
export function fold<Row>(summary: Label, rows: readonly Row[]): Fold<Row> | null {
  return rows.length === 0 ? null : { summary, rows, omitted: 0 };
}
