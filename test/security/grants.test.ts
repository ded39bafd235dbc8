import { createServer } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { createProbe } from '../../src/collectors/probe.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { createSocketProbe } from '../../src/collectors/websocket-probe.ts';
import { configurationOf } from '../../src/commands/configuration.ts';
import { openRefusals } from '../../src/composition/refusals.ts';
import { grantsFor } from '../../src/config/policy.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import { componentSchema, type ComponentType } from '../../src/config/repository.schema.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { openPlay, type Play } from '../app/play.ts';
import { closeServers, listening } from '../collectors/endpoints.ts';
import { watchAttempts, type Attempts } from './attempts.ts';
import { report } from './trials.ts';

/** What a configuration asks for beyond the operator's policy: no request, a gap, a line of the log. */

const own = 'shop-staging';
const other = 'bank-production';
const repository = 'acme/shop';

/** Requests as they came, each with its body. Tokens are given; all else is answered by path, or with 404. */
interface Google {
  url: string;
  requests: string[];
  /** Requests for a token. */
  tokens: () => number;
  answers: Record<string, unknown>;
}

let google: Google;
let attempts: Attempts;

beforeEach(async () => {
  const requests: string[] = [];
  const answers: Record<string, unknown> = {};
  let tokens = 0;
  const server = createServer((request, response) => {
    const answer = (body: string): void => {
      const path = decodeURIComponent(request.url ?? '');
      if (path === '/token') tokens += 1;
      else requests.push(`${request.method ?? ''} ${path} ${body}`);
      const found =
        path === '/token' ? { access_token: 't', expires_in: 3_599 } : answers[path.split('?', 1)[0] ?? ''];
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(found ?? { error: { code: 404, status: 'NOT_FOUND', message: 'not found' } }),
      );
    };
    void textOf(request).then(answer);
  });
  google = {
    url: `http://127.0.0.1:${String(await listening(server))}`,
    requests,
    answers,
    tokens: () => tokens,
  };
  attempts = watchAttempts();
});

afterEach(() => {
  attempts.end();
  closeServers();
});

interface Asked {
  snapshot: Snapshot;
  logged: { repository: string; refused: { remedy: string; components: string[] }[]; more?: number }[];
}

/** All names lead to a private address. */
const resolve = () => Promise.resolve([{ address: '10.0.0.7', family: 4 }]);

/** Collects as the server does for a repository that is granted one project and one host. */
async function ask(components: Record<string, unknown>, project = own): Promise<Asked> {
  const { policy } = readPolicy(
    JSON.stringify({
      repositories: { 'acme/*': { google_cloud_projects: [own], probe_hosts: ['https://*.example.com'] } },
    }),
  );
  const file = { version: 1, google_cloud: { project, region: 'europe-west1' }, components };
  const read = configurationOf(JSON.stringify(file), undefined);
  if (read.kind !== 'usable') throw new Error(JSON.stringify(read));
  expect(read.errors).toEqual([]);
  const snapshot = await collect(
    { configuration: read.configuration, budgetMs: 5_000 },
    {
      google: createGoogleAccess({ endpoint: google.url }),
      probe: createProbe({ resolve }),
      probeSocket: createSocketProbe({ resolve }),
      grants: grantsFor(policy, repository),
      now: () => new Date('2025-03-10T12:00:00Z'),
      redact: createRedactor(),
    },
  );
  const logged: Asked['logged'] = [];
  const log = { warn: (fields: object) => void logged.push(JSON.parse(JSON.stringify(fields))) };
  openRefusals({ log, now: () => new Date('2025-03-10T12:00:00Z') }).note(repository, snapshot, 'look');
  return { snapshot, logged };
}

const reasonsOf = ({ snapshot }: Asked, component: string) =>
  new Set(snapshot.gaps.filter((gap) => gap.component === component).map(({ reason }) => reason));

const googleTypes: Record<Exclude<ComponentType, 'http' | 'websocket' | 'service'>, object> = {
  'cloud-run': { service: 'web' },
  'vpc-connector': { name: 'link' },
  'cloud-sql': { instance: 'main' },
  secret: { name: 'jwt', version: '3' },
  'load-balancer': { backend_service: 'front', certificates: ['shop-example'] },
  'google-region': {},
  'terraform-state': { bucket: 'shop-state', object: 'default.tfstate' },
  metric: { query: 'sum(queue_depth)', failing: { above: 1 } },
  'log-filter': { filter: 'severity>=ERROR', failing: { above: 1 } },
};

describe('a project that is not granted', () => {
  test('every type of component is in the tables', () => {
    const types = componentSchema.options.map((kind) => kind.shape.type.value);
    expect(new Set([...Object.keys(googleTypes), 'http', 'websocket', 'service'])).toEqual(new Set(types));
  });

  test.each(Object.entries(googleTypes))('%s: not even a token is asked for', async (type, fields) => {
    const asked = await ask({ it: { type, ...fields } }, other);
    expect([google.requests, google.tokens()]).toEqual([[], 0]);
    expect(asked.snapshot.observations).toEqual([]);
    expect(reasonsOf(asked, 'it')).toEqual(new Set(['not-granted']));
    expect(asked.logged).toEqual([
      {
        repository,
        refused: [
          {
            remedy: `in the operator's policy, below google_cloud_projects of this repository's entry, add the line: - "${other}"`,
            components: ['it'],
          },
        ],
      },
    ]);
  });

  test.each(Object.entries(googleTypes))('%s of the granted one is asked for', async (type, fields) => {
    const asked = await ask({ it: { type, ...fields } });
    expect(google.requests.length).toBeGreaterThan(0);
    expect(reasonsOf(asked, 'it')).not.toContain('not-granted');
    expect(asked.logged).toEqual([]);
  });
});

/** A component of a configuration for the granted project, which leads to another one. */
const leading: [what: string, component: Record<string, unknown>, remedy: string][] = [
  [
    'a service by its full name',
    { type: 'cloud-run', service: `projects/${other}/locations/x/services/web` },
    other,
  ],
  [
    'a connector by its full name',
    { type: 'vpc-connector', name: `projects/${other}/locations/x/connectors/c` },
    other,
  ],
  ['a secret by its full name', { type: 'secret', name: `projects/${other}/secrets/jwt` }, other],
  [
    'a secret by the URL of its API',
    { type: 'secret', name: `//secretmanager.googleapis.com/projects/${other}/secrets/jwt` },
    other,
  ],
  ['a database by its connection name', { type: 'cloud-sql', instance: `${other}:europe-west1:main` }, other],
  [
    'a database of a domain’s project',
    { type: 'cloud-sql', instance: `example.com:${other}:europe-west1:main` },
    `example.com:${other}`,
  ],
  ['a database by its full name', { type: 'cloud-sql', instance: `projects/${other}/instances/main` }, other],
  [
    'a backend service by its full name',
    { type: 'load-balancer', backend_service: `projects/${other}/global/backendServices/front` },
    other,
  ],
  [
    'a region of another project',
    { type: 'load-balancer', backend_service: 'front', region: `x/../../../${other}/regions/y` },
    'write the name alone',
  ],
  [
    'a certificate by its full name',
    {
      type: 'load-balancer',
      backend_service: 'front',
      certificates: [`projects/${other}/global/sslCertificates/c`],
    },
    other,
  ],
  [
    'a bucket by its full name',
    { type: 'terraform-state', bucket: `projects/${other}/buckets/b`, object: 'o' },
    other,
  ],
  ['a path upwards', { type: 'secret', name: `../../${other}/secrets/jwt` }, 'write the name alone'],
  ['a name that is a step upwards', { type: 'secret', name: '..' }, 'write the name alone'],
  ['a name with a backslash', { type: 'secret', name: String.raw`..\..\x` }, 'write the name alone'],
  ['series of another project', { type: 'metric', query: `up{project_id="${other}"}` }, other],
  [
    'series in single quotes',
    { type: 'metric', query: `sum(rate(x{a="b",project_id='${other}'}[5m]))` },
    other,
  ],
  ['series in backticks', { type: 'metric', query: `x{project_id=\`${other}\`}` }, other],
  ['series with a comment between', { type: 'metric', query: `x{project_id # here\n = "${other}"}` }, other],
  ['series by a quoted label', { type: 'metric', query: `{"x","project_id"="${other}"}` }, other],
  [
    'series by a label with escapes',
    { type: 'metric', query: String.raw`{"x","project\x5fid"="${other}"}` },
    other,
  ],
  [
    'series by an escape in the value',
    { type: 'metric', query: String.raw`x{project_id="bank\x2dproduction"}` },
    'name one granted project',
  ],
  ['series by a pattern', { type: 'metric', query: 'x{project_id=~"bank.*"}' }, 'name one granted project'],
  ['series by one of two', { type: 'metric', query: `x{project_id=~"${own}|${other}"}` }, other],
  ['series of all but one', { type: 'metric', query: `x{project_id!="${own}"}` }, 'name one granted project'],
  ['series by no pattern', { type: 'metric', query: `x{project_id!~"${own}"}` }, 'name one granted project'],
  ['series by their container', { type: 'metric', query: `x{resource_container="${other}"}` }, other],
  [
    'a log of another project',
    { type: 'log-filter', filter: `logName="projects/${other}/logs/stderr"` },
    other,
  ],
  ['a log without quotes', { type: 'log-filter', filter: `logName:projects/${other}/logs` }, other],
  [
    'entries by their project',
    { type: 'log-filter', filter: `resource.labels.project_id = "${other}"` },
    other,
  ],
];

describe('a component that leads to another project', () => {
  test.each(leading)(
    '%s: nothing is asked for it, and the rest is read',
    async (_what, component, remedy) => {
      const limits = ['metric', 'log-filter'].includes(String(component['type']))
        ? { failing: { above: 1 } }
        : {};
      const asked = await ask({ it: { ...component, ...limits }, beside: { type: 'secret', name: 'jwt' } });
      expect(google.requests.join('\n')).not.toContain(other);
      expect(google.requests.every((request) => request.includes('/secrets/jwt'))).toBe(true);
      expect(google.requests.length).toBeGreaterThan(0);
      expect(reasonsOf(asked, 'it')).toEqual(new Set(['not-granted']));
      expect(reasonsOf(asked, 'beside')).toEqual(new Set(['not-found']));
      expect(asked.logged).toHaveLength(1);
      expect(asked.logged[0]?.refused).toEqual([
        { remedy: expect.stringContaining(remedy), components: ['it'] },
      ]);
    },
  );

  test.each([
    ['its own by its full name', { type: 'cloud-sql', instance: `${own}:europe-west1:main` }],
    ['series of its own', { type: 'metric', query: `x{project_id="${own}"}`, failing: { above: 1 } }],
    [
      'a label of that name in a grouping',
      { type: 'metric', query: 'sum by (project_id) (x)', failing: { above: 1 } },
    ],
    [
      'a text that looks so',
      { type: 'metric', query: `x{path="project_id=${other}"}`, failing: { above: 1 } },
    ],
    [
      'a log of its own',
      { type: 'log-filter', filter: `logName="projects/${own}/logs/a"`, failing: { above: 1 } },
    ],
    [
      'a text of logs',
      { type: 'log-filter', filter: `textPayload:"projects/${other}/x"`, failing: { above: 1 } },
    ],
  ])('%s is asked for', async (_what, component) => {
    const asked = await ask({ it: component });
    expect(google.requests.length).toBeGreaterThan(0);
    expect([...reasonsOf(asked, 'it')]).not.toContain('not-granted');
  });
});

const group = (place: string, project: string) => ({
  group: `https://www.googleapis.com/compute/v1/projects/${project}/${place}`,
});

describe('an answer that leads to another project', () => {
  test('a backend service with groups there: they are not asked for', async () => {
    const path = `/compute/v1/projects/${own}/global/backendServices/front`;
    google.answers[path] = {
      name: 'front',
      backends: [
        group('regions/europe-west1/networkEndpointGroups/web', other),
        group('zones/europe-west1-b/instanceGroups/web', other),
        group('zones/europe-west1-b/instanceGroups/own', own),
      ],
    };
    google.answers[`${path}/getHealth`] = { healthStatus: [] };
    const asked = await ask({ it: { type: 'load-balancer', backend_service: 'front' } });
    expect(google.requests.filter((request) => request.includes(other))).toEqual([]);
    expect(google.requests.filter((request) => request.includes('networkEndpointGroups'))).toEqual([]);
    expect(google.requests.filter((request) => request.includes('getHealth'))).toHaveLength(1);
    const refused = asked.snapshot.gaps.filter(({ reason }) => reason === 'not-granted');
    expect(refused.map(({ signal }) => signal).toSorted()).toEqual([
      'group.europe-west1-b/web',
      'group.europe-west1/web',
    ]);
    expect(JSON.stringify(asked.snapshot)).not.toContain(other);
    expect(asked.logged).toHaveLength(1);
  });

  test('series of another project, where Cloud Monitoring shows several: none of them is told', async () => {
    google.answers[`/v1/projects/${own}/location/global/prometheus/api/v1/query_range`] = {
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [own, other].map((project_id) => ({
          metric: { project_id },
          values: [[1_741_607_940, '7']],
        })),
      },
    };
    const asked = await ask({ it: { type: 'metric', query: 'x', failing: { above: 1 } } });
    expect(asked.snapshot.observations).toEqual([]);
    expect(reasonsOf(asked, 'it')).toEqual(new Set(['not-granted']));
    expect(JSON.stringify(asked.snapshot)).not.toContain(other);
  });

  test('a Terraform state of another project: nothing of it is told, and nothing there is asked for', async () => {
    google.answers['/storage/v1/b/their-state/o/default.tfstate'] = {
      version: 4,
      serial: 77,
      terraform_version: '1.9.5',
      updated: '2025-03-01T08:59:00Z',
      resources: [
        {
          mode: 'managed',
          type: 'google_cloud_run_v2_service',
          instances: [{ attributes: { name: 'web', location: 'europe-west1', project: other } }],
        },
      ],
    };
    const asked = await ask({
      it: { type: 'terraform-state', bucket: 'their-state', object: 'default.tfstate' },
      web: { type: 'cloud-run', service: 'web' },
    });
    expect(google.requests.filter((request) => request.includes(other))).toEqual([]);
    expect(asked.snapshot.observations.filter(({ component }) => component === 'it')).toEqual([]);
    expect(reasonsOf(asked, 'it')).toEqual(new Set(['no-data']));
    expect(JSON.stringify(asked.snapshot)).not.toContain('1.9.5');
  });
});

/** Connections for probes: all names lead elsewhere, so loopback is the stand-in of Google, which may be asked late. */
function probed(): string[] {
  return attempts.addresses().filter((address) => !address.startsWith('127.0.0.1:'));
}

describe('a host that is not granted', () => {
  test.each([
    ['http', 'https://www.example.org/', 'www.example.org'],
    ['http', 'http://www.example.com/', 'www.example.com'],
    ['http', 'https://www.example.com:8443/', 'www.example.com:8443'],
    ['http', 'https://[fd00::1]:8443/', '[fd00::1]:8443'],
    ['websocket', 'ws://www.example.com/', 'www.example.com'],
    ['websocket', 'wss://www.example.org:444/feed?token=hunter2', 'www.example.org:444'],
  ])('%s %s: no look-up, no connection, and the line that would grant it', async (type, url, line) => {
    const asked = await ask({ it: { type, url } });
    expect(probed()).toEqual([]);
    expect(reasonsOf(asked, 'it')).toEqual(new Set(['not-granted']));
    const remedy = `in the operator's policy, below probe_hosts of this repository's entry, add the line: - ${JSON.stringify(line)}`;
    expect(asked.snapshot.gaps[0]?.remedy).toContain(remedy);
    expect(asked.logged).toEqual([
      { repository, refused: [{ remedy: expect.stringContaining(remedy), components: ['it'] }] },
    ]);
    expect(JSON.stringify(asked.logged)).not.toContain('hunter2');
  });

  test('a granted name that leads to a private address is told too', async () => {
    const asked = await ask({ it: { type: 'http', url: 'https://www.example.com/' } });
    expect(probed()).toEqual([]);
    expect(asked.logged[0]?.refused[0]?.remedy).toContain('a private address must be listed itself');
  });
});

/** What is read of hosts that nobody granted. */
const hosts = async (...names: string[]): Promise<Snapshot> =>
  (
    await ask(
      Object.fromEntries(
        names.map((name, index) => [`c${String(index)}`, { type: 'http', url: `https://${name}/` }]),
      ),
    )
  ).snapshot;

describe('the line of the log', () => {
  const lines: { refused: object[]; more?: number }[] = [];
  let at = 0;
  const refusals = () => {
    lines.length = 0;
    at = Date.parse('2025-03-10T12:00:00Z');
    const log = { warn: (fields: object) => void lines.push(JSON.parse(JSON.stringify(fields))) };
    return openRefusals({ log, now: () => new Date(at) });
  };
  test('comes with each collection that somebody waits for', async () => {
    const told = refusals();
    const snapshot = await hosts('a.example.org');
    for (const _ of [1, 2, 3]) told.note(repository, snapshot, 'look');
    expect(lines).toHaveLength(3);
  });

  test('comes with samples when it changes, and once an hour', async () => {
    const told = refusals();
    const [one, two, none] = [
      await hosts('a.example.org'),
      await hosts('b.example.org'),
      (await ask({ it: { type: 'secret', name: 'jwt' } })).snapshot,
    ];
    const minutes = [...Array.from({ length: 60 }, () => one), one, one, two, two, none, none, two];
    const counts = minutes.map((snapshot) => {
      told.note(repository, snapshot, 'sample');
      at += 60_000;
      return lines.length;
    });
    // At first; after the hour; the change; and when it comes back.
    expect([
      counts[0],
      counts[59],
      counts[60],
      counts[61],
      counts[62],
      counts[63],
      counts[65],
      counts[66],
    ]).toEqual([1, 1, 2, 2, 3, 3, 3, 4]);
  });

  test('is bounded, and says what is left out', async () => {
    const told = refusals();
    const many = await hosts(...Array.from({ length: 60 }, (_, index) => `h${String(index)}.example.org`));
    told.note(repository, many, 'look');
    const alike = await hosts(...Array.from({ length: 30 }, () => 'one.example.org'));
    told.note(repository, alike, 'look');
    expect(lines[0]).toMatchObject({ more: 40 });
    expect(lines[0]?.refused).toHaveLength(20);
    expect(lines[1]?.refused).toMatchObject([{ more: 20 }]);
    expect(Math.max(...lines.map((line) => JSON.stringify(line).length))).toBeLessThan(8_000);
  });
});

describe('in the running app', { timeout: 120_000 }, () => {
  let play: Play | null = null;
  afterEach(async () => {
    await play?.close();
    play = null;
  });

  test('/status says what is not granted, the log has one line for it, and samples add at most one an hour', async () => {
    play = await openPlay({
      policy:
        'repositories: { "netra-systems/*": { google_cloud_projects: [netra-staging], probe_hosts: ["staging.netra.ai:8443"] } }',
    });
    const { logged, endpoints } = play;
    const told = () => logged.filter((line) => line.includes('asks for more than the policy grants'));
    await play.say('carol', '/status');
    const looks = told().length;
    expect(looks).toBe(1);
    expect(JSON.parse(told()[0] ?? '{}')).toMatchObject({
      level: 40,
      repository: 'netra-systems/netra-apex',
    });
    expect(told()[0]).toContain(String.raw`- \"api.staging.netra.ai\"`);
    const { replies } = await play.say('carol', '/sitrep evidence all');
    expect(replies.join('\n')).toContain('below probe_hosts of this repository');
    await play.play({ advance: '8m' });
    report('lines of the log', { looks, afterSamples: told().length });
    expect(told().length - looks).toBeLessThanOrEqual(1);
    expect(endpoints.requests).toEqual([]);
  });
});
