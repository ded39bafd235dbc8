import { z } from 'zod';
import { parse } from 'yaml';
import { frozenClock } from '../../sandbox/clock.ts';
import { startEndpoints } from '../../sandbox/endpoints.ts';
import type { EndpointsStandIn } from '../../sandbox/endpoints.ts';
import { startGoogle } from '../../sandbox/google/server.ts';
import type { GoogleStandIn } from '../../sandbox/google/server.ts';
import { scenarioSchema } from '../../sandbox/scenario/schema.ts';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectDeps } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { createProbe } from '../../src/collectors/probe.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { createSocketProbe } from '../../src/collectors/websocket-probe.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { componentStates } from '../../src/core/states.ts';
import type { StateReading } from '../../src/core/states.ts';

/**
 * A shop with one service in trouble, its connector, its database and its endpoints, in which every signal of
 * every collector can be read. Noon is the time of collection.
 */

export const project = 'shop';
const region = 'europe-west1';
export const parent = `projects/${project}/locations/${region}`;

export const configuration: Configuration = repositorySchema.parse(
  parse(`
version: 1
google_cloud: { project: ${project}, region: ${region} }
components:
  web: { type: cloud-run, service: web, depends_on: [link, main] }
  link: { type: vpc-connector, name: link }
  main: { type: cloud-sql, instance: main, via: link }
  page: { type: http, url: 'https://shop.example/health', expect: { contains: '"well"' } }
  moved: { type: http, url: 'https://shop.example/old' }
  chat: { type: websocket, url: 'wss://shop.example/chat', expect: { message: hello } }
  feed: { type: websocket, url: 'wss://shop.example/feed', expect: { message: true } }
  queue: { type: metric, query: 'sum(queue_depth)', failing: { above: 100 } }
  refused: { type: log-filter, filter: 'severity>=ERROR AND textPayload:"no database"', failing: { above: 3 } }
  jwt: { type: secret, name: jwt }
  front: { type: load-balancer, backend_service: front, certificates: [shop-example], depends_on: [web] }
  region: { type: google-region }
  terraform: { type: terraform-state, bucket: shop-state, object: live/default.tfstate }
`),
);

type Input = z.input<typeof scenarioSchema>;
export type Google = NonNullable<Input['google']>;

export const revisionLabels = (name: string) => ({
  type: 'cloud_run_revision',
  labels: {
    project_id: project,
    location: region,
    service_name: 'web',
    configuration_name: 'web',
    revision_name: name,
  },
});

export function resource(api: string, type: string, path: string, body: Record<string, unknown>) {
  return { api, type, path, states: [{ body }] };
}

function revision(
  name: string,
  createTime: string,
  timeout: string,
  state: string,
  more: Record<string, unknown> = {},
  sidecars: Record<string, unknown>[] = [],
) {
  return resource(
    'run.googleapis.com',
    'google.cloud.run.v2.Revision',
    `/v2/${parent}/services/web/revisions/${name}`,
    {
      name: `${parent}/services/web/revisions/${name}`,
      service: 'web',
      createTime,
      scaling: { minInstanceCount: 1, maxInstanceCount: 20 },
      vpcAccess: { connector: `${parent}/connectors/link`, egress: 'ALL_TRAFFIC' },
      maxInstanceRequestConcurrency: 80,
      timeout: '300s',
      serviceAccount: `web@${project}.iam.gserviceaccount.com`,
      containers: [
        {
          image: `registry.example/web:${name}`,
          ports: [{ name: 'http1', containerPort: 8080 }],
          resources: { limits: { cpu: '1', memory: '512Mi' } },
          env: [
            { name: 'DB_TIMEOUT', value: timeout },
            { name: 'DB_PASSWORD', value: `hunter2-${name}` },
            { name: 'JWT_SECRET', valueSource: { secretKeyRef: { secret: 'jwt', version: 'latest' } } },
          ],
          startupProbe: {
            periodSeconds: 240,
            timeoutSeconds: 240,
            failureThreshold: 1,
            tcpSocket: { port: 8080 },
          },
          livenessProbe: { periodSeconds: 10, httpGet: { path: '/health', port: 8080 } },
          readinessProbe: { periodSeconds: 5, httpGet: { path: '/ready', port: 8080 } },
        },
        ...sidecars,
      ],
      volumes: [{ name: 'cloudsql', cloudSqlInstance: { instances: [`${project}:${region}:main`] } }],
      conditions: [{ type: 'Ready', state }],
      ...more,
    },
  );
}

/** Direct VPC egress, as it was before the connector. */
const direct = {
  vpcAccess: {
    egress: 'ALL_TRAFFIC',
    networkInterfaces: [
      {
        network: `projects/${project}/global/networks/shop-vpc`,
        subnetwork: `projects/${project}/regions/${region}/subnetworks/run`,
      },
    ],
  },
};

export const resources: NonNullable<Google['resources']> = [
  resource('run.googleapis.com', 'google.cloud.run.v2.Service', `/v2/${parent}/services/web`, {
    name: `${parent}/services/web`,
    ingress: 'INGRESS_TRAFFIC_ALL',
    scaling: { scalingMode: 'MANUAL', minInstanceCount: 1, maxInstanceCount: 40, manualInstanceCount: 3 },
    latestReadyRevision: `${parent}/services/web/revisions/web-1`,
    latestCreatedRevision: `${parent}/services/web/revisions/web-2`,
    terminalCondition: {
      type: 'Ready',
      state: 'CONDITION_FAILED',
      message: 'The container failed to start.',
      revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR',
    },
    trafficStatuses: [
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'web-2', percent: 90 },
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'web-1', percent: 10 },
    ],
  }),
  revision('web-2', '2025-03-10T11:12:00Z', '15.0', 'CONDITION_FAILED'),
  revision('web-1', '2025-03-01T09:00:00Z', '75.0', 'CONDITION_SUCCEEDED'),
  revision('web-0', '2025-02-01T09:00:00Z', '45.0', 'CONDITION_SUCCEEDED', direct, [
    { name: 'proxy', image: 'registry.example/proxy:1' },
  ]),
  resource(
    'vpcaccess.googleapis.com',
    'google.cloud.vpcaccess.v1.Connector',
    `/v1/${parent}/connectors/link`,
    {
      name: `${parent}/connectors/link`,
      state: 'READY',
      minInstances: 2,
      maxInstances: 10,
      machineType: 'e2-micro',
      ipCidrRange: '10.8.0.0/28',
      network: 'shop-vpc',
    },
  ),
  resource(
    'sqladmin.googleapis.com',
    'google.cloud.sql.v1.DatabaseInstance',
    `/v1/projects/${project}/instances/main`,
    {
      name: 'main',
      connectionName: `${project}:${region}:main`,
      state: 'RUNNABLE',
      databaseVersion: 'POSTGRES_15',
      suspensionReason: ['BILLING_ISSUE'],
      scheduledMaintenance: { startTime: '2025-03-12T03:00:00Z' },
      ipAddresses: [{ type: 'PRIVATE', ipAddress: '10.9.0.3' }],
      settings: {
        tier: 'db-custom-1-3840',
        activationPolicy: 'ALWAYS',
        availabilityType: 'ZONAL',
        ipConfiguration: {
          privateNetwork: `projects/${project}/global/networks/shop-vpc`,
          sslMode: 'ENCRYPTED_ONLY',
        },
        databaseFlags: [{ name: 'log_min_duration_statement', value: '250' }],
      },
    },
  ),
  resource(
    'sqladmin.googleapis.com',
    'google.cloud.sql.v1.Operation',
    `/v1/projects/${project}/operations/op-1`,
    {
      name: 'op-1',
      targetId: 'main',
      operationType: 'RESTART',
      status: 'DONE',
      insertTime: '2025-03-10T10:59:00Z',
      startTime: '2025-03-10T11:00:00Z',
      endTime: '2025-03-10T11:02:00Z',
    },
  ),
  ...secretResources(),
  ...balancerResources(),
  resource(
    'servicehealth.googleapis.com',
    'google.cloud.servicehealth.v1.Event',
    `/v1/projects/${project}/locations/global/events/E1`,
    {
      name: `projects/${project}/locations/global/events/E1`,
      title: 'Elevated errors of Cloud Run',
      category: 'INCIDENT',
      state: 'ACTIVE',
      relevance: 'RELATED',
      startTime: '2025-03-10T11:05:00Z',
      updateTime: '2025-03-10T11:40:00Z',
      eventImpacts: [{ product: { productName: 'Cloud Run' }, location: { locationName: region } }],
    },
  ),
  {
    api: 'storage.googleapis.com',
    type: 'storage.Object',
    path: '/storage/v1/b/shop-state/o/live%2Fdefault.tfstate',
    states: [
      {
        body: { name: 'live/default.tfstate', bucket: 'shop-state', updated: '2025-03-01T08:59:00Z' },
        content: terraformContent(),
      },
    ],
  },
];

function secretResources() {
  const path = `/v1/projects/${project}/secrets/jwt`;
  const name = (version: string) => `projects/${project}/secrets/jwt/versions/${version}`;
  return [
    resource('secretmanager.googleapis.com', 'google.cloud.secretmanager.v1.Secret', path, {
      name: `projects/${project}/secrets/jwt`,
      replication: { automatic: {} },
      expireTime: '2025-06-01T00:00:00Z',
      rotation: { nextRotationTime: '2025-04-01T00:00:00Z', rotationPeriod: '7776000s' },
      versionAliases: { live: '2' },
    }),
    ...['1', '2', '3'].map((version) =>
      resource(
        'secretmanager.googleapis.com',
        'google.cloud.secretmanager.v1.SecretVersion',
        `${path}/versions/${version}`,
        {
          name: name(version),
          createTime: `2025-0${version}-01T00:00:00Z`,
          state: version === '1' ? 'DESTROYED' : 'ENABLED',
        },
      ),
    ),
  ];
}

/** A backend service with a serverless group and one of instances, and its certificate. */
function balancerResources() {
  const api = 'compute.googleapis.com';
  const base = `/compute/v1/projects/${project}`;
  const url = (place: string) => `https://www.googleapis.com/compute/v1/projects/${project}/${place}`;
  const [endpoints, instances] = [
    `regions/${region}/networkEndpointGroups/web`,
    `zones/${region}-b/instanceGroups/web`,
  ];
  return [
    resource(api, 'google.cloud.compute.v1.BackendService', `${base}/global/backendServices/front`, {
      name: 'front',
      protocol: 'HTTPS',
      loadBalancingScheme: 'EXTERNAL_MANAGED',
      timeoutSec: 30,
      logConfig: { enable: true, sampleRate: 1 },
      backends: [{ group: url(endpoints) }, { group: url(instances) }],
    }),
    resource(api, 'google.cloud.compute.v1.NetworkEndpointGroup', `${base}/${endpoints}`, {
      name: 'web',
      networkEndpointType: 'SERVERLESS',
      cloudRun: { service: 'web' },
    }),
    resource(
      api,
      'google.cloud.compute.v1.BackendServiceGroupHealth',
      `${base}/global/backendServices/front/getHealth?group=${instances}`,
      {
        healthStatus: [
          { healthState: 'HEALTHY', instance: url(`zones/${region}-b/instances/web-a`), port: 8080 },
          { healthState: 'UNHEALTHY', instance: url(`zones/${region}-b/instances/web-b`), port: 8080 },
        ],
      },
    ),
    resource(api, 'google.cloud.compute.v1.SslCertificate', `${base}/global/sslCertificates/shop-example`, {
      name: 'shop-example',
      type: 'MANAGED',
      expireTime: '2025-05-01T01:00:00.000-07:00',
      managed: { status: 'ACTIVE', domains: ['shop.example'], domainStatus: { 'shop.example': 'ACTIVE' } },
    }),
  ];
}

/** The state before somebody changed the service by hand; it holds a password, as states do. */
function terraformContent() {
  const provider = 'provider["registry.terraform.io/hashicorp/google"]';
  const one = (type: string, name: string, attributes: Record<string, unknown>) => ({
    mode: 'managed',
    type,
    name,
    provider,
    instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
  });
  return {
    version: 4,
    terraform_version: '1.9.5',
    serial: 412,
    lineage: '5c1d7a52-0c1e-4a57-9a5e-0d2f5b6f7a10',
    outputs: {},
    resources: [
      one('google_cloud_run_v2_service', 'web', {
        name: 'web',
        location: region,
        project,
        template: [
          {
            timeout: '300s',
            max_instance_request_concurrency: 80,
            service_account: `web@${project}.iam.gserviceaccount.com`,
            scaling: [{ min_instance_count: 1, max_instance_count: 20 }],
            vpc_access: [{ connector: `${parent}/connectors/link`, egress: 'ALL_TRAFFIC' }],
            volumes: [{ cloud_sql_instance: [{ instances: [`${project}:${region}:main`] }] }],
            containers: [
              {
                image: 'registry.example/web:web-2',
                ports: [{ container_port: 8080 }],
                resources: [{ limits: { cpu: '1000m', memory: '1Gi' } }],
                env: [
                  { name: 'DB_TIMEOUT', value: '75.0' },
                  { name: 'DB_PASSWORD', value: 'hunter2-state' },
                  {
                    name: 'JWT_SECRET',
                    value_source: [{ secret_key_ref: [{ secret: 'jwt', version: 'latest' }] }],
                  },
                ],
              },
            ],
          },
        ],
      }),
      one('google_vpc_access_connector', 'link', {
        name: 'link',
        region,
        project,
        machine_type: 'e2-micro',
        min_instances: 2,
        max_instances: 10,
        ip_cidr_range: '10.8.0.0/28',
        network: 'shop-vpc',
      }),
      one('google_sql_user', 'web', { name: 'web', instance: 'main', password: 'hunter2-user' }),
    ],
  };
}

export const log = (name: string) => `projects/${project}/logs/run.googleapis.com%2F${name}`;

/** More different errors than are told one by one; each says one word more than the one before. */
const rareErrors = Array.from({ length: 16 }, (_, words) => ({
  at: '2025-03-10T11:35:00Z',
  entry: {
    logName: log('stderr'),
    severity: 'ERROR',
    resource: revisionLabels('web-1'),
    textPayload: `gave up${' again'.repeat(words)}`,
  },
}));

const logs: Google['logs'] = [
  ...rareErrors,
  {
    from: '2025-03-10T11:15:00Z',
    to: '2025-03-10T11:55:00Z',
    count: 5,
    entry: {
      logName: log('stderr'),
      severity: 'ERROR',
      resource: revisionLabels('web-2'),
      textPayload:
        'RuntimeError: no database after 15 s, url postgres://web:hunter2@10.9.0.3/main, attempt {{n}}',
    },
  },
  {
    from: '2025-03-10T11:15:01Z',
    to: '2025-03-10T11:55:01Z',
    count: 5,
    entry: {
      logName: log('varlog%2Fsystem'),
      severity: 'WARNING',
      resource: revisionLabels('web-2'),
      textPayload: 'Container called exit(3).',
    },
  },
  ...['Memory limit of 512 MiB exceeded with 530 MiB used.', 'Container terminated on signal 9.'].map(
    (textPayload) => ({
      at: '2025-03-10T11:20:00Z',
      entry: {
        logName: log('varlog%2Fsystem'),
        severity: 'WARNING',
        resource: revisionLabels('web-2'),
        textPayload,
      },
    }),
  ),
  {
    at: '2025-03-10T11:30:00Z',
    entry: {
      logName: log('stdout'),
      severity: 'INFO',
      resource: revisionLabels('web-1'),
      textPayload: 'connected to database in 22.4 s',
    },
  },
  {
    from: '2025-03-10T11:20:00Z',
    to: '2025-03-10T11:50:00Z',
    count: 4,
    entry: {
      logName: `projects/${project}/logs/requests`,
      severity: 'WARNING',
      resource: {
        type: 'http_load_balancer',
        labels: { project_id: project, backend_service_name: 'front', zone: 'global' },
      },
      httpRequest: { requestMethod: 'GET', status: 502 },
      jsonPayload: { statusDetails: 'failed_to_connect_to_backend' },
    },
  },
];

const from = '2025-03-09T12:00:00Z';
const onset = '2025-03-10T11:12:00Z';
type Level = { from: string; value: number; to?: string };

export function metric(
  type: string,
  labels: Record<string, string>,
  of: { type: string; labels: Record<string, string> },
  form: { kind: 'GAUGE' | 'DELTA'; value: 'INT64' | 'DOUBLE' | 'DISTRIBUTION'; unit?: string },
  ...levels: Level[]
) {
  return { type, labels, resource: of, ...form, levels };
}

export const count = { kind: 'DELTA', value: 'INT64' } as const;
const gauge = { kind: 'GAUGE', value: 'INT64' } as const;
export const connector = {
  type: 'vpc_access_connector',
  labels: { project_id: project, location: region, connector_name: 'link' },
};
const database = {
  type: 'cloudsql_database',
  labels: { project_id: project, region, database_id: `${project}:main` },
};
const run = 'run.googleapis.com';

/** Requests that the load balancer answered with this status. */
function balancerRequests(status: string, value: number) {
  return metric(
    'loadbalancing.googleapis.com/https/request_count',
    { response_code: status, response_code_class: `${status.slice(0, 1)}00` },
    { type: 'https_lb_rule', labels: { project_id: project, backend_target_name: 'front' } },
    count,
    { from, value },
  );
}

const metrics: Google['metrics'] = [
  metric(
    `${run}/request_count`,
    { response_code: '200', response_code_class: '2xx' },
    revisionLabels('web-1'),
    count,
    { from, value: 4 },
  ),
  metric(
    `${run}/request_count`,
    { response_code: '503', response_code_class: '5xx' },
    revisionLabels('web-2'),
    count,
    { from: onset, value: 1 },
  ),
  metric(
    `${run}/request_latencies`,
    {},
    revisionLabels('web-1'),
    { kind: 'DELTA', value: 'DISTRIBUTION', unit: 'ms' },
    { from, value: 200 },
  ),
  ...['1xx', '3xx'].map((one) =>
    metric(
      `${run}/request_count`,
      { response_code: `${one.slice(0, 1)}01`, response_code_class: one },
      revisionLabels('web-1'),
      count,
      { from: '2025-03-10T11:30:00Z', value: 1 },
    ),
  ),
  metric(
    `${run}/container/startup_latencies`,
    {},
    revisionLabels('web-2'),
    { kind: 'DELTA', value: 'DISTRIBUTION', unit: 'ms' },
    { from: onset, value: 2_400 },
  ),
  metric(`${run}/container/instance_count`, { state: 'active' }, revisionLabels('web-2'), gauge, {
    from,
    value: 3,
  }),
  metric(`${run}/container/instance_count`, { state: 'idle' }, revisionLabels('web-2'), gauge, {
    from,
    value: 1,
  }),
  metric(
    'logging.googleapis.com/log_entry_count',
    { severity: 'INFO', log: 'stdout' },
    revisionLabels('web-1'),
    count,
    { from, value: 9 },
  ),
  metric(
    'logging.googleapis.com/log_entry_count',
    { severity: 'ERROR', log: 'stderr' },
    revisionLabels('web-2'),
    count,
    { from: onset, value: 3 },
  ),
  metric(
    'vpcaccess.googleapis.com/connector/instances',
    {},
    connector,
    gauge,
    { from, value: 3 },
    { from: '2025-03-10T11:07:00Z', value: 10 },
  ),
  metric(
    'vpcaccess.googleapis.com/connector/cpu/utilizations',
    {},
    connector,
    { kind: 'GAUGE', value: 'DISTRIBUTION', unit: '10^2.%' },
    { from, value: 0.25 },
    { from: '2025-03-10T11:07:00Z', value: 0.94 },
  ),
  metric('vpcaccess.googleapis.com/connector/sent_bytes_count', {}, connector, count, { from, value: 1_000 }),
  metric('vpcaccess.googleapis.com/connector/received_bytes_count', {}, connector, count, {
    from,
    value: 2_000,
  }),
  ...['cpu', 'memory', 'disk'].map((of) =>
    metric(
      `cloudsql.googleapis.com/database/${of}/utilization`,
      {},
      database,
      { kind: 'GAUGE', value: 'DOUBLE', unit: '10^2.%' },
      { from, value: 0.34 },
    ),
  ),
  metric('cloudsql.googleapis.com/database/up', {}, database, gauge, { from, value: 1 }),
  metric(
    'cloudsql.googleapis.com/database/postgresql/num_backends',
    { database: 'shop' },
    database,
    gauge,
    { from, value: 40 },
    { from: '2025-03-10T11:40:00Z', value: 24 },
  ),
  balancerRequests('200', 8),
  balancerRequests('502', 2),
];

/** The query of the component `queue`, with these series. */
export const queueQuery = (...series: NonNullable<Google['prometheus']>[number]['series']) => [
  { project, query: 'sum(queue_depth)', series },
];

const prometheus = queueQuery({
  levels: [
    { from, value: 12 },
    { from: '2025-03-10T11:50:00Z', value: 130 },
  ],
});

const endpoints = [
  {
    url: 'https://shop.example/health',
    addresses: ['34.120.7.9'],
    states: [
      {
        status: 503,
        latency_ms: 4_300,
        body: '{"status":"unwell"}',
        tls: { issuer: 'Example CA', expires: '2025-04-20T13:00:00Z' },
      },
    ],
  },
  { url: 'wss://shop.example/chat', states: [{ status: 101, latency_ms: 120, message: 'hello, shop' }] },
  {
    url: 'wss://shop.example/feed',
    states: [{ status: 101, close: { code: 1011, reason: 'no database' } }],
  },
  {
    url: 'https://shop.example/old',
    states: [{ status: 302, latency_ms: 20, headers: { location: '/new' } }],
  },
];

/** The scenario with some of Google's parts replaced. */
function scenarioWith(google: Google = {}) {
  return scenarioSchema.parse({
    version: 1,
    title: 'A shop in trouble',
    start: '2025-03-10T12:00:00Z',
    repository: { owner: 'acme', name: 'shop' },
    people: { alice: { role: 'write' } },
    issues: [{ number: 1, title: 'The shop is down', by: 'alice', at: '2025-03-10T11:20:00Z' }],
    focus: 1,
    google: { resources, logs, metrics, prometheus, ...google },
    endpoints,
  });
}

export interface World {
  google: GoogleStandIn;
  endpoints: EndpointsStandIn;
  /** Ports of `collect`, with real clients on loopback; every project and host is granted. */
  deps: CollectDeps;
  close(): Promise<void>;
}

/** Starts the stand-ins, with the clock at noon. */
export async function startWorld(google: Google = {}): Promise<World> {
  const scenario = scenarioWith(google);
  const clock = frozenClock(new Date(scenario.start));
  const standIn = await startGoogle({ scenario, clock });
  const asked = await startEndpoints({ scenario, clock });
  const probing = {
    map: asked.probeMap,
    stopwatch: (url: string) => () => asked.latencyOf(url) ?? 0,
    resolve: asked.resolve,
  };
  return {
    google: standIn,
    endpoints: asked,
    deps: {
      google: createGoogleAccess({ endpoint: standIn.url }),
      probe: createProbe(probing),
      probeSocket: createSocketProbe(probing),
      grants: { project: () => true, endpoint: () => true },
      now: () => clock.now(),
      redact: createRedactor(),
    },
    close: async () => {
      await standIn.close();
      await asked.close();
    },
  };
}

/** What is read of these components in a world of its own, and the state that follows for the first of them. */
export async function readWorld(
  google: Google,
  components: Configuration['components'],
): Promise<{ snapshot: Snapshot; state: StateReading | undefined }> {
  const world = await startWorld(google);
  try {
    const snapshot = await collect({ configuration: { ...configuration, components } }, world.deps);
    const [state] = Object.values(componentStates({ ...configuration, components }, snapshot));
    return { snapshot, state };
  } finally {
    await world.close();
  }
}
