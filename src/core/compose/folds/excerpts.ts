import { atLeast, clock, counted, figure } from '../../figures.ts';
import { compareIds, sumOf } from '../../observations.ts';
import { signal } from '../../signals.ts';
import type { Observation } from '../../snapshot.ts';
import { cite, code, fence, join, label, plain, say } from '../../text.ts';
import type { ExcerptRow, Fold } from '../../update.ts';
import type { Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** Lines shown; a log holds many, and most are echoes of the same failure. */
const shown = 5;

/** Components, and evidence ids, that are named with one error. */
const named = 4;
const cited = 8;

/** The errors that came most often, each with its count and times over all services and revisions. */
export function excerptFold(facts: Facts): Fold<ExcerptRow> | null {
  const lines = facts.snapshot.observations.filter(
    (found) => found.signal === signal.logError && found.text !== undefined,
  );
  const signatures = [...Map.groupBy(lines, ({ id, signature }) => signature ?? id).values()]
    .map((occurrences) => ({
      occurrences: occurrences.toSorted((a, b) => compareIds(a.id, b.id)),
      count: sumOf(occurrences) ?? 0,
    }))
    .toSorted((a, b) => b.count - a.count || compareIds(idOf(a.occurrences), idOf(b.occurrences)))
    .slice(0, shown);
  return fold(
    label`Log: ${plain(counted(signatures.length, 'error line', 'error lines'))} seen most`,
    signatures.flatMap(({ occurrences, count }) => excerptRow(occurrences, count, facts.seen)),
  );
}

function excerptRow(occurrences: readonly Observation[], count: number, seen: string): ExcerptRow[] {
  const [sample] = occurrences;
  if (sample === undefined) return [];
  const cut = occurrences.some(({ partial }) => partial);
  const often = atLeast(figure(String(count), null), cut);
  const times = plain(often === '1' ? 'once' : `${often} times`);
  const first = occurrences.flatMap((found) => found.first ?? []).toSorted()[0];
  const last = occurrences
    .flatMap((found) => found.last ?? [])
    .toSorted()
    .at(-1);
  const components = [...new Set(occurrences.map(({ component }) => component))];
  const more = components.length - named;
  const where = say`${join(components.slice(0, named).map(code))}${more > 0 ? say` and ${more} more` : say``}`;
  const place = sample.frame === undefined ? say`` : say`, in ${code(sample.frame)}`;
  // Entries before a cap are not read: the error may be older.
  const from =
    first === undefined
      ? say``
      : cut
        ? say`, first by ${plain(clock(first, seen))}`
        : say`, first ${plain(clock(first, seen))}`;
  const to = last === undefined ? say`` : say`, last ${plain(clock(last, seen))}`;
  const ids = occurrences.map(({ id }) => id);
  return [
    {
      title: say`${where}, seen ${times}${from}${to}${place} ${cite(ids, cited)}`,
      excerpt: fence('text', sample.text ?? ''),
    },
  ];
}

function idOf([first]: readonly Observation[]): string {
  return first?.id ?? '';
}
