import { age, clock } from '../figures.ts';
import type { ChecklistAction } from '../incident/state.ts';
import { code, join, plain, prose, say, type Text, type Value } from '../text.ts';

/** `Shift traffic · alice · due 18:30 (45 min late) · Restoration`; all times as seen from `seen`. */
export function actionWords(
  { title, owner, dueAt, phase, done }: ChecklistAction,
  seen: string,
  { withPhase }: { withPhase: boolean } = { withPhase: true },
): Text {
  const parts: Value[] = [prose(title)];
  parts.push(owner === null ? say`no owner` : code(owner));
  if (dueAt !== null) parts.push(say`due ${plain(clock(dueAt, seen))}${lateness(dueAt, done, seen)}`);
  if (phase !== null && withPhase) parts.push(prose(phase));
  if (done !== null) parts.push(say`done ${plain(clock(done.at, seen))} (stated, ${code(done.by)})`);
  return say`${join(parts, say` · `)}`;
}

/** Whether an action is open, and its time has passed. */
export function isOverdue({ dueAt, done }: Pick<ChecklistAction, 'dueAt' | 'done'>, seen: string): boolean {
  return done === null && dueAt !== null && Date.parse(dueAt) < Date.parse(seen);
}

function lateness(dueAt: string, done: ChecklistAction['done'], seen: string): Text {
  return isOverdue({ dueAt, done }, seen) ? say` (${plain(age(dueAt, seen))} late)` : say``;
}
