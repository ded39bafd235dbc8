import { atLeast } from '../figures.ts';
import { componentOf } from '../graph.ts';
import { evidenceIds, latest, sumOf } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { errorsOf } from '../states/errors.ts';
import { readingOf } from './case.ts';
import type { Case } from './case.ts';
import { failureKind, failureWords } from './log-signatures.ts';
import { symptomOf as serviceSymptom } from './service-links.ts';
import { connectionFailures, isKnownByEndpointOnly, loggedFailures, targetsOf } from './traversal.ts';
import { code, list } from './wording.ts';

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
  const { state, why } = readingOf(found, id);
  if (componentOf(found.configuration, id)?.type === 'http') return `answers ${foreign(why)}`;
  return `${state === 'failing' ? 'fails' : `is ${state}`} (${foreign(why)})`;
}

/** The evidence of it. */
export function symptomEvidence(found: Case, id: string): string[] {
  if (!isKnownByEndpointOnly(found, id)) return readingOf(found, id).evidence;
  return evidenceIds(loggedFailures(found, id));
}

/** The question after it: `` Why does `api` answer 503? ``. */
export function symptomQuestion(found: Case, id: string): string {
  if (isKnownByEndpointOnly(found, id)) return `Why does ${code(id)} log failures?`;
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
  return `its connections${towards} ${words}${sumOf(lines) === null ? '' : `, ${countOf(lines)} times`}`;
}

/** A service whose metrics are still silent speaks through its log. */
function logPredicate(found: Case, id: string): string {
  const connections = connectionFailures(found, id);
  if (connections.length > 0) return `logs that ${connectionClause(found, id, connections)}`;
  return `logs ${countOf(loggedFailures(found, id))} failures`;
}

/** How many there were, a lower bound being told as one. */
export function countOf(observations: readonly Observation[]): string {
  const count = sumOf(observations);
  return count === null
    ? 'some'
    : atLeast(
        String(count),
        observations.some(({ partial }) => partial),
      );
}

/** A value that an API gave, without what would close a code span or open another one. */
function foreign(text: string): string {
  return text.replaceAll(/[`\s]+/g, ' ').trim();
}
