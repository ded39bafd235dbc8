import { changesOf } from '../diagnose/case.ts';
import type { Case } from '../diagnose/case.ts';
import {
  failureKind,
  identityRefused,
  innermostException,
  isConnectionFailure,
} from '../diagnose/log-signatures.ts';
import { current, numberOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Change, Observation } from '../snapshot.ts';
import type { RuleContext } from './rule.ts';

/** Seconds between a traceback and the exit that it explains. Gunicorn and Uvicorn end within a few. */
const secondsBefore = 30;

/** A container exit, and a line of the same revision's log seconds before it. */
export interface Crash {
  exit: Observation;
  line: Observation;
  share: number;
}

/** The lines of the exit's revision that tell of a failure and come seconds before it. */
export function crashesOf({ found, component }: RuleContext, exit: Observation): Crash[] {
  return current(found.index, component, signal.logError)
    .filter((line) => line.revision !== undefined && line.revision === exit.revision)
    .filter((line) => failureKind(line.text ?? '') !== 'other' && precedes(line, exit))
    .map((line) => ({ exit, line, share: Math.min(1, (numberOf(line) ?? 0) / (numberOf(exit) ?? 1)) }));
}

/** Exits and lines are counted, so only their first and last times can be compared. */
function precedes(line: Observation, exit: Observation): boolean {
  return [
    [line.first, exit.first],
    [line.last, exit.last],
  ].some(([before, after]) => {
    if (!before || !after) return false;
    const gap = (time(after) - time(before)) / 1_000;
    return gap >= 0 && gap <= secondsBefore;
  });
}

/** The change that made a revision. */
export function changeOf(found: Case, component: string, revision: string | undefined): Change | undefined {
  return changesOf(found, component).find(
    (change) => change.kind === 'revision' && change.revision !== undefined && change.revision === revision,
  );
}

/** Whether a line tells of a connection that did not come about, or of a database that refuses who connects. */
export function isConnection({ text = '' }: Observation): boolean {
  return isConnectionFailure(text) || (failureKind(text) !== 'program' && identityRefused.test(text));
}

/** The innermost exception of a line with its message; the line itself where it names none. */
export function exceptionOf(line: Observation): string {
  const exception = innermostException(line.text ?? '');
  if (!exception) return line.text ?? '';
  return exception.message ? `${exception.name}: ${exception.message}` : exception.name;
}

/** Those that precede most exits first, then the most frequent line. */
export function bySize(a: Crash, b: Crash): number {
  return b.share - a.share || (numberOf(b.line) ?? 0) - (numberOf(a.line) ?? 0);
}
