import { fence, prose, say, type Text } from '../text.ts';
import type { CommandRow } from '../update.ts';
import { type Facts, isInTrouble } from './facts.ts';
import { type Action, goingBack } from './going-back.ts';
import { plannedActions } from './planned.ts';

/** Actions shown in one line; the plan has all. */
const shown = 2;

/** What to do first: going back where a deploy bears on it, then what the plan has next. */
export function doNow(facts: Facts): { owner: Text; what: Text } | null {
  const [first, second] = actions(facts);
  if (first === undefined) return null;
  const owner = facts.snapshot.incident?.lead === null ? say`, no owner` : say``;
  const caution = first.caution === null ? say`` : say` ${first.caution}`;
  const then = second === undefined ? say`` : say` Then: ${second.what}`;
  return { owner, what: say`${first.what}.${caution}${then}` };
}

/** The commands for what to do now, and for what would decide the cause. */
export function commandsToRun(facts: Facts): CommandRow[] {
  const now = actions(facts).flatMap(({ what, run }) =>
    run === null ? [] : [{ title: say`${what}:`, run }],
  );
  const deciding = facts.diagnosis.missing.map((missing) => ({
    title: say`To learn ${prose(missing.wouldDecide)}:`,
    run: fence('bash', missing.command),
  }));
  return [...now, ...deciding];
}

function actions(facts: Facts): Action[] {
  const { incident } = facts.snapshot;
  if (!isInTrouble(facts) || incident?.stage === 'resolved') return [];
  const back = goingBack(facts).slice(0, 1);
  const commands = back.flatMap(({ run }) => (run === null ? [] : [run.text]));
  return [...back, ...plannedActions(facts, commands)].slice(0, shown);
}
