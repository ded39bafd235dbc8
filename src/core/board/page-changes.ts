import type { EventBody } from '../incident/events.ts';
import type { IncidentState } from '../incident/state.ts';
import { taskLines } from './task-lines.ts';
import { linesOf } from './merge.ts';

/** Characters of a point that somebody wrote on the page. */
const longestTitle = 200;

/** A box that was ticked or cleared, and the points that were added without one of our numbers. */
export interface PageChanges {
  ticks: readonly { number: number; done: boolean }[];
  /** What was written behind the new boxes, as it was written. */
  added: readonly string[];
}

/** What people changed of the checklist between two texts of the living comment. A new box that is ticked is no new point. */
export function pageChanges(from: string, to: string): PageChanges {
  const before = taskLines(linesOf(from));
  const now = taskLines(linesOf(to));
  const was = firstByNumber(before);
  const ticks = [...firstByNumber(now)].flatMap(([number, ticked]) => {
    const earlier = was.get(number);
    return earlier === undefined || earlier === ticked ? [] : [{ number, done: ticked }];
  });
  const known = new Set(before.filter(({ number }) => number === null).map(({ title }) => title));
  const added = now.flatMap(({ number, ticked, title }) =>
    number === null && !ticked && !known.has(title) ? [title] : [],
  );
  return { ticks, added: [...new Set(added)] };
}

function firstByNumber(tasks: ReturnType<typeof taskLines>): Map<number, boolean> {
  return new Map(
    tasks
      .flatMap(({ number, ticked }): [number, boolean][] => (number === null ? [] : [[number, ticked]]))
      .toReversed(),
  );
}

/** What boxes mean for the record: those that say what it says already mean nothing. */
export function tickEvents({ ticks }: PageChanges, { actions }: IncidentState): EventBody[] {
  return ticks.flatMap(({ number, done }): EventBody[] => {
    const action = actions.find((one) => one.number === number);
    if (action === undefined || (action.done !== null) === done) return [];
    return [{ kind: done ? 'action-done' : 'action-reopened', number }];
  });
}

/** A point that somebody wrote on the page, as the record keeps it; `title` without secrets. */
export function addedAction(title: string): EventBody {
  const short = title.length > longestTitle ? `${title.slice(0, longestTitle)}…` : title;
  return {
    kind: 'action-added',
    title: short,
    owner: null,
    dueAt: null,
    phase: null,
    run: null,
    planned: false,
  };
}

/** The event of a point from the page has one name, however often and by which way it is seen. */
export function addedKey(title: string): string {
  return `added on the page: ${title}`;
}
