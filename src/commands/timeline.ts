import { composeTimeline } from '../core/compose/timeline.ts';
import { durationOf, later } from '../core/figures.ts';
import type { TimelineFilter } from '../core/incident/timeline.ts';
import { acting } from './act.ts';

const groups = new Map<string, TimelineFilter['group']>([
  ['changes', 'changes'],
  ['people', 'people'],
  ['sitrep', 'sitrep'],
  ['all', null],
]);

/** `/sitrep timeline`: what happened, from the record alone; nothing is read. */
export const timeline = acting({
  name: 'timeline',
  usage: '/sitrep timeline [2h] [changes/people/sitrep/all]',
  role: 'triage',
  postsOnly: true,
  summary: 'Shows what happened and when: changes, detections, commands, notes and updates.',
  examples: ['/sitrep timeline', '/sitrep timeline 2h', '/sitrep timeline changes'],
  shows: true,
  accepts: (words) => readFilter(words) !== null,
  decide: (words, { record, now, version, redacted }) => {
    const { group, agoMs } = readFilter(words) ?? { group: null, agoMs: null };
    const filter = { group, since: agoMs === null ? null : later(now, -agoMs) };
    return { events: [], say: composeTimeline({ record, filter, now, version, redacted }) };
  },
});

/** A duration and a group at most, in any order; null where the words are something else. */
function readFilter(
  words: readonly string[],
): { group: TimelineFilter['group']; agoMs: number | null } | null {
  const lower = words.map((word) => word.toLowerCase());
  const ages = lower.flatMap((word) => durationOf(word) ?? []);
  const named = lower.filter((word) => groups.has(word));
  if (ages.length > 1 || named.length > 1 || ages.length + named.length < lower.length) return null;
  return { group: groups.get(named[0] ?? 'all') ?? null, agoMs: ages[0] ?? null };
}
