import { nextCheckpoint, plannedCheckpoints } from '../core/checkpoints.ts';
import { composeCheckpointPlan, composeNoUnasked, composeOver } from '../core/compose/checkpoint-notices.ts';
import { durationOf } from '../core/figures.ts';
import { acting } from './act.ts';

/** Checkpoints that one may name: more are no plan. */
const most = 12;
const shortestMs = 60_000;
const longestMs = 7 * 24 * 3_600_000;

/** `/sitrep checkpoints 2h,4h,8h`, `/sitrep checkpoints off`: when updates come by themselves. */
export const checkpoints = acting({
  name: 'checkpoints',
  usage: '/sitrep checkpoints TIMES/off',
  role: 'write',
  summary:
    'Sets when updates come by themselves, counted from the declaration; the last interval repeats. `off` ends them; the living comment goes on.',
  examples: ['/sitrep checkpoints 2h,4h,8h', '/sitrep checkpoints 30m', '/sitrep checkpoints off'],
  accepts: (words) => isOff(words) || offsetsIn(words) !== null,
  decide: (words, { state, commentsPerHour, now, version }) => {
    if (!state.watched) return { refusal: composeOver({ version }), outcome: 'refused' };
    if (isOff(words))
      return {
        events: [{ kind: 'checkpoints', plan: [] }],
        say: composeCheckpointPlan({ times: [], now, version }),
        checkpoints: [],
      };
    if (commentsPerHour === 0) return { refusal: composeNoUnasked({ version }), outcome: 'refused' };
    const asked = offsetsIn(words) ?? [];
    const plan = plannedCheckpoints(asked, commentsPerHour);
    const declaredAt = state.declared?.at ?? now;
    return {
      events: [{ kind: 'checkpoints', plan: asked }],
      say: composeCheckpointPlan({ times: upcoming(plan, declaredAt, now), now, version }),
      checkpoints: plan,
    };
  },
});

const shown = 3;

/** The next checkpoints, UTC. */
function upcoming(plan: readonly string[], declaredAt: string, now: string): string[] {
  const times: string[] = [];
  for (let from: string | null = now; from !== null && times.length < shown;) {
    from = nextCheckpoint(plan, declaredAt, from)?.dueAt ?? null;
    if (from !== null) times.push(from);
  }
  return times;
}

function isOff(words: readonly string[]): boolean {
  return words.length === 1 && words[0]?.toLowerCase() === 'off';
}

/** `2h,4h`, `2h, 4h` and `2h 4h`; null where a part is no duration. */
function offsetsIn(words: readonly string[]): string[] | null {
  const parts = words
    .join(' ')
    .toLowerCase()
    .split(/[\s,;]+/u)
    .filter((part) => part !== '');
  const fits = parts.every((part) => {
    const ms = durationOf(part);
    return ms !== null && ms >= shortestMs && ms <= longestMs;
  });
  return parts.length > 0 && parts.length <= most && fits ? parts : null;
}
