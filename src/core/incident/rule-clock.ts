import { durationOf, later } from '../figures.ts';

/** The clock of an escalation rule: `elapsed >= duration('2h')` as one condition of a plain conjunction. */

const elapsed = /^elapsed\s*>=?\s*duration\(\s*['"]([^'"]+)['"]\s*\)$/;

/** The conditions of a plain conjunction; the whole expression where it is anything else. */
export function conditionsOf(when: string): string[] {
  return /\|\||[?]/.test(when) ? [when.trim()] : when.split('&&').map((part) => part.trim());
}

/** Whether a condition is the clock. */
export function isClock(condition: string): boolean {
  return elapsed.test(condition);
}

/** When a rule's clock runs out, UTC; null where it has none. */
export function clockOf(when: string, declaredAt: string): string | null {
  const asked = conditionsOf(when).flatMap((condition) => elapsed.exec(condition)?.[1] ?? []);
  const wait = asked[0] === undefined ? null : durationOf(asked[0]);
  return wait === null ? null : later(declaredAt, wait);
}
