import { nextCheckpoint, plannedCheckpoints } from '../core/checkpoints.ts';
import { composeNotResolved, composeReopened } from '../core/compose/resolution-replies.ts';
import { acting, type Decision, type Situation } from './act.ts';

/** `/sitrep reopen`: goes on with an incident that was resolved, or whose issue was closed. */
export const reopen = acting({
  name: 'reopen',
  usage: '/sitrep reopen [REASON]',
  role: 'write',
  summary: 'Opens an incident again that was resolved, and its issue where that is closed.',
  examples: ['/sitrep reopen', '/sitrep reopen logins fail again'],
  accepts: () => true,
  decide,
});

function decide(words: readonly string[], situation: Situation): Decision {
  const { invocation, configuration, state, commentsPerHour, now, version } = situation;
  const { closed } = invocation.issue;
  if (state.resolution === null && !closed)
    return { refusal: composeNotResolved({ version }), outcome: 'confused' };
  const checkpoints = plannedCheckpoints(state.plan ?? configuration.checkpoints, commentsPerHour);
  const next = nextCheckpoint(checkpoints, state.declared?.at ?? now, now)?.dueAt ?? null;
  return {
    events:
      state.resolution === null
        ? [{ kind: 'issue-reopened' }]
        : [{ kind: 'reopened', because: 'command', what: words.join(' ') }],
    say: composeReopened({
      by: invocation.actor,
      stage: state.resolution === null ? state.stage : 'investigating',
      at: now,
      next,
      version,
    }),
    checkpoints,
    ...(closed ? { issueState: 'open' } : {}),
  };
}
