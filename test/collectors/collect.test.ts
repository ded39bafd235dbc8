import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectRequest, WatchedRead } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { addressOf } from './address.ts';
import { startRawGoogle } from './raw-google.ts';
import { configuration, startWorld } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const start = async () => (world = await startWorld());

describe('the requests of a collection', () => {
  it('are few: each list, each metric and each log query once, side by side', async () => {
    const { deps, google } = await start();
    await collect({ configuration }, deps);
    expect(counted(google.requests)).toEqual({
      'oauth2.googleapis.com token': 1,
      'run.googleapis.com services': 1,
      'run.googleapis.com revisions': 1,
      'monitoring.googleapis.com timeSeries': 18,
      'monitoring.googleapis.com query_range': 1,
      'logging.googleapis.com entries:list': 5,
      'vpcaccess.googleapis.com link': 1,
      'sqladmin.googleapis.com main': 1,
      'sqladmin.googleapis.com operations': 1,
      'secretmanager.googleapis.com jwt': 1,
      'secretmanager.googleapis.com versions': 1,
      'compute.googleapis.com front': 1,
      'compute.googleapis.com getHealth': 1,
      'compute.googleapis.com web': 1,
      'compute.googleapis.com shop-example': 1,
      'servicehealth.googleapis.com events': 1,
      // What is known of the object, and what it holds; what is live is compared without asking again.
      'storage.googleapis.com default.tfstate': 2,
    });
  });

  it('do not grow with the number of services', async () => {
    const { deps, google } = await start();
    const services = Object.fromEntries(
      Array.from({ length: 25 }, (_, n) => [
        `service-${n}`,
        { type: 'cloud-run' as const, service: `service-${n}`, depends_on: [] },
      ]),
    );
    await collect({ configuration: { ...configuration, components: services } }, deps);
    // A token, two lists, eight metrics, three log queries.
    expect(google.requests.length).toBe(14);
  });

  it('use one token for several collections', async () => {
    const { deps, google } = await start();
    await collect({ configuration }, deps);
    await collect({ configuration }, deps);
    expect(google.requests.filter(({ path }) => path === '/token').length).toBe(1);
  });

  it('ask for a new token after one was refused', async () => {
    const first = await start();
    await collect({ configuration }, first.deps);
    // The stand-in knows only tokens that it gave itself: the next one refuses the first one's.
    const second = await startWorld();
    const google = createGoogleAccess({
      endpoint: 'http://localhost',
      fetch: (url, init) =>
        fetch(
          addressOf(url).replace('http://localhost', refused ? second.google.url : first.google.url),
          init,
        ),
    });
    let refused = false;
    const deps = { ...first.deps, google };
    await collect({ configuration }, deps);
    refused = true;
    const refusedSnapshot = await collect({ configuration }, deps);
    const again = await collect({ configuration }, deps);
    await second.close();
    expect(new Set(refusedSnapshot.gaps.map(({ reason }) => reason))).toEqual(new Set(['no-credentials']));
    expect(again.gaps).toEqual([]);
  });
});

describe('evidence ids', () => {
  it('count on from the first free one, without holes, over observations, gaps and changes', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
    const { observations, gaps, changes } = await collect({ configuration, firstEvidence: 57 }, deps);
    const numbers = [...observations, ...gaps, ...changes].map(({ id }) => Number(id.slice(1)));
    expect(gaps.length).toBeGreaterThan(0);
    expect(changes.length).toBeGreaterThan(0);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => 57 + index));
  });

  it('are the same whatever order the answers come in', async () => {
    const { deps, google } = await start();
    const inOrder = async (waits: (path: string) => number) => {
      const access = createGoogleAccess({
        endpoint: google.url,
        fetch: async (url, init) => {
          await delay(waits(addressOf(url)));
          return fetch(url, init);
        },
      });
      return collect({ configuration }, { ...deps, google: access });
    };
    const forwards = await inOrder((path) => path.length % 60);
    const backwards = await inOrder((path) => 60 - (path.length % 60));
    expect(backwards).toEqual(forwards);
  });
});

describe('the order of evidence', () => {
  it('is by collector, then by component as configured, then what was seen, what is missing, what changed', async () => {
    const { deps } = await start();
    const { web, ...others } = configuration.components;
    const gone = { type: 'cloud-run' as const, service: 'gone', depends_on: [] };
    const components = { gone, ...others, ...(web ? { web } : {}) };
    const { observations, gaps, changes } = await collect(
      { configuration: { ...configuration, components } },
      deps,
    );
    const all = [
      ...observations.map((seen) => ({ ...seen, kind: 'seen' })),
      ...gaps.map((gap) => ({ ...gap, kind: 'missing' })),
      ...changes.map((change) => ({ ...change, kind: 'changed' })),
    ].toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
    const runs = all
      .filter(({ source }) => source.api === 'run.googleapis.com')
      .map(({ source, component, kind }) => `${source.method} ${component} ${kind}`);
    expect([...new Set(runs)]).toEqual([
      'Services.List gone missing',
      'Services.List web seen',
      'Revisions.List gone missing',
      'Revisions.List web seen',
      'Revisions.List web changed',
    ]);
    expect(runs.toSorted((a, b) => runs.indexOf(a) - runs.indexOf(b))).toEqual(runs);
  });
});

describe('the budget', () => {
  it('ends a read that hangs, as a timeout', async () => {
    expect(await reasonsWithHanging({ collectorMs: 2_500 }, 'run.googleapis.com')).toEqual({
      'run.googleapis.com': 'timeout',
      // The Terraform state of what does not answer cannot be compared.
      'storage.googleapis.com': 'timeout',
    });
  });

  it('ends all that is under way, as out of budget', async () => {
    expect(await reasonsWithHanging({ budgetMs: 2_500, collectorMs: 5_000 }, 'run.googleapis.com')).toEqual({
      'run.googleapis.com': 'budget',
      'storage.googleapis.com': 'budget',
    });
  });

  it('holds for a token that never comes; what needs no token is read', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'oauth2.googleapis.com', kind: 'hang' });
    const { observations, gaps } = await collect({ configuration, collectorMs: 2_000 }, deps);
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['timeout']));
    expect(new Set(observations.map(({ source }) => source.api))).toEqual(new Set(['probe']));
    expect(new Set(observations.map(({ component }) => component))).toEqual(
      new Set(['page', 'moved', 'chat', 'feed']),
    );
  });

  it('holds for a probe that does not listen to its signal', async () => {
    const { deps } = await start();
    const never = { probe: neverAnswering, probeSocket: neverAnswering };
    const { gaps } = await collect({ configuration, collectorMs: 2_000 }, { ...deps, ...never });
    expect(gaps.map(({ component, reason }) => [component, reason])).toEqual([
      ['page', 'timeout'],
      ['moved', 'timeout'],
      ['chat', 'timeout'],
      ['feed', 'timeout'],
    ]);
  });

  it('is ended by the caller', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'run.googleapis.com', kind: 'hang' });
    const stop = new AbortController();
    const onRead = ({ collector }: { collector: string }) => {
      if (collector === 'log-entries') stop.abort();
    };
    const { gaps } = await collect({ configuration, signal: stop.signal, onRead }, deps);
    expect(gaps.find(({ source }) => source.api === 'run.googleapis.com')?.reason).toBe('budget');
  });

  it('leaves nothing running: a list whose page comes too late is not read on', async () => {
    const { promise: late, resolve: release } = Promise.withResolvers<void>();
    const google = await startRawGoogle(async ({ path }) => {
      if (!path.endsWith('/services')) return { body: '{}' };
      await late;
      return { body: '{"services":[],"nextPageToken":"more"}' };
    });
    const deps = { ...(await start()).deps, google: createGoogleAccess({ endpoint: google.url }) };
    await collect({ configuration, collectorMs: 2_000 }, deps);
    const asked = google.requests.length;
    release();
    await delay(100);
    await google.close();
    expect(google.requests.length).toBe(asked);
  });
});

describe('no credentials', () => {
  it('is the gap of every Google read, with the way to get some', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'oauth2.googleapis.com', kind: 'no-token' });
    const { gaps, observations } = await collect({ configuration }, deps);
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['no-credentials']));
    expect(gaps[0]?.remedy).toContain('gcloud auth application-default login');
    expect(new Set(observations.map(({ source }) => source.api))).toEqual(new Set(['probe']));
  });
});

describe('default credentials that are missing', () => {
  it('are a gap of each Google read, and no request goes out', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/no/such/credentials.json');
    const asked: string[] = [];
    const google = createGoogleAccess({
      fetch: (url) => {
        asked.push(addressOf(url));
        return Promise.reject(new Error('nothing may be asked'));
      },
    });
    const { deps } = await start();
    const { gaps } = await collect({ configuration }, { ...deps, google });
    expect(asked).toEqual([]);
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['no-credentials']));
  });
});

describe('lists longer than the page cap', () => {
  const lists: { name: string; path: RegExp; body: string; signal: string; pages: number }[] = [
    {
      name: 'services',
      path: /\/services$/,
      body: '{"services":[{"name":"x/web","terminalCondition":{"state":4}}]',
      signal: 'ready',
      pages: 4,
    },
    { name: 'log entries', path: /entries:list$/, body: '{"entries":[]', signal: 'log.errors', pages: 9 },
    {
      name: 'time series',
      path: /timeSeries$/,
      body: '{"timeSeries":[{"resource":{"labels":{"service_name":"web"}},"points":[{"interval":{"endTime":"2025-03-10T11:30:00Z"},"value":{"int64Value":"7"}}]}]',
      signal: 'requests',
      pages: 24,
    },
  ];
  it.each(lists)(
    '$name: the reading ends at the cap, and what it gives is a lower bound',
    async ({ path, body, signal, pages }) => {
      let page = 0;
      const google = await startRawGoogle((request) =>
        path.test(request.path) ? { body: `${body},"nextPageToken":"page-${(page += 1)}"}` } : { body: '{}' },
      );
      const { web } = configuration.components;
      const only: Configuration = { ...configuration, components: web ? { web } : {} };
      const deps = { ...(await start()).deps, google: createGoogleAccess({ endpoint: google.url }) };
      const { observations } = await collect({ configuration: only }, deps);
      await google.close();
      expect(google.requests.filter((request) => path.test(request.path)).length).toBe(pages);
      const found = observations.find((observation) => observation.signal === signal);
      expect(found).toBeDefined();
      // A state is as it is; only counts become lower bounds.
      expect(found?.partial).toBe(signal === 'ready' ? undefined : true);
    },
  );

  it('a service that the cut list does not hold is unknown, not missing', async () => {
    let page = 0;
    const google = await startRawGoogle(({ path }) =>
      path.endsWith('/services') || path.endsWith('/revisions')
        ? { body: `{"nextPageToken":"page-${(page += 1)}"}` }
        : { body: '{}' },
    );
    const deps = { ...(await start()).deps, google: createGoogleAccess({ endpoint: google.url }) };
    const { gaps } = await collect({ configuration }, deps);
    await google.close();
    const own = gaps.filter(({ source }) => source.api === 'run.googleapis.com');
    expect(own.map(({ reason }) => reason)).toEqual(['no-data', 'no-data']);
    expect(own[0]?.detail).toBe('the list of services was cut off before web');
  });
});

describe('what nobody reads', () => {
  const others: Configuration['components'] = { cart: { type: 'service', depends_on: [] } };

  it('is an honest unknown, each', async () => {
    const { deps } = await start();
    const { gaps, observations } = await collect(
      { configuration: { ...configuration, components: others } },
      deps,
    );
    expect(observations).toEqual([]);
    expect(gaps.map(({ component, reason, signal }) => [component, reason, signal])).toEqual(
      Object.keys(others).map((id) => [id, 'unsupported', '*']),
    );
  });

  it('are Google components without a project', async () => {
    const { deps, google } = await start();
    const { google_cloud: _, ...without } = configuration;
    const { gaps, observations } = await collect({ configuration: without }, deps);
    expect(google.requests).toEqual([]);
    expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['unsupported']));
    expect(gaps[0]?.remedy).toContain('google_cloud');
    expect(new Set(observations.map(({ source }) => source.api))).toEqual(new Set(['probe']));
  });
});

describe('a snapshot', () => {
  it('carries what it was given, and is of the 60 minutes before', async () => {
    const { deps } = await start();
    const statements = [
      {
        by: 'alice',
        at: '2025-03-10T11:30:00Z',
        url: 'https://github.com/acme/shop/issues/1',
        text: 'It is DNS.',
      },
    ];
    const snapshot = await collect({ configuration, statements, incident: null }, deps);
    expect(snapshot).toMatchObject({
      version: 1,
      takenAt: '2025-03-10T12:00:00.000Z',
      window: { from: '2025-03-10T11:00:00.000Z', to: '2025-03-10T12:00:00.000Z' },
      budgetMs: 8_000,
      statements,
      history: [],
      previous: null,
      incident: null,
    });
  });

  it('tells beforehand what is going to be read, and in the end what it came to', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
    const told: string[] = [];
    const [planned, ended, gaps]: [string[], string[], string[]] = [[], [], []];
    const asked = google.requests.length;
    const snapshot = await collect(
      {
        configuration,
        onPlan(reads) {
          told.push('plan');
          planned.push(...reads.map(nameOf));
          expect(google.requests).toHaveLength(asked);
        },
        onRead(read) {
          ended.push(nameOf(read));
          gaps.push(...read.gaps.map(({ component, reason }) => `${component} ${reason}`));
        },
        onEnd: ({ takenAt }) => void told.push(takenAt),
      },
      deps,
    );
    expect(told).toEqual(['plan', snapshot.takenAt]);
    expect(planned[0]).toBe('cloud-run-services web');
    expect(ended.toSorted()).toEqual(planned.toSorted());
    const inSnapshot = snapshot.gaps.map(({ component, reason }) => `${component} ${reason}`);
    expect(gaps.toSorted()).toEqual(inSnapshot.toSorted());
    expect(gaps).toContain('link denied');
  });

  it('tells of each read as it ends', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
    const reads: [string, string, string][] = [];
    await collect(
      {
        configuration,
        onRead: ({ collector, components, outcome }) =>
          reads.push([collector, components.join(' '), outcome]),
      },
      deps,
    );
    expect(sorted(reads)).toEqual(
      sorted([
        ['cloud-run-services', 'web', 'ok'],
        ['cloud-run-revisions', 'web', 'ok'],
        ...Array.from({ length: 7 }, () => ['cloud-run-metrics', 'web', 'ok']),
        ...Array.from({ length: 2 }, () => ['healthy-revision', 'web', 'ok']),
        ...Array.from({ length: 3 }, () => ['log-entries', 'web', 'ok']),
        ['vpc-connector', 'link', 'denied'],
        ...Array.from({ length: 5 }, () => ['vpc-connector-metrics', 'link', 'ok']),
        ['cloud-sql', 'main', 'ok'],
        ['cloud-sql-operations', 'main', 'ok'],
        ...Array.from({ length: 5 }, () => ['cloud-sql-metrics', 'main', 'ok']),
        ['http-endpoint', 'page', 'ok'],
        ['http-endpoint', 'moved', 'ok'],
        ['websocket-endpoint', 'chat', 'ok'],
        ['websocket-endpoint', 'feed', 'ok'],
        ['metric-query', 'queue', 'ok'],
        ['log-filter', 'refused', 'ok'],
        ['secret', 'jwt', 'ok'],
        ...Array.from({ length: 2 }, () => ['load-balancer', 'front', 'ok']),
        ['load-balancer-metrics', 'front', 'ok'],
        ['load-balancer-log', 'front', 'ok'],
        ['service-health', 'region', 'ok'],
        ...Array.from({ length: 4 }, () => ['terraform-state', 'terraform', 'ok']),
      ]),
    );
  });

  it('holds no secret that was read: not in settings, log lines or errors', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
    const snapshot = await collect({ configuration }, deps);
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
    expect(snapshot.observations.find(({ signal }) => signal === 'log.error')?.text).toContain(
      'postgres://redacted@10.9.0.3/main',
    );
  });

  it('withholds a text that could not be redacted', async () => {
    const { deps, google } = await start();
    google.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
    const { gaps } = await collect({ configuration }, { ...deps, redact: outOfOrder });
    const denied = gaps.find(({ source }) => source.api === 'vpcaccess.googleapis.com');
    expect(denied?.detail).toBe('withheld: it could not be redacted');
  });
});

/** How many requests there were of each kind. */
function counted(requests: World['google']['requests']): Record<string, number> {
  const kinds = Map.groupBy(requests, ({ api, path }) => `${api} ${path.split('/').at(-1)}`);
  return Object.fromEntries([...kinds].map(([kind, alike]) => [kind, alike.length]));
}

/** The reason of each API's gaps while one of them never answers. */
async function reasonsWithHanging(
  request: Partial<CollectRequest>,
  api: string,
): Promise<Record<string, string>> {
  const { deps, google } = await start();
  google.inject({ api, kind: 'hang' });
  const snapshot = await collect({ configuration, ...request }, deps);
  return Object.fromEntries(snapshot.gaps.map(({ source, reason }) => [source.api, reason]));
}

const neverAnswering = () => new Promise<never>(() => undefined);

const outOfOrder = () => Promise.reject(new Error('out of order'));

function nameOf({ collector, components }: WatchedRead): string {
  return `${collector} ${components.join(' ')}`;
}

/** In an order that does not hang on who was first. */
function sorted(lines: readonly (readonly (string | null)[])[]): string[] {
  return lines.map((line) => line.join(' ')).toSorted((a, b) => (a < b ? -1 : 1));
}
