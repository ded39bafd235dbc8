import type { Case } from '../diagnose/case.ts';
import { clock } from '../diagnose/wording.ts';
import { atLeast, figure } from '../figures.ts';
import { before, current, evidenceIds, latest, numberOf, sumOf, time } from '../observations.ts';
import { signal } from '../signals.ts';
import type { SignalName } from '../signals.ts';
import type { Observation } from '../snapshot.ts';
import { loadedCpu, loadedThroughput, throughputOf } from '../states/connector.ts';
import { risen } from './rise.ts';

/** What was read for and against a cause. */
export interface Bearing {
  /** Short clauses with figures. */
  supporting: string[];
  opposing: string[];
  evidence: string[];
}

/** One reading, the side that it is on, and its clause. */
interface Read {
  supports: boolean;
  clause: string;
  seen: readonly Observation[];
}

/**
 * What was read of a connector's load: instances, CPU, throughput, and its traffic where that can be compared with
 * a time before the failure; null where none of it was.
 */
export function connectorReadings(found: Case, id: string, compare: { traffic: boolean }): Bearing | null {
  const reads = [
    instancesRead(found, id),
    cpuRead(found, id),
    throughputRead(found, id),
    ...(compare.traffic
      ? [
          trafficRead(found, id, signal.receivedBytes, 'received'),
          trafficRead(found, id, signal.sentBytes, 'sent'),
        ]
      : []),
  ].filter((read) => read !== null);
  if (reads.length === 0) return null;
  const side = (supports: boolean): string[] =>
    reads.filter((read) => read.supports === supports).map(({ clause }) => clause);
  return {
    supporting: side(true),
    opposing: side(false),
    evidence: evidenceIds(reads.flatMap(({ seen }) => seen)),
  };
}

/** The readings of a connector that runs all the instances it may have; null where it does not, or that was not read. */
export function isAtMaximum(found: Case, id: string): Observation[] | null {
  const read = instancesRead(found, id);
  return read?.supports === true ? [...read.seen] : null;
}

/** Whether its instances are loaded, with what says so: one reading is enough; null where none was read. */
export function loadReadings(found: Case, id: string): { loaded: boolean; seen: Observation[] } | null {
  const reads = [cpuRead(found, id), throughputRead(found, id)].filter((read) => read !== null);
  if (reads.length === 0) return null;
  const supporting = reads.filter(({ supports }) => supports);
  return {
    loaded: supporting.length > 0,
    seen: (supporting.length > 0 ? supporting : reads).flatMap(({ seen }) => seen),
  };
}

/** Whether its traffic rose against the hour before, in either direction; null where that was not read. */
export function trafficRose(
  found: Case,
  id: string,
): { rose: boolean; clauses: string[]; seen: Observation[] } | null {
  const reads = [
    trafficRead(found, id, signal.receivedBytes, 'received'),
    trafficRead(found, id, signal.sentBytes, 'sent'),
  ].filter((read) => read !== null);
  if (reads.length === 0) return null;
  return {
    rose: reads.some(({ supports }) => supports),
    clauses: reads.map(({ clause }) => clause),
    seen: reads.flatMap(({ seen }) => seen),
  };
}

function instancesRead({ index }: Case, id: string): Read | null {
  const instances = latest(index, id, signal.instances);
  const max = latest(index, id, signal.instancesMax);
  const [used, limit] = [numberOf(instances), numberOf(max)];
  if (!instances || !max || used === null || limit === null) return null;
  const since = latest(index, id, signal.instancesSince);
  const dated = since && !Number.isNaN(time(since.value)) ? since : null;
  return {
    supports: used >= limit,
    clause: `${instances.value}/${max.value} instances${dated ? ` since ${clock(dated.value, index.takenAt)}` : ''}`,
    seen: [instances, max, ...(dated ? [dated] : [])],
  };
}

function cpuRead({ index }: Case, id: string): Read | null {
  const cpu = latest(index, id, signal.cpu);
  const value = numberOf(cpu);
  return cpu && value !== null
    ? { supports: value >= loadedCpu, clause: `CPU ${figure(cpu.value, '%')}`, seen: [cpu] }
    : null;
}

/** The busiest minute against what the instances of that minute are documented to carry. */
function throughputRead({ index }: Case, id: string): Read | null {
  const throughput = throughputOf(id, index);
  if (throughput === null) return null;
  const { share, why, observations } = throughput;
  return { supports: share >= loadedThroughput, clause: why, seen: observations };
}

/** The traffic of the window beside that of the window before; nothing where one of them was not read. */
function trafficRead({ index }: Case, id: string, name: SignalName, word: string): Read | null {
  const [now, was] = [current(index, id, name), before(index, id, name)];
  const [bytes, earlier] = [sumOf(now), sumOf(was)];
  if (bytes === null || earlier === null) return null;
  return {
    supports: bytes >= earlier * risen,
    clause: `${word} ${sizeOf(now, bytes)} (was ${sizeOf(was, earlier)})`,
    seen: [...now, ...was],
  };
}

function sizeOf(seen: readonly Observation[], bytes: number): string {
  return atLeast(
    figure(String(bytes), 'bytes'),
    seen.some(({ partial }) => partial),
  );
}
