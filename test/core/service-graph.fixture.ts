import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Observation, Snapshot } from '../../src/core/snapshot.ts';
import { at, configurationOf, observations, snapshotOf, window, windowBefore } from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

/** A figure of a service: before and now; a single number where it stayed. Null: not read. */
type BeforeAndNow = number | readonly [number, number] | null;

export interface Measured {
  /** Ids of the services that it calls. */
  calls?: readonly string[];
  /** ms */
  latency?: BeforeAndNow;
  /** % */
  availability?: BeforeAndNow;
  requests?: BeforeAndNow;
  /** Since when latency and availability are as they are now, as a clock of the window. */
  since?: string;
}

export type CallGraph = Readonly<Record<string, Measured>>;

export function configurationOfGraph(graph: CallGraph, more: Record<string, unknown> = {}): Configuration {
  return configurationOf({
    components: Object.fromEntries(
      Object.entries(graph).map(([id, { calls = [] }]) => [id, { type: 'service', depends_on: calls }]),
    ),
    ...more,
  });
}

export function snapshotOfGraph(graph: CallGraph): Snapshot {
  return snapshotOf(observationsOfGraph(graph));
}

function observationsOfGraph(graph: CallGraph): Observation[] {
  return observations(
    ...Object.entries(graph).map(([id, { latency = 100, availability = 100, requests = 1_000, since }]) => {
      const first = since === undefined ? {} : { first: at(since) };
      return [
        ...seen(id, 'latency', latency, { unit: 'ms' }, first),
        ...seen(id, 'availability', availability, { unit: '%' }, first),
        ...seen(id, 'requests', requests, {}, {}),
      ];
    }),
  );
}

function seen(
  id: string,
  signal: string,
  values: BeforeAndNow,
  unit: Partial<Observation>,
  first: Partial<Observation>,
): Seen[] {
  if (values === null) return [];
  const [was, now] = typeof values === 'number' ? [values, values] : values;
  return [
    [id, signal, written(was), { ...unit, window: windowBefore }],
    [id, signal, written(now), { ...unit, ...first, window }],
  ];
}

/** Decimal notation: snapshots know no exponents. */
function written(value: number): string {
  return String(Number(value.toFixed(9)));
}
