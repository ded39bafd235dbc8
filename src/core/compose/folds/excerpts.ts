import { atLeast, clock, counted, figure } from '../../figures.ts';
import { compareIds, numberOf } from '../../observations.ts';
import { signal } from '../../signals.ts';
import type { Observation } from '../../snapshot.ts';
import { cite, code, fence, label, plain, say } from '../../text.ts';
import type { ExcerptRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** Lines shown; a log holds many, and most are echoes of the same failure. */
const shown = 5;

/** The error lines that came most often, each with its count and times. */
export function excerptFold(facts: Facts): Fold<ExcerptRow> | null {
  const lines = facts.snapshot.observations
    .filter((found) => found.signal === signal.logError && found.text !== undefined)
    .sort((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0) || compareIds(a.id, b.id))
    .slice(0, shown);
  return fold(
    label`Log: ${plain(counted(lines.length, 'error line', 'error lines'))} seen most`,
    lines.map((found) => excerptRow(found, facts.seen)),
  );
}

function excerptRow(found: Observation, seen: string): ExcerptRow {
  const times = plain(atLeast(figure(found.value, null), found.partial));
  const from = found.first === undefined ? say`` : say`, first ${plain(clock(found.first, seen))}`;
  const to = found.last === undefined ? say`` : say`, last ${plain(clock(found.last, seen))}`;
  return {
    title: say`${code(found.component)}, seen ${times} times${from}${to} ${cite([found.id])}`,
    excerpt: fence('text', found.text ?? ''),
  };
}
