import type { Picture } from '../../diagram.ts';
import type { Label } from '../../text.ts';
import type { Drawn, Fold } from '../../update.ts';

/** A folded part with all its rows; null where there are none. */
export function fold<Row>(summary: Label, rows: readonly Row[]): Fold<Row> | null {
  return rows.length === 0 ? null : { summary, rows, omitted: 0 };
}

/** The part with a picture above it, where there is one; no picture stands without its part. */
export function drawn<Part>(part: Part | null, picture: Picture | null): Drawn<Part> | null {
  return part === null ? null : { ...part, picture };
}
