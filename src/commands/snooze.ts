import { nextComment, plannedCheckpoints } from '../core/checkpoints.ts';
import { composeOver, composeSnoozed } from '../core/compose/checkpoint-notices.ts';
import { durationOf, later } from '../core/figures.ts';
import { acting } from './act.ts';

const shortestMs = 60_000;
const longestMs = 24 * 3_600_000;

/** `/sitrep snooze 60m`: nothing comes by itself before. What is due meanwhile comes at its end, once. */
export const snooze = acting({
  name: 'snooze',
  usage: '/sitrep snooze TIME',
  role: 'write',
  summary:
    'Nothing comes by itself before, at most for a day; what is due meanwhile comes at its end, once. The living comment goes on.',
  examples: ['/sitrep snooze 60m', '/sitrep snooze 2h'],
  accepts: (words) => lengthIn(words) !== null,
  decide: (words, { configuration, state, commentsPerHour, now, version }) => {
    if (!state.watched) return { refusal: composeOver({ version }), outcome: 'refused' };
    const until = later(now, lengthIn(words) ?? 0);
    const plan = plannedCheckpoints(state.plan ?? configuration.checkpoints, commentsPerHour);
    const next = nextComment(plan, state.declared?.at ?? now, now, {
      snoozedFrom: now,
      snoozedUntil: until,
    });
    return {
      events: [{ kind: 'snoozed', until }],
      say: composeSnoozed({ until, next, now, version }),
    };
  },
});

/** `60m`, `60 min`, `2 h`; null where it is no time, or too long a one. */
function lengthIn(words: readonly string[]): number | null {
  const text = words
    .join('')
    .toLowerCase()
    .replace(/(?<=\d)(?:mins?|minutes?)$/u, 'm')
    .replace(/(?<=\d)hours?$/u, 'h');
  const ms = durationOf(text);
  return ms !== null && ms >= shortestMs && ms <= longestMs ? ms : null;
}
