import type { Case } from '../diagnose/case.ts';
import { clock } from '../diagnose/wording.ts';
import type { Contradiction, Difference } from '../diagnosis.ts';
import { inUse } from '../graph.ts';
import { current, latest, numberOf, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { Observation } from '../snapshot.ts';

/** Age of a metric's last point up to which it is held against a present state. Metrics come minutes late. Expert setting. */
const freshMs = 10 * 60_000;

interface Disagreements {
  contradictions: Contradiction[];
  differences: Difference[];
}

/**
 * States that an API gives and metrics that show the opposite at the same time: a connector that is READY without
 * instances or traffic while services send through it, a database that is RUNNABLE and not up, a service that is ready
 * and answers without an instance. A point older than ten minutes differs in time, which is told as such.
 */
export function stateAgainstMetrics(found: Case): Disagreements {
  const pairs = Object.entries(found.configuration.components).flatMap(([id, { type }]): Pair[] => {
    if (type === 'vpc-connector') return ofConnector(found, id);
    if (type === 'cloud-sql') return ofDatabase(found, id);
    return type === 'cloud-run' ? ofService(found, id) : [];
  });
  const isFresh = ({ metric }: Pair): boolean => {
    const seen = metric.last ?? metric.window?.to ?? metric.at;
    return time(found.index.takenAt) - time(seen) <= freshMs;
  };
  return {
    contradictions: pairs.filter(isFresh).map(({ about, state, metric, beside }) => ({
      about,
      kind: 'measured-measured',
      sides: [state, metric, ...beside].map((seen) => ({ value: valueOf(seen), evidence: seen.id })),
    })),
    differences: pairs
      .filter((pair) => !isFresh(pair))
      .map(({ about, state, metric }) => ({
        about,
        sides: [
          { value: valueOf(state), of: `state read at ${at(found, state.at)}`, evidence: state.id },
          {
            value: valueOf(metric),
            of: `last point at ${at(found, metric.last ?? metric.at)}`,
            evidence: metric.id,
          },
        ],
        why: 'the last point is older than the state: what it shows may have ended since',
      })),
  };
}

interface Pair {
  about: Contradiction['about'];
  state: Observation;
  metric: Observation;
  /** What makes the two impossible together, where they are not by themselves. */
  beside: readonly Observation[];
}

function ofConnector(found: Case, id: string): Pair[] {
  const { index } = found;
  const state = latest(index, id, signal.state);
  if (state?.value !== 'READY') return [];
  const about = { component: id, signal: signal.state };
  const instances = latest(index, id, signal.instances);
  // A connector never has less than two instances.
  if (instances && numberOf(instances) === 0) return [{ about, state, metric: instances, beside: [] }];
  const sent = latest(index, id, signal.sentBytes);
  const received = latest(index, id, signal.receivedBytes);
  if (!sent || sumOf([sent, ...(received ? [received] : [])]) !== 0 || numberOf(sent) !== 0) return [];
  const users = Object.keys(found.configuration.components).flatMap((service) => usesIn(found, service, id));
  return users.length === 0 ? [] : [{ about, state, metric: sent, beside: users.slice(0, 1) }];
}

/** What shows that a service sent through a connector in the window: it connected to a database, or all its traffic goes there. */
function usesIn({ index, graph }: Case, service: string, connector: string): Observation[] {
  const attached = (graph.outgoing.get(service) ?? []).some(
    ({ to, evidence }) => to === connector && evidence.length > 0,
  );
  if (!attached) return [];
  const allTraffic = inUse(index, service, signal.egress).some(({ value }) => value === 'all-traffic');
  const requests = current(index, service, signal.successes).filter((seen) => (numberOf(seen) ?? 0) > 0);
  return [...current(index, service, signal.connectTime), ...(allTraffic ? requests : [])];
}

function ofDatabase({ index }: Case, id: string): Pair[] {
  const state = latest(index, id, signal.state);
  const up = latest(index, id, signal.up);
  const stopped = latest(index, id, signal.activation)?.value === 'NEVER';
  if (state?.value !== 'RUNNABLE' || !up || numberOf(up) !== 0 || stopped) return [];
  return [{ about: { component: id, signal: signal.state }, state, metric: up, beside: [] }];
}

/** Answered requests of the last minutes, and no instance that could have answered them. */
function ofService({ index }: Case, id: string): Pair[] {
  const ready = latest(index, id, signal.ready);
  const active = current(index, id, signal.activeInstances);
  const requests = latest(index, id, signal.recentRequests);
  const failed = latest(index, id, signal.recentServerErrors);
  const [count, errors] = [numberOf(requests), numberOf(failed)];
  const isReady = ready !== undefined && /SUCCEEDED|TRUE/i.test(ready.value);
  const [first] = active;
  if (!isReady || !requests || !failed || !first || count === null || errors === null) return [];
  const none = active.every((seen) => numberOf(seen) === 0 && covers(seen, requests));
  if (!none || count === 0 || errors === count) return [];
  return [
    {
      about: { component: id, signal: signal.activeInstances },
      state: ready,
      metric: first,
      beside: [requests],
    },
  ];
}

/** Whether a last point has held since before the window of another value began. */
function covers(point: Observation, { window }: Observation): boolean {
  return point.first !== undefined && window !== null && time(point.first) <= time(window.from);
}

function valueOf({ signal: name, value, unit }: Observation): string {
  return name === signal.state || name === signal.ready
    ? value
    : `${name} ${value}${unit === null ? '' : ` ${unit}`}`;
}

function at({ index }: Case, instant: string): string {
  return `${clock(instant, index.takenAt)} UTC`;
}
