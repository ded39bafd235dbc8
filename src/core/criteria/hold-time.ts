import { durationOf, later } from '../figures.ts';
import { sampleEveryMs } from '../samples.ts';
import { checkExpression } from './check.ts';
import { evaluateOver, judge } from './evaluate.ts';
import { factsOf, type Facts } from './facts.ts';
import { lastHole, viewsFrom } from './held.ts';
import { trafficDuring } from './traffic-during.ts';
import type { CriteriaInput, CriterionReading, Result } from './types.ts';

/** Since when a condition comes out as it does now, and until when it is worth waiting. UTC, ISO 8601. */
export interface HoldTime {
  /** What the condition comes to now, whatever time it has to hold for. */
  now: Result;
  /** The first of the samples on end that agree with now; null where none does. It may have been so before. */
  since: string | null;
  /** When a condition that has to hold for a time can have done so at the earliest; null where there is nothing to wait for. */
  completeAt: string | null;
}

/** How long a criterion has stood as it does, from the samples that a snapshot holds. */
export function holdTimeOf(
  input: CriteriaInput,
  reading: Pick<CriterionReading, 'when' | 'for' | 'result'>,
): HoldTime {
  const { when, result } = reading;
  const lengthMs = reading.for === null ? null : durationOf(reading.for);
  const { takenAt } = input.snapshot;
  if (when === '' || checkExpression(when, input.configuration).length > 0)
    return { now: result, since: null, completeAt: null };
  const facts = factsOf(input);
  const lastError = result === 'met' || lengthMs === null ? null : lastErrorOf(facts, when, lengthMs);
  // The last error leaves the time that is asked for when that has passed since.
  if (lastError !== null && lengthMs !== null)
    return { now: result, since: null, completeAt: later(lastError, lengthMs + sampleEveryMs) };
  const now = evaluateOver(facts, when).result;
  const since = runBefore(facts, when, now);
  if (lengthMs === null || result === 'met') return { now, since, completeAt: null };
  // Without a sample that agrees it can begin to hold with the next one.
  const from = now === 'met' ? (since ?? later(takenAt, sampleEveryMs)) : later(takenAt, sampleEveryMs);
  return { now, since, completeAt: later(from, lengthMs) };
}

/** When the last 5xx was seen by which a condition over errors fails; null where it is not that. */
function lastErrorOf(facts: Facts, when: string, lengthMs: number): string | null {
  if (!/\berrors\b/.test(when)) return null;
  const times = (trafficDuring(facts, lengthMs) ?? []).flatMap(({ lastError }) => lastError ?? []);
  return times.toSorted().at(-1) ?? null;
}

function runBefore(facts: Facts, when: string, now: Result): string | null {
  const views = viewsFrom(facts, 0);
  const judgeOf = judge(when);
  const other = views.findLastIndex((view) => judgeOf(view.facts) !== now);
  const hole = lastHole(views, 0, facts.snapshot.takenAt);
  const afterHole = hole === null ? 0 : Date.parse(hole.to);
  return views.slice(other + 1).find(({ at }) => Date.parse(at) >= afterHole)?.at ?? null;
}
