import { atLeast, number } from '../figures.ts';
import { before, current, evidenceIds, gapsOf, latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** CPU of its instances, %, from which a connector at its maximum has nothing left to give. Expert setting. */
export const loadedCpu = 80;

/** Share of what its instances are documented to carry from which a connector is near its end. Expert setting. */
export const loadedThroughput = 0.8;

/** The busiest minute of a connector against what its instances in that minute are documented to carry. */
export interface Throughput {
  share: number;
  /** `941 of about 1,000 Mbit/s`. */
  why: string;
  observations: Observation[];
}

/** States in which a connector carries no traffic (Serverless VPC Access API v1). An update goes on beside it. */
export function isAway(state: string): boolean {
  return !['READY', 'UPDATING', 'STATE_UNSPECIFIED'].includes(state);
}

/** Null where a part of it is not known: the machine type is not documented, or no metric was read. */
export function throughputOf(id: string, index: Observations): Throughput | null {
  const measured = latest(index, id, signal.throughput);
  const instances = latest(index, id, signal.throughputInstances);
  const each = latest(index, id, signal.throughputEach);
  const [megabits, count, of] = [numberOf(measured), numberOf(instances), numberOf(each)];
  if (!measured || !instances || !each || megabits === null || !count || !of) return null;
  return {
    share: megabits / (count * of),
    why: `${atLeast(number(megabits), measured.partial)} of about ${number(count * of)} Mbit/s`,
    observations: [measured, instances, each],
  };
}

/**
 * A Serverless VPC Access connector. `READY` says that its configuration was accepted, not that it carries the
 * load: without the number of instances against the maximum it is unknown. At the maximum it is degraded (it
 * cannot grow), and failing where its CPU, or its throughput against what is documented, is at 80 % or more as well.
 */
export function connectorState(id: string, index: Observations): StateReading {
  const state = latest(index, id, signal.state);
  if (!state) return goneState(id, index) ?? unread(index, id, [signal.state]);
  if (state.value === 'STATE_UNSPECIFIED') return reading('unknown', `state ${state.value}`, [state]);
  if (state.value === 'UPDATING') return reading('degraded', state.value, [state]);
  if (state.value !== 'READY') return reading('failing', state.value, [state]);

  const instances = latest(index, id, signal.instances);
  const max = latest(index, id, signal.instancesMax);
  const cpu = latest(index, id, signal.cpu);
  const used = numberOf(instances);
  const limit = numberOf(max);
  if (!instances || !max || used === null || limit === null) {
    return unread(index, id, [signal.instances, signal.instancesMax], [state], 'READY, load unread');
  }
  const throughput = throughputOf(id, index);
  const seen = [state, instances, max, ...(cpu ? [cpu] : []), ...(throughput?.observations ?? [])];
  const why = `${instances.value}/${max.value} instances${cpuFigure(cpu)}${throughput ? `, ${throughput.why}` : ''}, READY`;
  if (used < limit) return reading('healthy', why, seen);
  const isLoaded = (numberOf(cpu) ?? 0) >= loadedCpu || (throughput?.share ?? 0) >= loadedThroughput;
  return reading(isLoaded ? 'failing' : 'degraded', why, seen);
}

/** The API knows no such connector, and its metrics show that there was one: it is gone, and not merely misnamed. */
function goneState(id: string, index: Observations): StateReading | null {
  const gaps = gapsOf(index, id, signal.state).filter(({ reason }) => reason === 'not-found');
  const measured = [...current(index, id, signal.instances), ...before(index, id, signal.instances)];
  if (gaps.length === 0 || measured.length === 0) return null;
  const last = lastPointOf(measured);
  const seen = last === null ? '' : ` (last measured ${last.slice(11, 16)} UTC)`;
  return {
    state: 'failing',
    evidence: evidenceIds(gaps, measured),
    why: `the API knows no such connector${seen}`,
  };
}

/** When the newest point of some series was; null where none tells. */
export function lastPointOf(measured: readonly Observation[]): string | null {
  const times = measured.flatMap(({ last }) => last ?? []).toSorted();
  return times.at(-1) ?? null;
}

function cpuFigure(cpu: Observation | undefined): string {
  return cpu ? `, CPU ${cpu.value} %` : '';
}
