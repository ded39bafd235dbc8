import * as fc from 'fast-check';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Change, Gap, Observation, Snapshot, Statement } from '../../src/core/snapshot.ts';
import {
  configurationOf,
  observations,
  snapshotOf,
  takenAt,
  window,
  windowBefore,
} from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

/** Generated graphs with snapshots of them: half of what is seen fits together, half is noise. */

export interface World {
  configuration: Configuration;
  snapshot: Snapshot;
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'constructor'] as const;
const types = [
  'cloud-run',
  'cloud-run',
  'cloud-run',
  'cloud-run',
  'cloud-run',
  'vpc-connector',
  'cloud-sql',
  'http',
  'http',
  'secret',
  'google-region',
  'websocket',
  'metric',
  'log-filter',
  'service',
] as const;

const someIds = fc.uniqueArray(fc.constantFrom(...ids, 'gone'), { maxLength: 5 });

const component = fc
  .record({ type: fc.constantFrom(...types), depends_on: someIds, via: fc.option(fc.constantFrom(...ids)) })
  .map(({ type, depends_on, via }) => (name: string) => ({
    type,
    depends_on,
    ...(via === null ? {} : { via }),
    ...(type === 'cloud-run' ? { service: `service-${name}` } : {}),
    ...(type === 'vpc-connector' || type === 'secret' ? { name: `name-${name}` } : {}),
    ...(type === 'cloud-sql' ? { instance: `instance-${name}` } : {}),
    ...(type === 'http' ? { url: `https://${name}.example.com/` } : {}),
    ...(type === 'websocket' ? { url: `wss://${name}.example.com/`, expect: { message: true } } : {}),
    ...(type === 'metric' ? { query: `depth_${name}`, failing: { above: 40 } } : {}),
    ...(type === 'log-filter' ? { filter: `labels.of="${name}"`, failing: { above: 40 } } : {}),
  }));

const configuration = fc
  .record({ made: fc.array(component, { minLength: 1, maxLength: ids.length, size: 'max' }), steps: someIds })
  .map(({ made, steps }) =>
    configurationOf({
      components: Object.fromEntries(made.map((make, n) => [ids[n], make(ids[n] ?? 'a')])),
      journeys: steps.length > 0 ? { way: { title: 'A way', steps } } : {},
    }),
  );

const instant = fc
  .integer({ min: -180, max: 0 })
  .map((minutes) => new Date(Date.parse(takenAt) + minutes * 60_000).toISOString());

const within = fc
  .constantFrom(50, 50, 50, 49, 40, 20)
  .map((minutes) => new Date(Date.parse(takenAt) - minutes * 60_000).toISOString());

const lines = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'dial tcp 10.68.0.3:3307: i/o timeout',
      'RuntimeError: Database connection timed out',
      "ModuleNotFoundError: No module named 'x'",
      'StartupError: cannot start\ncaused by ConnectionRefusedError: refused',
      'Memory limit of 512 MiB exceeded',
      'Application startup failed',
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .uniqueArray(fc.constantFrom(...ids), { minLength: 2 })
      .map(
        (names) =>
          `connect ETIMEDOUT ${names.map((name) => `service-${name} instance-${name} name-${name}`).join(' ')}`,
      ),
  },
  { weight: 1, arbitrary: fc.string() },
);

const revisions = ['r-1', 'r-2'] as const;

/** Readings as collectors give them, of a component that mostly fails. */
const likely = fc
  .record({
    name: fc.constantFrom(...ids),
    requests: fc.integer({ min: 5, max: 60 }),
    failed: fc.nat(60),
    count: fc.integer({ min: 30, max: 90 }),
    since: within,
    text: lines,
    revision: fc.constantFrom(...revisions),
    status: fc.constantFrom('200', '404', '503', '503'),
    load: fc.constantFrom('3', '10', '10'),
    state: fc.constantFrom('READY', 'RUNNABLE', 'SUSPENDED', 'ERROR'),
  })
  .map(({ name, requests, failed, count, since, text, revision, status, load, state }): Seen[] => {
    const last = '2025-09-15T18:04:50Z';
    const span = { window, first: since, last };
    return [
      [name, 'ready', failed > 40 ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED'],
      [name, 'requests', String(requests), { window, last }],
      [name, 'requests.5xx', String(Math.min(failed, requests)), span],
      [name, 'revision.serving', revision],
      [name, 'log.error', String(count), { ...span, text, revision }],
      [name, 'exit.3', String(count), { ...span, revision }],
      [name, 'connect.time', String(count), { window, unit: 's', revision }],
      [name, 'status', status],
      [name, 'latency', String(failed), { unit: 's' }],
      [name, 'state', state],
      [name, 'latency', '0.4', { unit: 's', window: windowBefore }],
      [name, 'availability', String(100 - Math.min(failed, 60)), { window, unit: '%' }],
      [name, 'availability', '100', { window: windowBefore, unit: '%' }],
      [name, 'instances.max', '10'],
      [name, 'instances', load, span],
      [name, 'cpu', String(count), { window, unit: '%' }],
      [name, 'up', load === '10' ? '0' : '1', { window }],
      [name, 'backends', load, { window }],
      [name, 'value', String(count), { window }],
      [name, 'entries', String(failed), { window, ...(load === '3' ? { partial: true } : {}) }],
    ];
  });

const signals = [
  'ready',
  'requests',
  'requests.5xx',
  'requests.5xx.since',
  'errors.share',
  'log.error',
  'log.errors',
  'exit.1',
  'exit.0',
  'revision.serving',
  'instances',
  'instances.since',
  'instances.max',
  'cpu',
  'state',
  'up',
  'backends',
  'operation',
  'status',
  'latency',
  'availability',
  'samples',
  'message',
  'close.code',
  'value',
  'entries',
  'connector',
  'cloudsql.instance',
  'name',
  'env.DATABASE_TIMEOUT',
  'deployed',
  'flag.max_connections',
] as const;

const noise = fc
  .record({
    name: fc.constantFrom(...ids, 'gone'),
    signal: fc.constantFrom(...signals),
    value: fc.oneof(
      fc.constantFrom('0', '1', '10', '-3', 'NaN', '1e9', '', 'none', 'READY', 'r-1', 'name-c'),
      fc.string(),
      instant,
    ),
    window: fc.constantFrom(null, window, windowBefore),
    revision: fc.option(fc.constantFrom(...revisions), { nil: undefined }),
    first: fc.option(instant, { nil: undefined }),
    last: fc.option(instant, { nil: undefined }),
    text: fc.option(lines, { nil: undefined }),
    partial: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ name, signal, value, window: over, ...rest }): Seen => {
    const known = Object.entries(rest).filter(([, part]) => part !== undefined);
    return [name, signal, value, { window: over, ...Object.fromEntries(known) }];
  });

const source = { api: 'test', method: 'Read', query: 'q' };

const changes: fc.Arbitrary<Change[]> = fc
  .array(
    fc.record({
      component: fc.constantFrom(...ids),
      at: instant,
      revision: fc.constantFrom(...revisions),
      key: fc.constantFrom('image', 'env.DATABASE_TIMEOUT', 'connector', 'limit.memory'),
      from: fc.constantFrom('75', '10', 'x', null),
      to: fc.constantFrom('75', '10', 'x', null),
    }),
    { maxLength: 4 },
  )
  .map((made) =>
    made.map(({ key, from, to, ...rest }, n) => ({
      ...rest,
      id: `E${800 + n}`,
      kind: 'revision',
      previousRevision: 'r-1',
      diff: [{ key, from, to }],
      source,
    })),
  );

const gaps: fc.Arbitrary<Gap[]> = fc
  .array(
    fc.record({
      component: fc.constantFrom(...ids),
      signal: fc.constantFrom('*', ...signals),
      reason: fc.constantFrom('denied', 'timeout', 'no-data', 'not-found'),
    }),
    { maxLength: 4 },
  )
  .map((made) =>
    made.map((one, n) => ({ ...one, id: `E${900 + n}`, detail: '', remedy: '', at: takenAt, source })),
  );

const statements: fc.Arbitrary<Statement[]> = fc.array(
  fc
    .oneof(
      fc.string(),
      fc.constantFrom('DATABASE_TIMEOUT=3', 'Cloud SQL `other-db` is fine', '`a` is healthy'),
    )
    .chain((text) => instant.map((at) => ({ by: 'bob', at, url: `https://example.com/${at}`, text }))),
  { maxLength: 3 },
);

/** Worlds of up to seven components. */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    configuration,
    likely: fc.array(likely, { minLength: 8, maxLength: 16 }),
    noise: fc.array(noise, { maxLength: 6 }),
    changes,
    gaps,
    statements,
  })
  .map(({ configuration: made, likely: fits, noise: others, ...more }) => {
    const first = new Map(fits.map((seen) => [seen[0]?.[0], seen]));
    const seen: Observation[] = observations(...first.values(), others);
    return { configuration: made, snapshot: snapshotOf(seen, more) };
  });
