import type { Case } from './case.ts';
import { code } from './wording.ts';
import { number } from '../figures.ts';
import { current, numberOf, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { ofRevisionsInUse } from '../states/cloud-run.ts';

/** The error lines of a component's log that fit a pattern, the most frequent first. */
export function linesOf({ index }: Case, component: string, pattern: RegExp): Observation[] {
  return current(index, component, signal.logError)
    .filter((line) => (numberOf(line) ?? 0) > 0 && pattern.test(line.text ?? ''))
    .toSorted((a, b) => (numberOf(b) ?? 0) - (numberOf(a) ?? 0));
}

/** As `linesOf`, of the revisions in use: what an older one logged ended with it. */
export function linesInUse(found: Case, component: string, pattern: RegExp): Observation[] {
  return ofRevisionsInUse(component, found.index, linesOf(found, component, pattern));
}

/**
 * Part of a service's failed requests that so many readings account for, 0 to 1; null where its 5xx were not counted
 * or there were none.
 */
export function shareOfErrors(
  { index }: Case,
  component: string,
  seen: readonly Observation[],
): number | null {
  return partOf(sumOf(seen), sumOf(current(index, component, signal.serverErrors)));
}

/** Part of a service's container starts that did not become ready, 0 to 1; null where starts were not counted. */
export function shareOfFailedStarts(
  { index }: Case,
  component: string,
  seen: readonly Observation[],
): number | null {
  const starts = sumOf(current(index, component, signal.starts));
  const ready = sumOf(current(index, component, signal.startsReady));
  return partOf(sumOf(seen), starts === null || ready === null ? null : starts - ready);
}

function partOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : Math.min(1, part / whole);
}

/** Characters of a line that a sentence has room for. */
const room = 110;

/** A line in a code span: from its beginning, or from the clause that holds what the pattern found. */
export function excerpt({ text = '' }: Observation, pattern: RegExp): string {
  const found = pattern.exec(text);
  if (!found || found.index + found[0].length <= room) return code(text);
  const clause = text.lastIndexOf(': ', found.index);
  return code(`…${text.slice(clause === -1 ? found.index : clause + 2)}`);
}

/** How often, a lower bound being told as one: `88 times`, `at least 1,000 times`. */
export function timesOf(seen: readonly Observation[]): string {
  const count = sumOf(seen) ?? 0;
  const bound = seen.some(({ partial }) => partial) ? 'at least ' : '';
  return count === 1 && bound === '' ? 'once' : `${bound}${number(count)} ${count === 1 ? 'time' : 'times'}`;
}
