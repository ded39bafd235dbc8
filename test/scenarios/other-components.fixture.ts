import type { Component, Configuration } from '../../src/config/repository.schema.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import type { Observation, Snapshot } from '../../src/core/snapshot.ts';

/**
 * Fifty components that have nothing to do with an outage, beside those of a snapshot: services that work and log
 * noise, others that fail and that nobody needs, connectors at their maximum since yesterday, databases, endpoints
 * and secrets.
 */

type Read = readonly [signal: string, value: string, more?: Partial<Observation>];

interface Other {
  file: Record<string, unknown>;
  reads: Read[];
}

/** What healthy services log all the time, and what an outage would be mistaken for. */
const noise = [
  'dial tcp 10.20.0.9:6379: i/o timeout',
  'psycopg.OperationalError: connection refused',
  "ModuleNotFoundError: No module named 'metrics'",
  'Quota exceeded for quota metric "Read requests" of service "sheets.googleapis.com"',
  'KeyError: "FEATURE_FLAG"',
];

interface Times {
  window: Snapshot['window'];
  day: Snapshot['window'];
  first: string;
  last: string;
}

const shift = (instant: string, minutes: number): string =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();

function timesOf({ window }: Snapshot): Times {
  return {
    window,
    day: { from: shift(window.to, -1_440), to: window.to },
    first: shift(window.from, 2),
    last: shift(window.to, -2),
  };
}

/** A service; of its requests some failed, and its containers exited or were ended at their memory limit. */
function service(n: number, times: Times, failed: number, ends: readonly Read[] = []): Other {
  const revision = `other-service-${n}-1`;
  const { window, first, last } = times;
  const text = noise[n % noise.length] ?? '';
  return {
    file: {
      type: 'cloud-run',
      service: `other-service-${n}`,
      depends_on: [`other-connector-${n % 8}`, `other-db-${n % 8}`],
    },
    reads: [
      ['ready', 'CONDITION_SUCCEEDED'],
      ['revision.serving', revision, { revision }],
      ['connector', `other-connector-${n % 8}`, { revision }],
      ['requests', '600', { window, first, last }],
      ['requests.5xx', String(failed), failed > 0 ? { window, first, last } : { window }],
      ['log.errors', '240', { window }],
      ['log.error', '240', { window, text, first, last, revision }],
      ...ends,
    ],
  };
}

function failingService(n: number, times: Times): Other {
  const span = { window: times.window, first: times.first, last: times.last };
  return service(n, times, 590, [n % 2 === 0 ? ['exit.1', '200', span] : ['memory.exceeded', '300', span]]);
}

/** At the maximum since before the readings begin, with some load, as small connectors run for months. */
function connector(n: number, { window, day }: Times, loaded: boolean): Other {
  return {
    file: { type: 'vpc-connector', name: `other-connector-${n}` },
    reads: [
      ['state', 'READY'],
      ['instances.max', '3'],
      ['instances', loaded ? '3' : '2', { window, first: window.from, last: window.to }],
      ['instances.since', day.from, { window: day }],
      ['instances.highest', loaded ? '3' : '2', { window }],
      ['cpu', loaded ? '91' : '40', { window, unit: '%' }],
    ],
  };
}

function database(n: number, { window, day }: Times, away: boolean): Other {
  return {
    file: { type: 'cloud-sql', instance: `other-postgres-${n}`, via: `other-connector-${n}` },
    reads: [
      ['state', away ? 'MAINTENANCE' : 'RUNNABLE'],
      ['up', away ? '0' : '1', { window }],
      ['backends', away ? '95' : '20', { window }],
      ['backends.max', away ? '96' : '20', { window }],
      ['flag.max_connections', '100'],
      ['operation', 'none', { window: day }],
    ],
  };
}

function endpoint(n: number): Other {
  return {
    file: { type: 'http', url: `https://other-${n}.example.net/health`, depends_on: [`other-service-${n}`] },
    reads: [
      ['status', '200'],
      ['latency', '0.1', { unit: 's' }],
    ],
  };
}

function secret(n: number): Other {
  return { file: { type: 'secret', name: `other-secret-${n}` }, reads: [['state', 'ENABLED']] };
}

function othersIn(snapshot: Snapshot, failing: boolean): Map<string, Other> {
  const times = timesOf(snapshot);
  const some = (count: number, name: string, make: (n: number) => Other): [string, Other][] =>
    Array.from({ length: count }, (_, n) => [`other-${name}-${n}`, make(n)]);
  return new Map([
    ...some(20, 'service', (n) => (failing && n >= 15 ? failingService(n, times) : service(n, times, 0))),
    ...some(8, 'connector', (n) => connector(n, times, failing)),
    ...some(8, 'db', (n) => database(n, times, failing && n === 0)),
    ...some(8, 'endpoint', endpoint),
    ...some(6, 'secret', secret),
  ]);
}

/** The same configuration and snapshot with the fifty others, before what is there or after it. */
export function amongOthers(
  { configuration, snapshot }: { configuration: Configuration; snapshot: Snapshot },
  { failing, first }: { failing: boolean; first: boolean },
): { configuration: Configuration; snapshot: Snapshot } {
  const others = othersIn(snapshot, failing);
  const source = { api: 'test', method: 'Read', query: 'q' };
  let id = 100_000;
  const read = [...others].flatMap(([component, { reads }]) =>
    reads.map(([signal, value, more]): Observation => {
      id += 1;
      return {
        id: `E${id}`,
        component,
        signal,
        value,
        unit: null,
        window: null,
        at: snapshot.takenAt,
        source,
        ...more,
      };
    }),
  );
  const made = repositorySchema.parse({
    version: 1,
    components: Object.fromEntries([...others].map(([name, { file }]) => [name, file])),
  }).components;
  const [before, after]: Record<string, Component>[] = first
    ? [made, configuration.components]
    : [configuration.components, made];
  return {
    configuration: { ...configuration, components: { ...before, ...after } },
    snapshot: { ...snapshot, observations: [...snapshot.observations, ...read] },
  };
}
