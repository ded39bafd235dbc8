import { current, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import type { Case } from './case.ts';
import { goingAway } from './log-signatures.ts';

/** Operations that take an instance away while they run (Cloud SQL Admin API v1, SqlOperationType). */
const takesAway =
  /^(?:MAINTENANCE|FAILOVER|RESTART|UPDATE|RECREATE_REPLICA|PROMOTE_REPLICA|RESTORE_VOLUME|SWITCHOVER|RESCHEDULE_MAINTENANCE|SELF_SERVICE_MAINTENANCE|MAJOR_VERSION_UPGRADE|DELETE)\b/;

/** Tolerance between the clock of an operation and that of a log, ms. */
const tolerance = 60_000;

/** Whether an operation, by its type and status, is one that takes the instance away. */
export function takesInstanceAway(value: string): boolean {
  return takesAway.test(value);
}

/** For how long after an operation its users may still fail: they have to connect anew. Expert setting. */
const aftermath = 10 * 60_000;

/**
 * The operations of a database that take it away, that ran when some log lines began, and that had not ended long
 * before the lines did: what goes on failing has another cause, unless the database itself says that it goes.
 */
export function operationsDuring(
  { index }: Case,
  database: string,
  lines: readonly Observation[],
): Observation[] {
  const began = Math.min(...lines.flatMap(({ first }) => (first === undefined ? [] : [time(first)])));
  if (!Number.isFinite(began)) return [];
  const ended = Math.max(...lines.flatMap(({ last }) => (last === undefined ? [] : [time(last)])));
  const saysSo = lines.some(({ text = '' }) => goingAway.test(text));
  return current(index, database, signal.operation).filter(({ value, first, last }) => {
    if (!takesAway.test(value) || first === undefined) return false;
    if (time(first) > began + tolerance) return false;
    return last === undefined || (time(last) >= began && (saysSo || ended <= time(last) + aftermath));
  });
}
