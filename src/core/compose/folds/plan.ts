import { clock, counted } from '../../figures.ts';
import { fence, label, plain, prose, say, type Text } from '../../text.ts';
import type { ActionRow, Fold, PreventionRow } from '../../update.ts';
import { stateOf, type ChecklistAction } from '../../incident/state.ts';
import { actionWords, isOverdue } from '../checklist.ts';
import { spoken, type Facts } from '../facts.ts';
import { fold } from './fold.ts';

/** The checklist of the incident; before there is one, the plan of the configuration, phase by phase. */
export function planFold(facts: Facts): Fold<ActionRow> | null {
  const { actions } = stateOf(facts.snapshot.record ?? []);
  return actions.length > 0 ? checklistFold(actions, facts.seen) : configuredFold(facts);
}

function checklistFold(actions: readonly ChecklistAction[], seen: string): Fold<ActionRow> | null {
  const done = actions.filter((action) => action.done !== null).length;
  const overdue = actions.filter((action) => isOverdue(action, seen)).length;
  const rows = actions.map((action, index): ActionRow => {
    const { number, phase, run } = action;
    const mark = action.done === null ? say`⬜` : say`✅`;
    return {
      phase: phase === null || phase === actions[index - 1]?.phase ? null : phaseWords(phase, actions, seen),
      action: say`${mark} **${number}** ${actionWords(action, seen, { withPhase: false })}`,
      run: run === null || action.done !== null ? null : fence('bash', run),
    };
  });
  const end = plannedEnd(actions);
  return fold(
    end === null
      ? label`Plan: ${done} of ${actions.length} done, ${overdue} overdue`
      : label`Plan: ${done} of ${actions.length} done, ${overdue} overdue, planned to end ${plain(clock(end, seen))}`,
    rows,
  );
}

/** When the last phase of the plan should be over, UTC; null where no phase has a time. */
export function plannedEnd(actions: readonly ChecklistAction[]): string | null {
  return lastOf(actions.flatMap(({ dueAt, planned }) => (planned ? (dueAt ?? []) : [])));
}

/** `Restoration, by 20:15`: a phase with the time by which it should be over. */
function phaseWords(phase: string, actions: readonly ChecklistAction[], seen: string): Text {
  const end = lastOf(actions.flatMap((action) => (action.phase === phase ? (action.dueAt ?? []) : [])));
  return end === null ? say`${prose(phase)}` : say`${prose(phase)}, by ${plain(clock(end, seen))}`;
}

function lastOf(times: readonly string[]): string | null {
  return times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}

function configuredFold(facts: Facts): Fold<ActionRow> | null {
  const { plan } = facts.configuration;
  const rows = plan.flatMap(({ phase, window, actions }) =>
    actions.map(({ title, run }, index): ActionRow => {
      const when = window === undefined ? say`` : say`, ${prose(window)}`;
      return {
        phase: index === 0 ? say`${prose(phase)}${when}` : null,
        action: say`${prose(title)}`,
        run: run === undefined ? null : fence('bash', run),
      };
    }),
  );
  return fold(
    label`Plan: ${plain(counted(rows.length, 'action', 'actions'))} in ${plain(counted(plan.length, 'phase', 'phases'))}`,
    rows,
  );
}

/** What is to be done so that it does not happen again. */
export function preventionFold(facts: Facts): Fold<PreventionRow> | null {
  const rows = facts.configuration.prevention.map(({ title, horizon }) => ({
    measure: horizon === undefined ? say`${prose(title)}` : say`${prose(title)} (${prose(spoken(horizon))})`,
  }));
  return fold(label`Prevention, for afterwards: ${plain(String(rows.length))}`, rows);
}
