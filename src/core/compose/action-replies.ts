import { clock } from '../figures.ts';
import { longestText } from '../incident/kept-text.ts';
import type { ChecklistAction } from '../incident/state.ts';
import { code, join, plain, prose, say } from '../text.ts';
import type { NoticeUpdate, RefusalUpdate } from '../update.ts';
import { composeNotice, composeUnable } from './command-replies.ts';

/** Open actions that are listed where somebody named none of them. */
const listed = 10;
/** Characters of a title in a list. */
const shownTitle = 80;

/** An action that was added, with the number by which commands name it. */
export function composeActionAdded(input: {
  number: number;
  owner: string | null;
  dueAt: string | null;
  cut: boolean;
  now: string;
  version: string;
}): NoticeUpdate {
  const { number, owner, dueAt, cut, now, version } = input;
  const who = owner === null ? say`no owner` : say`owner ${code(owner)}`;
  const due = dueAt === null ? say`` : say`, due ${plain(clock(dueAt, now))} UTC`;
  const done = say`${code(`/sitrep action done ${String(number)}`)} ticks it off.`;
  const short = say`Its text was cut to ${longestText} characters.`;
  return composeNotice(say`Action ${number} added, ${who}${due}`, cut ? [done, short] : [done], version);
}

/** An action that is on the checklist already, and open. */
export function composeActionKnown({ number, owner }: ChecklistAction, version: string): NoticeUpdate {
  const who = owner === null ? say`no owner` : say`owner ${code(owner)}`;
  return composeNotice(say`That is action ${number} already, ${who}`, [], version);
}

/** A number that no action has, with those that are open. */
export function composeNoAction(
  number: number,
  actions: readonly ChecklistAction[],
  version: string,
): RefusalUpdate {
  const open = actions.filter(({ done }) => done === null);
  const names = open.slice(0, listed).map((one) => say`${one.number} ${prose(shortened(one.title))}`);
  const more = open.length > listed ? say` and ${open.length - listed} more` : say``;
  const line =
    open.length === 0
      ? say`None is open. ${code('/sitrep action add TEXT')} adds one.`
      : say`Open: ${join(names, say`; `)}${more}.`;
  return composeUnable(say`😕 There is no action ${number}`, [line], version);
}

function shortened(title: string): string {
  const signs = Array.from(title);
  return signs.length > shownTitle ? `${signs.slice(0, shownTitle).join('')}…` : title;
}
