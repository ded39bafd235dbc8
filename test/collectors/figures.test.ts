import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { addressOf } from './address.ts';
import {
  configuration,
  connector,
  count,
  log,
  metric,
  parent,
  project,
  resource,
  resources,
  revisionLabels,
  startWorld,
} from './world.ts';
import type { Google } from './world.ts';

/** What the figures mean: the values that are read from given answers, and those that are not. */

async function snapshotOf(google: Google = {}, components = configuration.components): Promise<Snapshot> {
  const world = await startWorld(google);
  try {
    return await collect({ configuration: { ...configuration, components } }, world.deps);
  } finally {
    await world.close();
  }
}

const components = (...ids: string[]): Configuration['components'] =>
  Object.fromEntries(Object.entries(configuration.components).filter(([id]) => ids.includes(id)));

/** Values of a signal: those of the current window and present states, then those of the window before. */
function values(
  { observations, window }: Snapshot,
  component: string,
  signal: string,
  revision?: string,
): string[][] {
  const found = observations.filter(
    (seen) =>
      seen.component === component && seen.signal === signal && (!revision || seen.revision === revision),
  );
  const isCurrent = (seen: (typeof found)[number]) => seen.window === null || seen.window.to === window.to;
  return [found.filter(isCurrent), found.filter((seen) => !isCurrent(seen))].map((all) =>
    all.map(({ value }) => value),
  );
}

const one = (snapshot: Snapshot, component: string, signal: string, revision?: string) =>
  snapshot.observations.find(
    (seen) =>
      seen.component === component &&
      seen.signal === signal &&
      (!revision || seen.revision === revision) &&
      (seen.window === null || seen.window.to === snapshot.window.to),
  );

const from = '2025-03-09T12:00:00Z';
const requests = (responseClass: string, ...levels: { from: string; value: number; to?: string }[]) =>
  metric(
    'run.googleapis.com/request_count',
    { response_code: `${responseClass.slice(0, 1)}00`, response_code_class: responseClass },
    revisionLabels('web-2'),
    count,
    ...levels,
  );

describe('requests', () => {
  it('are counted over both windows, with the minutes of the first and the last 5xx', async () => {
    const snapshot = await snapshotOf(
      {
        metrics: [
          requests('2xx', { from, value: 4 }),
          requests('5xx', { from: '2025-03-10T11:12:00Z', value: 2, to: '2025-03-10T11:20:00Z' }),
        ],
      },
      components('web'),
    );
    // The metric is two minutes late: of 60 minutes 58 can be seen.
    expect(values(snapshot, 'web', 'requests')).toEqual([['248'], ['240']]);
    expect(one(snapshot, 'web', 'requests.5xx')).toMatchObject({
      value: '16',
      first: '2025-03-10T11:12:00.000Z',
      last: '2025-03-10T11:20:00.000Z',
    });
    expect(values(snapshot, 'web', 'errors.share')).toEqual([['6.452'], ['0']]);
  });

  it('of other classes make 5xx a true 0', async () => {
    const snapshot = await snapshotOf({ metrics: [requests('2xx', { from, value: 4 })] }, components('web'));
    expect(values(snapshot, 'web', 'requests.5xx')).toEqual([['0'], ['0']]);
    expect(values(snapshot, 'web', 'requests.5xx.since')).toEqual([[], []]);
  });

  it('are told by class; 1xx and 3xx, which most services never have, only where there were any', async () => {
    const snapshot = await snapshotOf(
      {
        metrics: [
          requests('2xx', { from, value: 4 }),
          requests('3xx', { from: '2025-03-10T11:50:00Z', value: 1 }),
        ],
      },
      components('web'),
    );
    expect(values(snapshot, 'web', 'requests.2xx')).toEqual([['232'], ['240']]);
    expect(values(snapshot, 'web', 'requests.3xx')).toEqual([['8'], []]);
    expect(values(snapshot, 'web', 'requests.1xx')).toEqual([[], []]);
    expect(values(snapshot, 'web', 'requests.4xx')).toEqual([['0'], ['0']]);
  });

  it('that were only in the window before are no 0 now', async () => {
    const snapshot = await snapshotOf(
      { metrics: [requests('2xx', { from, value: 4, to: '2025-03-10T10:30:00Z' })] },
      components('web'),
    );
    expect(values(snapshot, 'web', 'requests')).toEqual([[], ['120']]);
    expect(snapshot.gaps.filter(({ signal }) => signal === 'requests').map(({ reason }) => reason)).toEqual([
      'no-data',
    ]);
  });

  it('that are reported as 0 are 0, without a share', async () => {
    const snapshot = await snapshotOf({ metrics: [requests('2xx', { from, value: 0 })] }, components('web'));
    expect(values(snapshot, 'web', 'requests')).toEqual([['0'], ['0']]);
    expect(values(snapshot, 'web', 'errors.share')).toEqual([[], []]);
  });

  it('fail since the last pause of 15 minutes, looked for over 24 hours', async () => {
    const snapshot = await snapshotOf(
      {
        metrics: [
          requests(
            '5xx',
            { from: '2025-03-10T03:00:00Z', value: 1, to: '2025-03-10T03:30:00Z' },
            { from: '2025-03-10T08:00:00Z', value: 1, to: '2025-03-10T08:40:00Z' },
            { from: '2025-03-10T08:50:00Z', value: 1 },
          ),
        ],
      },
      components('web'),
    );
    expect(values(snapshot, 'web', 'requests.5xx.since')[0]).toEqual(['2025-03-10T08:00:00.000Z']);
  });

  it('are told for each revision too, without being counted twice', async () => {
    const snapshot = await snapshotOf({}, components('web'));
    expect(values(snapshot, 'web', 'requests')[0]).toEqual(['334']);
    expect(values(snapshot, 'web', 'requests.by_revision', 'web-1')[0]).toEqual(['288']);
    expect(values(snapshot, 'web', 'requests.5xx.by_revision', 'web-1')[0]).toEqual(['0']);
    expect(values(snapshot, 'web', 'requests.5xx.by_revision', 'web-2')[0]).toEqual(['46']);
  });
});

describe('a connector', () => {
  it('is full since its last point changed', async () => {
    const snapshot = await snapshotOf({}, components('link'));
    expect(one(snapshot, 'link', 'instances')).toMatchObject({
      value: '10',
      first: '2025-03-10T11:07:00.000Z',
      last: '2025-03-10T11:58:00.000Z',
    });
    expect(values(snapshot, 'link', 'instances')).toEqual([['10'], ['3']]);
    expect(values(snapshot, 'link', 'instances.since')[0]).toEqual(['2025-03-10T11:07:00.000Z']);
  });

  it.each([
    ['10^2.%', 0.94],
    ['1', 0.94],
    ['%', 94],
  ])('has a CPU load in per cent, whatever the unit of the metric: %s', async (unit, value) => {
    const cpu = metric(
      'vpcaccess.googleapis.com/connector/cpu/utilizations',
      {},
      connector,
      { kind: 'GAUGE', value: 'DISTRIBUTION', unit },
      { from, value },
    );
    const snapshot = await snapshotOf({ metrics: [cpu] }, components('link'));
    expect(one(snapshot, 'link', 'cpu')).toMatchObject({ value: '94', unit: '%' });
  });
});

describe('revisions', () => {
  it('are told with their settings: those with traffic and the newest; of the one before, what differs', async () => {
    const snapshot = await snapshotOf({}, components('web'));
    expect(values(snapshot, 'web', 'env.DB_TIMEOUT')[0]).toEqual(['15.0', '75.0', '45.0']);
    expect(values(snapshot, 'web', 'egress', 'web-2')[0]).toEqual(['all-traffic']);
    expect(values(snapshot, 'web', 'egress', 'web-1')[0]).toEqual(['all-traffic']);
    expect(values(snapshot, 'web', 'egress', 'web-0')[0]).toEqual([]);
    expect(values(snapshot, 'web', 'env.DB_PASSWORD', 'web-2')[0]).toEqual(['redacted']);
    expect(values(snapshot, 'web', 'env.JWT_SECRET', 'web-2')[0]).toEqual(['secret jwt:latest']);
  });

  it('show what each changed: of the last 24 hours, and of those in use; a secret without its value', async () => {
    const { changes } = await snapshotOf({}, components('web'));
    expect(
      changes.map(({ at, revision, previousRevision, diff }) => ({ at, revision, previousRevision, diff })),
    ).toEqual([
      {
        at: '2025-03-10T11:12:00.000Z',
        revision: 'web-2',
        previousRevision: 'web-1',
        diff: [
          { key: 'image', from: 'registry.example/web:web-1', to: 'registry.example/web:web-2' },
          { key: 'env.DB_TIMEOUT', from: '75.0', to: '15.0' },
          { key: 'env.DB_PASSWORD', from: 'redacted', to: 'redacted, another value' },
        ],
      },
      {
        at: '2025-03-01T09:00:00.000Z',
        revision: 'web-1',
        previousRevision: 'web-0',
        diff: [
          { key: 'image', from: 'registry.example/web:web-0', to: 'registry.example/web:web-1' },
          { key: 'connector', from: 'none', to: 'link' },
          { key: 'env.DB_TIMEOUT', from: '45.0', to: '75.0' },
          { key: 'env.DB_PASSWORD', from: 'redacted', to: 'redacted, another value' },
          { key: 'vpc.network', from: 'shop-vpc/run', to: null },
          { key: 'sidecars', from: 'proxy (registry.example/proxy:1)', to: null },
        ],
      },
    ]);
  });

  it('without VPC access have none, which is known', async () => {
    const bare = resource(
      'run.googleapis.com',
      'google.cloud.run.v2.Revision',
      `/v2/${parent}/services/web/revisions/web-3`,
      {
        name: `${parent}/services/web/revisions/web-3`,
        service: 'web',
        createTime: '2025-03-10T11:50:00Z',
        containers: [{ image: 'web:3' }],
      },
    );
    const snapshot = await snapshotOf({ resources: [...resources, bare] }, components('web'));
    const settings = ['egress', 'connector', 'cloudsql.instance'].map(
      (name) => values(snapshot, 'web', name, 'web-3')[0],
    );
    expect(settings).toEqual([['none'], ['none'], ['none']]);
    const newest = snapshot.changes.find(({ revision }) => revision === 'web-3');
    expect(newest?.diff).toContainEqual({ key: 'connector', from: 'link', to: 'none' });
    expect(newest?.diff).toContainEqual({ key: 'env.DB_TIMEOUT', from: '15.0', to: null });
  });

  it('are told also where the services cannot be read; then nothing is said of traffic', async () => {
    const world = await startWorld();
    const google = createGoogleAccess({
      endpoint: world.google.url,
      fetch: (url, init) =>
        new URL(addressOf(url)).pathname.endsWith('/services')
          ? Promise.resolve(new Response('{"error":{"message":"no"}}', { status: 403 }))
          : fetch(url, init),
    });
    const snapshot = await collect(
      { configuration: { ...configuration, components: components('web') } },
      { ...world.deps, google },
    );
    await world.close();
    expect(snapshot.gaps.map(({ reason, source }) => [reason, source.method])).toEqual([
      ['denied', 'Services.List'],
    ]);
    expect(values(snapshot, 'web', 'env.DB_TIMEOUT')[0]).toEqual(['15.0', '75.0']);
    expect(values(snapshot, 'web', 'revision.serving')[0]).toEqual([]);
  });
});

const operation = (name: string, body: Record<string, unknown>) =>
  resource(
    'sqladmin.googleapis.com',
    'google.cloud.sql.v1.Operation',
    `/v1/projects/${project}/operations/${name}`,
    {
      name,
      targetId: 'main',
      status: 'DONE',
      ...body,
    },
  );

describe('operations of a database', () => {
  const instance = resources.filter(({ type }) => type.endsWith('DatabaseInstance'));
  const read = async (...operations: ReturnType<typeof operation>[]) => {
    const snapshot = await snapshotOf({ resources: [...instance, ...operations] }, components('main'));
    const found = snapshot.observations.filter(({ signal }) => signal === 'operation');
    return { found, changes: snapshot.changes };
  };

  it('of the last 24 hours are observations and changes, with start and end', async () => {
    const { found, changes } = await read(
      operation('a', {
        operationType: 'FAILOVER',
        insertTime: '2025-03-10T11:00:00Z',
        startTime: '2025-03-10T11:00:01Z',
        endTime: '2025-03-10T11:03:00Z',
      }),
      operation('b', {
        operationType: 'RESTART',
        insertTime: '2025-03-08T11:00:00Z',
        endTime: '2025-03-08T11:03:00Z',
      }),
    );
    expect(found.map(({ value, first, last }) => ({ value, first, last }))).toEqual([
      { value: 'FAILOVER DONE', first: '2025-03-10T11:00:01.000Z', last: '2025-03-10T11:03:00.000Z' },
    ]);
    expect(changes).toMatchObject([{ kind: 'operation', component: 'main', at: '2025-03-10T11:00:01.000Z' }]);
  });

  it('that still run are there however long ago they began', async () => {
    const { found } = await read(
      operation('a', {
        operationType: 'UPDATE',
        status: 'RUNNING',
        insertTime: '2025-03-08T11:00:00Z',
        startTime: '2025-03-08T11:00:00Z',
      }),
    );
    expect(found.map(({ value, last }) => [value, last])).toEqual([['UPDATE RUNNING', undefined]]);
  });

  it('are none beside a done backup', async () => {
    const { found, changes } = await read(
      operation('a', {
        operationType: 'BACKUP_VOLUME',
        insertTime: '2025-03-10T03:00:00Z',
        endTime: '2025-03-10T03:03:00Z',
      }),
    );
    expect(found.map(({ value, text }) => [value, text])).toEqual([
      ['none', 'left out: 1 done backups or exports'],
    ]);
    expect(changes).toEqual([]);
  });

  it('with an error say which', async () => {
    const { found } = await read(
      operation('a', {
        operationType: 'BACKUP_VOLUME',
        insertTime: '2025-03-10T03:00:00Z',
        endTime: '2025-03-10T03:03:00Z',
        error: { errors: [{ code: 'INTERNAL', message: 'disk full, password=hunter2' }] },
      }),
    );
    expect(found.map(({ value, text }) => [value, text])).toEqual([
      ['BACKUP_VOLUME DONE', 'disk full, password=redacted'],
    ]);
  });
});

const entry = (at: string, textPayload: string, severity: string, name = 'stderr', revision = 'web-2') => ({
  at: `2025-03-10T${at}Z`,
  entry: { logName: log(name), severity, resource: revisionLabels(revision), textPayload },
});

const readLogs = async (...logs: ReturnType<typeof entry>[]) => {
  const snapshot = await snapshotOf({ logs }, components('web'));
  return snapshot.observations.filter(({ source }) => source.api === 'logging.googleapis.com');
};

const told = (found: Awaited<ReturnType<typeof readLogs>>) =>
  found.map(({ signal, value, revision, text }) => [signal, value, revision ?? null, text ?? null]);

describe('log entries', () => {
  it('are grouped by their line and revision, the most frequent first; the window alone counts', async () => {
    const found = await readLogs(
      entry('10:59:59', 'too early', 'ERROR'),
      entry('11:10:00', 'timeout exceeded (15s)', 'ERROR'),
      entry('11:20:00', 'timeout exceeded (20s)', 'CRITICAL'),
      entry('11:30:00', 'timeout exceeded (15s)', 'ERROR', 'stderr', 'web-1'),
      entry('11:40:00', 'just so', 'WARNING'),
    );
    expect(told(found)).toEqual([
      ['log.errors', '3', null, null],
      ['log.error', '2', 'web-2', 'timeout exceeded (20s)'],
      ['log.error', '1', 'web-1', 'timeout exceeded (15s)'],
    ]);
    expect(found[1]).toMatchObject({ first: '2025-03-10T11:10:00.000Z', last: '2025-03-10T11:20:00.000Z' });
  });

  it('count exits by revision and code, and tell warnings of Cloud Run', async () => {
    const found = await readLogs(
      entry('11:10:00', 'Container called exit(3).', 'WARNING', 'varlog%2Fsystem'),
      entry('11:11:00', 'Container called exit(3).', 'WARNING', 'varlog%2Fsystem'),
      entry('11:12:00', 'Container called exit(1).', 'WARNING', 'varlog%2Fsystem'),
      entry('11:13:00', 'Container called exit(0).', 'INFO', 'varlog%2Fsystem'),
      entry('11:14:00', 'Memory limit of 512 MiB exceeded with 520 MiB used.', 'ERROR', 'varlog%2Fsystem'),
      entry('11:15:00', 'Container terminated on signal 9.', 'WARNING', 'varlog%2Fsystem'),
      entry(
        '11:16:00',
        'The request was aborted because there was no available instance.',
        'WARNING',
        'requests',
      ),
    );
    expect(told(found)).toEqual([
      ['log.errors', '1', null, null],
      ['exit.1', '1', 'web-2', null],
      ['exit.3', '2', 'web-2', null],
      ['memory.exceeded', '1', 'web-2', 'Memory limit of 512 MiB exceeded with 520 MiB used.'],
      ['terminated.9', '1', 'web-2', null],
      ['starts', '3', null, null],
      ['starts.ready', '0', null, null],
      ['log.error', '1', 'web-2', 'Container terminated on signal 9.'],
      ['log.error', '1', 'web-2', 'Memory limit of 512 MiB exceeded with 520 MiB used.'],
      ['log.error', '1', 'web-2', 'The request was aborted because there was no available instance.'],
    ]);
  });

  it('redact a sample before it is cut', async () => {
    const secret = `token=${'s3cr3t'.repeat(50)}`;
    const found = await readLogs(entry('11:10:00', `${'x'.repeat(380)} ${secret}`, 'ERROR'));
    const [, line] = found;
    expect(line?.text).toBe(`${'x'.repeat(380)} token=redacted`);
  });

  it('give the connect times of each revision, a time-out being none', async () => {
    const found = await readLogs(
      entry('11:10:00', 'Database connection established after 22.9 s', 'INFO', 'stdout', 'web-1'),
      entry('11:20:00', 'Database connection established after 31.0s', 'INFO', 'stdout', 'web-1'),
      entry('11:30:00', 'Database connection timed out after 15 s', 'INFO', 'stdout', 'web-2'),
    );
    expect(told(found).slice(1)).toEqual([
      ['connect.time', '31', 'web-1', 'Database connection established after 31.0s'],
      ['connect.time', '22.9', 'web-1', 'Database connection established after 22.9 s'],
    ]);
  });
});

describe('an endpoint', () => {
  it('is told with status, time and where it leads', async () => {
    const snapshot = await snapshotOf({}, components('page', 'moved'));
    expect(values(snapshot, 'page', 'status')[0]).toEqual(['503']);
    expect(one(snapshot, 'page', 'latency')).toMatchObject({ value: '4.3', unit: 's' });
    expect(values(snapshot, 'moved', 'redirect')[0]).toEqual(['https://shop.example/new']);
    expect(one(snapshot, 'page', 'samples')?.text).toBe('3 of 3 answered 503');
  });

  it('is told with what DNS answers and the certificate that is served, as of now', async () => {
    const snapshot = await snapshotOf({}, components('page'));
    expect(values(snapshot, 'page', 'dns.addresses')[0]).toEqual(['34.120.7.9']);
    expect(values(snapshot, 'page', 'tls.expires')[0]).toEqual(['2025-04-20T13:00:00.000Z']);
    expect(one(snapshot, 'page', 'tls.days')).toMatchObject({ value: '41', unit: 'days' });
    expect(values(snapshot, 'page', 'tls.issuer')[0]).toEqual(['Example CA']);
  });

  it('is named without the credentials in its URL', async () => {
    const page = { type: 'http' as const, url: 'https://ann:hunter2@shop.example/health', depends_on: [] };
    const chat = { type: 'websocket' as const, url: 'wss://ann:hunter2@shop.example/ws', depends_on: [] };
    const snapshot = await snapshotOf({}, { page, chat });
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
    expect(one(snapshot, 'page', 'status')?.source.query).toBe('https://shop.example/health');
  });
});
