import type { ListedChange } from '../diagnosis.ts';
import type { Change } from '../snapshot.ts';

/** One thing that was changed, as far as one reading or several that are proven to tell of the same say so. */
export interface DatedChange {
  kind: ListedChange['kind'];
  component: string;
  /** When, ms since 1970: no earlier and no later. The two are the same where its time was read. */
  from: number;
  to: number;
  /** Ids of all readings that tell of it, the leading one first. */
  evidence: readonly string[];
  /** One sentence; foreign text in code spans. */
  what: string;
  /** What was read of a change of a revision: its differences can have a mechanism. */
  revisions: readonly Change[];
  /** When it ended, ms since 1970; infinity while it goes on, null for what has no duration. */
  ended: number | null;
}
