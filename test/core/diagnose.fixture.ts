import { repositorySchema } from '../../src/config/repository.schema.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Change, Gap, GapReason, Observation, Snapshot, Statement } from '../../src/core/snapshot.ts';

/** Snapshots for diagnoses: taken at 18:05, the window the hour before. */

export const takenAt = '2025-09-15T18:05:00Z';
export const window = { from: '2025-09-15T17:05:00Z', to: takenAt };
export const windowBefore = { from: '2025-09-15T16:05:00Z', to: window.from };
export const day = { from: '2025-09-14T18:05:00Z', to: takenAt };

const source = { api: 'test', method: 'Read', query: 'q', command: 'gcloud read' };

/** An instant of the day, to the second: `17:12:05`. */
export function at(clock: string): string {
  return `2025-09-15T${clock.length === 5 ? `${clock}:00` : clock}Z`;
}

/** One reading: component, signal, value and what else it has. Ids are given in the order of a list. */
export type Seen = readonly [
  component: string,
  signal: string,
  value: string,
  more?: Partial<Observation> | undefined,
];

export function observations(...seen: readonly (readonly Seen[])[]): Observation[] {
  return seen.flat().map(([component, signal, value, more], index) => ({
    id: `E${index + 1}`,
    component,
    signal,
    value,
    unit: null,
    window: null,
    at: takenAt,
    source,
    ...more,
  }));
}

export function gap(id: string, component: string, signal: string, reason: GapReason): Gap {
  return { id, component, signal, reason, detail: 'd', remedy: 'r', at: takenAt, source };
}

export function stated(text: string, when = at('17:40')): Statement {
  return { by: 'bob', at: when, url: `https://example.com/${text.length}`, text };
}

export function snapshotOf(seen: readonly Observation[], more: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    takenAt,
    window,
    budgetMs: 8_000,
    observations: [...seen],
    gaps: [],
    statements: [],
    changes: [],
    history: [],
    previous: null,
    ...more,
  };
}

export function configurationOf(file: Record<string, unknown>): Configuration {
  return repositorySchema.parse({
    version: 1,
    google_cloud: { project: 'netra-staging', region: 'us-central1' },
    ...file,
  });
}

/** Two services that reach one database through one connector, each behind an endpoint of the journey. */
export const shop = configurationOf({
  components: {
    auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['connector', 'db'] },
    backend: { type: 'cloud-run', service: 'backend-staging', depends_on: ['connector', 'db'] },
    connector: { type: 'vpc-connector', name: 'staging-connector' },
    db: { type: 'cloud-sql', instance: 'staging-postgres', via: 'connector' },
    login: { type: 'http', url: 'https://auth.example.com/health', depends_on: ['auth'] },
    api: { type: 'http', url: 'https://api.example.com/health', depends_on: ['backend'] },
    region: { type: 'google-region' },
  },
  journeys: { 'golden-path': { title: 'Login to AI response', steps: ['login', 'api'] } },
});

/** An endpoint's answer. */
export function answer(component: string, status: string, seconds = '0.2'): Seen[] {
  return [
    [component, 'status', status],
    [component, 'latency', seconds, { unit: 's' }],
  ];
}

/** A service's requests over the window, of which some were 5xx since a time. */
export function requests(component: string, all: number, failed: number, since = '17:09'): Seen[] {
  const when = failed > 0 ? { first: at(since), last: at('18:04') } : {};
  return [
    [component, 'ready', 'CONDITION_SUCCEEDED'],
    [component, 'requests', String(all), { window, first: at('17:05'), last: at('18:04') }],
    [component, 'requests.5xx', String(failed), { window, ...when }],
    ...(failed > 0 ? [[component, 'requests.5xx.since', at(since), { window: day }] as const] : []),
  ];
}

/** One line of a service's log, so many times from a time on. */
export function logged(
  component: string,
  count: number,
  text: string,
  since = '17:09:02',
  revision?: string,
): Seen[] {
  const last = at(since.endsWith('54') ? '18:04:54' : '18:04:50');
  return [
    [
      component,
      'log.error',
      String(count),
      { window, text, unit: 'entries', first: at(since), last, ...(revision ? { revision } : {}) },
    ],
    [component, 'log.errors', String(count), { window }],
  ];
}

/** A connector with so many instances of ten since a time. */
export function connector(instances: string, cpu: string, since = '17:07'): Seen[] {
  return [
    ['connector', 'state', 'READY'],
    ['connector', 'instances.max', '10'],
    ['connector', 'instances', instances, { window, first: at(since), last: at('18:03') }],
    ['connector', 'instances.since', at(since), { window: day }],
    ['connector', 'instances.highest', instances, { window }],
    ['connector', 'cpu', cpu, { window, unit: '%' }],
  ];
}

/** A database that runs and answers. */
export const database: Seen[] = [
  ['db', 'name', 'netra-staging:us-central1:staging-postgres'],
  ['db', 'state', 'RUNNABLE'],
  ['db', 'up', '1', { window }],
  ['db', 'backends', '24', { window }],
  ['db', 'operation', 'none', { window: day }],
];

/** A deployment of a service at a time. */
export function deployed(
  component: string,
  clock: string,
  diff: Change['diff'],
  more: Partial<Change> = {},
): Change {
  return {
    id: 'E900',
    kind: 'revision',
    component,
    at: at(clock),
    revision: `${component}-2`,
    previousRevision: `${component}-1`,
    diff,
    source,
    ...more,
  };
}

/** Both services time out towards the database since 17:09, the connector full since 17:07. */
export const saturated: Seen[] = [
  ...answer('login', '503', '4.3'),
  ...answer('api', '503', '4.3'),
  ...requests('auth', 22, 22),
  ...requests('backend', 16, 14),
  ...logged(
    'auth',
    176,
    'TimeoutError: connection to "/cloudsql/p:r:staging-postgres" timed out after 20.0 s',
  ),
  ...logged('backend', 98, 'dial tcp 10.68.0.3:3307: i/o timeout', '17:09:11'),
  ...connector('10', '94'),
  ...database,
];
