import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { differencesFromState } from '../../src/collectors/settings-difference.ts';
import { startRawGoogle } from './raw-google.ts';
import { configuration, parent, project, resources, startWorld } from './world.ts';
import type { Google, World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const region = 'europe-west1';
type Resources = NonNullable<Google['resources']>;
interface StateInstance {
  attributes: Record<string, unknown>;
  sensitive?: Record<string, unknown>[][];
}

/** The world with a state of these resources. */
function withState(declared: Record<string, StateInstance[]>): Resources {
  const state = {
    version: 4,
    terraform_version: '1.9.5',
    serial: 7,
    lineage: 'a',
    outputs: {},
    resources: Object.entries(declared).map(([type, instances]) => ({
      mode: 'managed',
      type,
      name: 'it',
      provider: 'provider["registry.terraform.io/hashicorp/google"]',
      instances: instances.map(({ attributes, sensitive = [] }) => ({
        schema_version: 0,
        attributes,
        sensitive_attributes: sensitive,
      })),
    })),
  };
  return resources.map((one) =>
    one.type === 'storage.Object'
      ? { ...one, states: one.states.map(({ body }) => ({ body, content: state })) }
      : one,
  );
}

async function read(google: Google, prepare: (started: World) => void = () => undefined) {
  world = await startWorld(google);
  prepare(world);
  const snapshot = await collect({ configuration }, world.deps);
  expect(world.google.refusals).toEqual([]);
  const own = snapshot.observations.filter(({ component }) => component === 'terraform');
  return {
    snapshot,
    values: Object.fromEntries(own.map(({ signal, value }) => [signal, value])),
    gaps: snapshot.gaps.filter(({ component }) => component === 'terraform'),
  };
}

const service = (changes: Record<string, unknown>, container: Record<string, unknown> = {}) => ({
  name: 'web',
  location: region,
  project,
  template: [
    {
      ...changes,
      containers: [
        {
          image: 'registry.example/web:web-2',
          ports: [{ container_port: 8080 }],
          env: [
            { name: 'DB_TIMEOUT', value: '15.0' },
            { name: 'DB_PASSWORD', value: 'hunter2-web-2' },
            {
              name: 'JWT_SECRET',
              value_source: [{ secret_key_ref: [{ secret: 'jwt', version: 'latest' }] }],
            },
          ],
          ...container,
        },
      ],
      volumes: [{ cloud_sql_instance: [{ instances: [`${project}:${region}:main`] }] }],
      vpc_access: [{ connector: `${parent}/connectors/link`, egress: 'ALL_TRAFFIC' }],
    },
  ],
});

describe('a Terraform state', () => {
  it('is compared field by field; a password that differs is told without either value', async () => {
    const { values, gaps, snapshot } = await read({});
    expect(values).toEqual({
      'terraform.updated': '2025-03-01T08:59:00.000Z',
      'terraform.serial': '412',
      'terraform.version': '1.9.5',
      'terraform.resources': '3',
      'terraform.component.web': 'differs',
      'terraform.difference.web.env.DB_PASSWORD': 'state redacted, live redacted, another value',
      'terraform.difference.web.env.DB_TIMEOUT': 'state 75.0, live 15.0',
      'terraform.difference.web.limit.memory': 'state 1Gi, live 512Mi',
      'terraform.component.link': 'same',
      'terraform.component.main': 'not in the state',
    });
    expect(gaps).toEqual([]);
    // The state holds passwords of the service, and of a database user that nobody asked for.
    expect(JSON.stringify(snapshot)).not.toContain('hunter2');
  });

  it('that is the same says so', async () => {
    const { values } = await read({
      resources: withState({ google_cloud_run_v2_service: [{ attributes: service({}) }] }),
    });
    expect(values['terraform.component.web']).toBe('same');
  });

  it('hides what Terraform marks as sensitive, on both sides', async () => {
    const mark = ['template', 'containers', 'image'].map((value) => ({ type: 'get_attr', value }));
    const { values } = await read({
      resources: withState({
        google_cloud_run_v2_service: [
          { attributes: service({}, { image: 'registry.example/web:other' }), sensitive: [mark] },
        ],
      }),
    });
    expect(values['terraform.difference.web.image']).toBe('live another value than in the state');
    expect(JSON.stringify(values)).not.toContain('web:other');
  });

  it('that declares the older resource of Cloud Run is compared alike', async () => {
    const attributes = {
      name: 'web',
      location: region,
      project,
      template: [
        {
          metadata: [
            {
              annotations: {
                'autoscaling.knative.dev/maxScale': '10',
                'run.googleapis.com/vpc-access-connector': 'link',
                'run.googleapis.com/vpc-access-egress': 'all-traffic',
                'run.googleapis.com/cloudsql-instances': `${project}:${region}:main`,
              },
            },
          ],
          spec: [
            {
              container_concurrency: 80,
              timeout_seconds: 300,
              service_account_name: `web@${project}.iam.gserviceaccount.com`,
              containers: [
                {
                  image: 'registry.example/web:web-2',
                  env: [
                    { name: 'DB_TIMEOUT', value: '15.0' },
                    { name: 'DB_PASSWORD', value: 'hunter2-web-2' },
                    {
                      name: 'JWT_SECRET',
                      value: '',
                      value_from: [{ secret_key_ref: [{ name: 'jwt', key: 'latest' }] }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    };
    const { values } = await read({ resources: withState({ google_cloud_run_service: [{ attributes }] }) });
    const told = Object.entries(values).filter(([signal]) => signal.startsWith('terraform.difference.'));
    expect(told).toEqual([['terraform.difference.web.scaling.max', 'state 10, live 20']]);
  });

  it('compares a connector and a database; a flag that was set by hand is told', async () => {
    const { values } = await read({
      resources: withState({
        google_vpc_access_connector: [
          {
            attributes: {
              name: 'link',
              region,
              project,
              machine_type: 'e2-standard-4',
              min_instances: 2,
              max_instances: 10,
              network: `projects/${project}/global/networks/shop-vpc`,
            },
          },
        ],
        google_sql_database_instance: [
          {
            attributes: {
              name: 'main',
              region,
              project,
              root_password: 'hunter2-root',
              database_version: 'POSTGRES_15',
              settings: [
                {
                  tier: 'db-custom-1-3840',
                  activation_policy: 'ALWAYS',
                  database_flags: [],
                  ip_configuration: [{ ipv4_enabled: true, private_network: 'shop-vpc' }],
                },
              ],
            },
          },
        ],
      }),
    });
    expect(values).toMatchObject({
      'terraform.component.link': 'differs',
      'terraform.difference.link.machine_type': 'state e2-standard-4, live e2-micro',
      'terraform.component.main': 'differs',
      'terraform.difference.main.flag.log_min_duration_statement': 'not in the state, live 250',
      'terraform.difference.main.ip.public': 'state true, live false',
    });
    expect(JSON.stringify(values)).not.toContain('hunter2');
  });

  it('that holds what is gone says so, and what could not be read is no difference', async () => {
    const gone = resources.filter(({ type }) => type !== 'google.cloud.vpcaccess.v1.Connector');
    expect((await read({ resources: gone })).values['terraform.component.link']).toBe('not live');
    await world?.close();
    const { values, gaps } = await read({}, ({ google }) => {
      google.inject({ api: 'vpcaccess.googleapis.com', kind: 'denied' });
    });
    expect(values).not.toHaveProperty('terraform.component.link');
    expect(gaps.map(({ signal, reason }) => [signal, reason])).toEqual([
      ['terraform.component.link', 'no-data'],
    ]);
  });

  it('of another project or region does not declare these components', async () => {
    const elsewhere = { ...service({}), project: 'other' };
    const far = { ...service({}), location: 'us-east1' };
    const { values } = await read({
      resources: withState({
        google_cloud_run_v2_service: [{ attributes: elsewhere }, { attributes: far }],
      }),
    });
    expect(values['terraform.component.web']).toBe('not in the state');
  });

  it('that holds nothing of the project is told nothing of, whoever’s bucket it lies in', async () => {
    const elsewhere = { ...service({}), project: 'other' };
    const { values, gaps } = await read({
      resources: withState({ google_cloud_run_v2_service: [{ attributes: elsewhere }] }),
    });
    expect(values).toEqual({});
    expect(gaps.map(({ signal, reason, detail }) => [signal, reason, detail])).toEqual([
      ['*', 'no-data', 'the state holds no service, connector or database of the project shop'],
    ]);
  });

  it('that is larger than is read, or no state, is a gap', async () => {
    world = await startWorld();
    for (const [body, detail] of [
      [`{"version":4,"lineage":"${'a'.repeat(17 * 1024 * 1024)}"}`, 'the answer is larger than 16 MiB'],
      ['{"version":3,"serial":1}', 'Terraform state: version: '],
      ['not a state', 'the answer is not JSON'],
    ] as const) {
      const raw = await startRawGoogle(({ query }) =>
        query.get('alt') === 'media' ? { body } : { body: '{"updated":"2025-03-01T00:00:00Z"}' },
      );
      const { terraform } = configuration.components;
      const only = { ...configuration, components: terraform ? { terraform } : {} };
      const deps = { ...world.deps, google: createGoogleAccess({ endpoint: raw.url }) };
      const { observations, gaps } = await collect({ configuration: only }, deps);
      await raw.close();
      expect(observations).toEqual([]);
      expect(gaps).toMatchObject([{ signal: '*', reason: 'invalid-response' }]);
      expect(gaps[0]?.detail).toContain(detail);
    }
  });

  it('with attributes of another shape is a gap of that component only', async () => {
    const { values, gaps } = await read({
      resources: withState({
        google_cloud_run_v2_service: [{ attributes: { ...service({}), template: 'none' } }],
      }),
    });
    expect(values).toMatchObject({ 'terraform.serial': '7', 'terraform.component.link': 'not in the state' });
    expect(gaps).toMatchObject([{ signal: 'terraform.component.web', reason: 'invalid-response' }]);
  });
});

const declared = (key: string, raw: string, hidden = false) =>
  new Map([[key, { shown: raw, raw, unit: null, hidden }]]);
const live = (key: string, raw: string) => new Map([[key, { shown: raw, raw, unit: null }]]);

describe('two settings', () => {
  it.each([
    ['limit.cpu', '1000m', '1'],
    ['limit.cpu', '2', '2000m'],
    ['limit.memory', '1Gi', '1024Mi'],
    ['limit.memory', '512Mi', '0.5Gi'],
    ['egress', 'none', 'none'],
  ])('%s %s and %s are the same', (key, a, b) => {
    expect(differencesFromState(declared(key, a), live(key, b))).toEqual([]);
  });

  it.each([
    ['limit.memory', '1Gi', '1G', 'state 1Gi, live 1G'],
    ['limit.cpu', 'one', '1', 'state one, live 1'],
    ['env.A', '1000m', '1', 'state 1000m, live 1'],
  ])('%s %s and %s differ', (key, a, b, text) => {
    expect(differencesFromState(declared(key, a), live(key, b))).toEqual([{ key, text }]);
  });

  it.each([
    ['scaling.min', '0', []],
    ['connector', 'none', []],
    ['env.A', '0', ['state 0, live not set']],
    ['tier', 'large', ['state large, live not set']],
  ])('%s %s that is not live: %j', (key, raw, expected) => {
    const found = differencesFromState(declared(key, raw), new Map());
    expect(found.map(({ text }) => text)).toEqual(expected);
  });

  it('that are sensitive are never shown', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string({ minLength: 8 }), (a, b) => {
        const [secret, other] = [`state-${a}`, `live-${b}`];
        const [found] = differencesFromState(declared('env.A', secret, true), live('env.A', other));
        expect(found?.text).toBe('live another value than in the state');
      }),
    );
  });
});
