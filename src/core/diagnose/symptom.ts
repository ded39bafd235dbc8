import { atLeast, number } from '../figures.ts';
import { componentOf } from '../graph.ts';
import { current, evidenceIds, latest, sortedIds, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { errorsOf } from '../states/errors.ts';
import { isAbnormal, readingOf } from './case.ts';
import type { Case } from './case.ts';
import { failureKind, failureWords, noInstance } from './log-signatures.ts';
import { symptomOf as serviceSymptom } from './service-links.ts';
import { connectionFailures, isKnownByEndpointOnly, loggedFailures, targetsOf } from './traversal.ts';
import { timesOf } from './log-lines.ts';
import { clock, code, list } from './wording.ts';

/** The signal by which a component is seen to fail: what a why asks of it. */
export function symptomSignal(found: Case, id: string): string {
  if (isKnownByEndpointOnly(found, id)) return signal.logError;
  switch (componentOf(found.configuration, id)?.type) {
    case 'http':
    case 'websocket':
      return signal.status;
    case 'metric':
      return signal.value;
    case 'log-filter':
      return signal.entries;
    case 'service':
      return serviceSymptom(found, id) === 'latency' ? signal.latency : signal.availability;
    case 'cloud-run':
      return errorsOf(id, found.index) ? signal.serverErrors : signal.ready;
    case 'vpc-connector':
      return latest(found.index, id, signal.state)?.value === 'READY' ? signal.instances : signal.state;
    case 'load-balancer':
      return errorsOf(id, found.index) ? signal.serverErrors : signal.failedResponses;
    case 'google-region':
      return signal.activeEvents;
    case 'terraform-state':
      return signal.drift;
    case 'cloud-sql':
    case 'secret':
    case undefined:
    default:
      return signal.state;
  }
}

/** What is seen of a component, as the end of a sentence about it: `answers 503 in 4.3 s`. */
export function symptomPredicate(found: Case, id: string): string {
  if (isKnownByEndpointOnly(found, id)) return logPredicate(found, id);
  if (!isAbnormal(found, id)) return absencePredicate(found, id);
  const { state, why } = readingOf(found, id);
  if (componentOf(found.configuration, id)?.type === 'http') return `answers ${foreign(why)}`;
  return `${state === 'failing' ? 'fails' : `is ${state}`} (${foreign(why)})`;
}

/** A thing whose own state reads right, and that was away for a while, or cannot be used by who needs it. */
function absencePredicate(found: Case, id: string): string {
  const clauses = passed(found, id).map(({ value, first, last }) => {
    const from = first === undefined ? '' : ` ${clock(first, found.index.takenAt)}`;
    const to = last === undefined ? '' : ` to ${clock(last, found.index.takenAt)}`;
    return `operation ${code(value.split(' ')[0] ?? value)}${from}${to} UTC`;
  });
  if (clauses.length > 0) return `was away (${clauses.join(', ')})`;
  const { state, why } = readingOf(found, id);
  return state === 'unknown'
    ? `cannot be used (its state is ${foreign(why)})`
    : `cannot be used, though it is ${state} (${foreign(why)})`;
}

/** Operations of a database in the window. */
function passed({ configuration, index }: Case, id: string): Observation[] {
  if (componentOf(configuration, id)?.type !== 'cloud-sql') return [];
  const from = time(index.window.from);
  return current(index, id, signal.operation).filter(
    ({ first, last }) => first !== undefined && (last === undefined || time(last) >= from),
  );
}

/** The evidence of it. */
export function symptomEvidence(found: Case, id: string): string[] {
  if (!isAbnormal(found, id))
    return sortedIds([...readingOf(found, id).evidence, ...evidenceIds(passed(found, id))]);
  if (!isKnownByEndpointOnly(found, id)) return readingOf(found, id).evidence;
  return evidenceIds(loggedFailures(found, id));
}

/** The question after it: `` Why does `api` answer 503? ``. */
export function symptomQuestion(found: Case, id: string): string {
  if (isKnownByEndpointOnly(found, id)) {
    return turnedAway(found, id).length > 0
      ? `Why does ${code(id)} have no free instance?`
      : `Why does ${code(id)} log failures?`;
  }
  if (!isAbnormal(found, id)) {
    return passed(found, id).length > 0 ? `Why was ${code(id)} away?` : `Why can ${code(id)} not be used?`;
  }
  const status =
    componentOf(found.configuration, id)?.type === 'http' ? latest(found.index, id, signal.status) : null;
  if (status) return `Why does ${code(id)} answer ${foreign(status.value)}?`;
  return readingOf(found, id).state === 'failing'
    ? `Why does ${code(id)} fail?`
    : `Why is ${code(id)} degraded?`;
}

/** What a service's lines say of its connections: `` its connections to `db` time out, 176 times ``. */
export function connectionClause(found: Case, id: string, lines: readonly Observation[]): string {
  const targets = targetsOf(found, id, lines);
  const towards = targets.length > 0 ? ` to ${list(targets)}` : '';
  const words = failureWords(failureKind(lines[0]?.text ?? ''));
  return `its connections${towards} ${words}${sumOf(lines) === null ? '' : `, ${timesOf(lines)}`}`;
}

/** A service whose metrics are still silent speaks through its log. */
function logPredicate(found: Case, id: string): string {
  const connections = connectionFailures(found, id);
  if (connections.length > 0) return `logs that ${connectionClause(found, id, connections)}`;
  const away = turnedAway(found, id);
  if (away.length > 0) return `has no free instance for requests, ${timesOf(away)}`;
  const failures = countOf(loggedFailures(found, id));
  return `logs ${failures} ${failures === '1' ? 'failure' : 'failures'}`;
}

function turnedAway(found: Case, id: string): Observation[] {
  return loggedFailures(found, id).filter(({ text = '' }) => noInstance.test(text));
}

/** How many there were, a lower bound being told as one. */
function countOf(observations: readonly Observation[]): string {
  const count = sumOf(observations);
  return count === null
    ? 'some'
    : atLeast(
        number(count),
        observations.some(({ partial }) => partial),
      );
}

/** A value that an API gave, without what would close a code span or open another one. */
function foreign(text: string): string {
  return text.replaceAll(/[`\s]+/g, ' ').trim();
}
