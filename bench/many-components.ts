import { repositorySchema, type Configuration } from '../src/config/repository.schema.ts';
import { scenarioSchema, type Scenario } from '../sandbox/scenario/schema.ts';

/** An environment of many components, as Google Cloud knows it and as the configuration names it. */
export interface ManyComponents {
  scenario: Scenario;
  configuration: Configuration;
}

const project = 'city';
const region = 'europe-west1';
const parent = `projects/${project}/locations/${region}`;
const hourAgo = '2025-03-10T11:00:00Z';

/** The time of collection. */
export const noon = new Date('2025-03-10T12:00:00Z');

/** Of ten components six are services, one is a connector, one a database, two are endpoints. */
const kinds = ['run', 'run', 'run', 'run', 'run', 'run', 'connector', 'sql', 'http', 'http'] as const;

/** Revisions of each service: so many that their list has several pages. */
const revisionsEach = 15;

/** The origin that all endpoints are asked at; each has a path of its own. */
export const endpointOrigin = 'https://city.example';

/** Makes `count` components, half of the services in trouble. */
export function manyComponents(count: number): ManyComponents {
  const all = Array.from({ length: count }, (_, n) => ({ n, kind: kinds[n % kinds.length] ?? 'run' }));
  const of = (kind: (typeof kinds)[number]) => all.filter((one) => one.kind === kind).map(({ n }) => n);
  const [services, connectors, databases] = [of('run'), of('connector'), of('sql')];
  const scenario = scenarioSchema.parse({
    version: 1,
    title: 'A city of components',
    start: noon.toISOString(),
    repository: { owner: 'acme', name: 'city' },
    people: { alice: { role: 'write' } },
    issues: [{ number: 1, title: 'The city is down', by: 'alice', at: hourAgo }],
    focus: 1,
    google: {
      resources: [
        ...services.flatMap((n) => [
          service(n),
          ...Array.from({ length: revisionsEach }, (_, r) => revision(n, r)),
        ]),
        ...connectors.map(connector),
        ...databases.map(database),
      ],
      logs: services.flatMap(logsOf),
      metrics: [...services.flatMap(metricsOf), ...connectors.map(instancesOf), ...databases.map(backendsOf)],
    },
  });
  const components = Object.fromEntries(all.map(({ n, kind }) => [`c${n}`, component(n, kind)]));
  const configuration = repositorySchema.parse({
    version: 1,
    google_cloud: { project, region },
    components,
  });
  return { scenario, configuration };
}

function component(n: number, kind: (typeof kinds)[number]): object {
  if (kind === 'run') return { type: 'cloud-run', service: serviceName(n) };
  if (kind === 'connector') return { type: 'vpc-connector', name: `connector-${n}` };
  if (kind === 'sql') return { type: 'cloud-sql', instance: `database-${n}` };
  return { type: 'http', url: `${endpointOrigin}/health/${n}` };
}

function serviceName(n: number): string {
  return `city-service-number-${n}`;
}

function revisionName(n: number, r: number): string {
  return `${serviceName(n)}-${String(r).padStart(5, '0')}-abc`;
}

function service(n: number) {
  const newest = revisionName(n, revisionsEach - 1);
  return {
    api: 'run.googleapis.com',
    type: 'google.cloud.run.v2.Service',
    path: `/v2/${parent}/services/${serviceName(n)}`,
    states: [
      {
        body: {
          name: `${parent}/services/${serviceName(n)}`,
          latestReadyRevision: `${parent}/services/${serviceName(n)}/revisions/${newest}`,
          latestCreatedRevision: `${parent}/services/${serviceName(n)}/revisions/${newest}`,
          terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
          trafficStatuses: [
            { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: newest, percent: 100 },
          ],
        },
      },
    ],
  };
}

function revision(n: number, r: number) {
  const name = `${parent}/services/${serviceName(n)}/revisions/${revisionName(n, r)}`;
  return {
    api: 'run.googleapis.com',
    type: 'google.cloud.run.v2.Revision',
    path: `/v2/${name}`,
    states: [
      {
        body: {
          name,
          service: serviceName(n),
          createTime: new Date(noon.getTime() - (revisionsEach - r) * 7_200_000 - n * 1_000).toISOString(),
          scaling: { minInstanceCount: 1, maxInstanceCount: 20 },
          maxInstanceRequestConcurrency: 80,
          timeout: '300s',
          serviceAccount: `service-${n}@${project}.iam.gserviceaccount.com`,
          containers: [
            {
              image: `registry.example/service-${n}:${r}`,
              ports: [{ name: 'http1', containerPort: 8080 }],
              resources: { limits: { cpu: '1', memory: '512Mi' } },
              env: Array.from({ length: 20 }, (_, e) => ({
                name: e === 0 ? 'DB_PASSWORD' : `SETTING_${e}`,
                value: `value-${e}-${e === 1 ? r : 0}`,
              })),
            },
          ],
          conditions: [{ type: 'Ready', state: 'CONDITION_SUCCEEDED' }],
        },
      },
    ],
  };
}

function connector(n: number) {
  return {
    api: 'vpcaccess.googleapis.com',
    type: 'google.cloud.vpcaccess.v1.Connector',
    path: `/v1/${parent}/connectors/connector-${n}`,
    states: [
      {
        body: {
          name: `${parent}/connectors/connector-${n}`,
          state: 'READY',
          minInstances: 2,
          maxInstances: 10,
          machineType: 'e2-micro',
        },
      },
    ],
  };
}

function database(n: number) {
  return {
    api: 'sqladmin.googleapis.com',
    type: 'google.cloud.sql.v1.DatabaseInstance',
    path: `/v1/projects/${project}/instances/database-${n}`,
    states: [
      {
        body: {
          name: `database-${n}`,
          connectionName: `${project}:${region}:database-${n}`,
          state: 'RUNNABLE',
          databaseVersion: 'POSTGRES_15',
          settings: { tier: 'db-custom-1-3840', activationPolicy: 'ALWAYS' },
        },
      },
    ],
  };
}

function labelsOf(n: number) {
  const revisionLabel = revisionName(n, revisionsEach - 1);
  return {
    type: 'cloud_run_revision',
    labels: {
      project_id: project,
      location: region,
      service_name: serviceName(n),
      configuration_name: serviceName(n),
      revision_name: revisionLabel,
    },
  };
}

function stream(name: string): string {
  return `projects/${project}/logs/run.googleapis.com%2F${name}`;
}

function logsOf(n: number) {
  if (n % 2 === 1) return [];
  return [
    {
      from: hourAgo,
      to: '2025-03-10T11:59:00Z',
      count: 60,
      entry: {
        logName: stream('stderr'),
        severity: 'ERROR',
        resource: labelsOf(n),
        textPayload: `TimeoutError: no connection to postgres://app:hunter2@10.9.0.${n}/main after {{rand 15 30}} s`,
      },
    },
    {
      from: hourAgo,
      to: '2025-03-10T11:59:30Z',
      count: 20,
      entry: {
        logName: stream('varlog%2Fsystem'),
        severity: 'WARNING',
        resource: labelsOf(n),
        textPayload: 'Container called exit(3).',
      },
    },
  ];
}

function metricsOf(n: number) {
  const resource = labelsOf(n);
  const from = '2025-03-10T09:30:00Z';
  const counted = { kind: 'DELTA', value: 'INT64', every_s: 300, resource };
  return [
    {
      type: 'run.googleapis.com/request_count',
      labels: { response_code: '200', response_code_class: '2xx' },
      ...counted,
      levels: [{ from, value: 40 }],
    },
    {
      type: 'run.googleapis.com/request_count',
      labels: { response_code: '503', response_code_class: '5xx' },
      ...counted,
      levels: [{ from: hourAgo, value: n % 2 === 0 ? 4 : 0 }],
    },
    {
      type: 'run.googleapis.com/container/instance_count',
      labels: { state: 'active' },
      kind: 'GAUGE',
      value: 'INT64',
      every_s: 300,
      resource,
      levels: [{ from, value: 3 }],
    },
  ];
}

function instancesOf(n: number) {
  return {
    type: 'vpcaccess.googleapis.com/connector/instances',
    resource: {
      type: 'vpc_access_connector',
      labels: { project_id: project, location: region, connector_name: `connector-${n}` },
    },
    kind: 'GAUGE',
    value: 'INT64',
    every_s: 300,
    levels: [{ from: hourAgo, value: 3 }],
  };
}

function backendsOf(n: number) {
  return {
    type: 'cloudsql.googleapis.com/database/postgresql/num_backends',
    labels: { database: 'main' },
    resource: {
      type: 'cloudsql_database',
      labels: { project_id: project, region, database_id: `${project}:database-${n}` },
    },
    kind: 'GAUGE',
    value: 'INT64',
    every_s: 300,
    levels: [{ from: hourAgo, value: 40 }],
  };
}
