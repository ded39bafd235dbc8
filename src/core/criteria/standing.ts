import { z } from 'zod';
import type { Result } from './types.ts';

/** How criteria have stood: since when, over looks and samples. */

const instant = z.iso.datetime();

const standingSchema = z.object({
  result: z.enum(['met', 'failed', 'unknown']),
  since: instant.describe('UTC'),
  changed: z.boolean().describe('False where it stood so when it was first read: it may be older'),
  unmetSince: instant
    .nullable()
    .describe('Begin of the last stretch in which it was not met, also while it is met; null for none'),
  toldBy: z.enum(['look', 'sample']).default('look'),
});

/** How the criteria of an incident stood before, by kind and id; one that was never read is not among them. */
export const standingsSchema = z.object({
  success: z.record(z.string(), standingSchema),
  escalation: z.record(z.string(), standingSchema),
});

/** How a criterion stood when it was read last. */
export type Standing = z.infer<typeof standingSchema>;
export type Standings = z.infer<typeof standingsSchema>;

/** Of an incident of which nothing was read yet. */
export const noStandings: Standings = { success: {}, escalation: {} };

/** Since when something is so. */
export interface Since {
  /** UTC, ISO 8601. */
  at: string;
  /** True where nobody saw it change: it may have been so before. */
  orBefore: boolean;
}

/** Since when a criterion stands as it does now, as far as that was seen; null where it is read for the first time. */
export function sinceOf(before: Standing | undefined, result: Result, takenAt: string): Since | null {
  if (before === undefined) return null;
  return before.result === result
    ? { at: before.since, orBefore: !before.changed }
    : { at: takenAt, orBefore: false };
}

/** How it stands after one more reading. A reading that is older than the last one changes nothing. */
export function standingAfter(
  before: Standing | undefined,
  { result, at, by }: { result: Result; at: string; by: Standing['toldBy'] },
): Standing {
  if (before === undefined)
    return { result, since: at, changed: false, unmetSince: result === 'met' ? null : at, toldBy: by };
  const isSame = before.result === result;
  const begins = before.result === 'met' && result !== 'met';
  return {
    result,
    since: isSame ? before.since : at,
    changed: before.changed || !isSame,
    unmetSince: begins ? at : (before.unmetSince ?? (result === 'met' ? null : at)),
    toldBy: by,
  };
}
