import { z } from 'zod';
import { frozenClock } from '../../../sandbox/clock.ts';
import type { SandboxClock } from '../../../sandbox/clock.ts';
import { startGoogle } from '../../../sandbox/google/server.ts';
import type { GoogleStandIn } from '../../../sandbox/google/server.ts';
import { scenarioSchema } from '../../../sandbox/scenario/schema.ts';
import type { Scenario } from '../../../sandbox/scenario/schema.ts';

/** A small outage of one service, one connector and one database; each test adds what it needs. */

export const project = 'demo';
export const region = 'europe-west1';
export const parent = `projects/${project}/locations/${region}`;
const start = '2025-03-10T12:00:00Z';

const resource = { type: 'cloud_run_revision', labels: { service_name: 'web', location: region } };

const service = {
  type: 'google.cloud.run.v2.Service',
  api: 'run.googleapis.com',
  path: `/v2/${parent}/services/web`,
  states: [
    {
      body: {
        name: `${parent}/services/web`,
        generation: '7',
        createTime: '2025-01-01T00:00:00Z',
        ingress: 'INGRESS_TRAFFIC_ALL',
        labels: { team: 'shop' },
        template: {
          timeout: '300s',
          containers: [{ image: 'web:1', env: [{ name: 'MODE', value: 'live' }] }],
        },
        terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
        latestReadyRevision: `${parent}/services/web/revisions/web-1`,
      },
    },
    {
      from: '2025-03-10T13:00:00Z',
      body: { terminalCondition: { state: 'CONDITION_FAILED', message: 'The container failed to start.' } },
    },
    { from: '2025-03-10T14:00:00Z', gone: true, body: {} },
  ],
};

const revision = (name: string, service_: string, createTime: string) => ({
  type: 'google.cloud.run.v2.Revision',
  api: 'run.googleapis.com',
  path: `/v2/${parent}/services/${service_}/revisions/${name}`,
  states: [{ body: { name: `${parent}/services/${service_}/revisions/${name}`, createTime } }],
});

const connector = {
  type: 'google.cloud.vpcaccess.v1.Connector',
  api: 'vpcaccess.googleapis.com',
  path: `/v1/${parent}/connectors/link`,
  states: [
    { body: { name: `${parent}/connectors/link`, state: 'READY', minInstances: 2, maxInstances: 10 } },
  ],
};

const database = {
  type: 'google.cloud.sql.v1.DatabaseInstance',
  api: 'sqladmin.googleapis.com',
  path: `/v1/projects/${project}/instances/main`,
  states: [
    {
      body: {
        name: 'main',
        kind: 'sql#instance',
        state: 'RUNNABLE',
        region,
        settings: { tier: 'db-f1-micro' },
      },
    },
  ],
};

const operation = (name: string, targetId: string, insertTime: string) => ({
  type: 'google.cloud.sql.v1.Operation',
  api: 'sqladmin.googleapis.com',
  path: `/v1/projects/${project}/operations/${name}`,
  states: [{ body: { name, targetId, insertTime, operationType: 'MAINTENANCE', status: 'DONE' } }],
});

const logs = [
  {
    at: '2025-03-10T11:00:00Z',
    entry: {
      logName: `projects/${project}/logs/run.googleapis.com%2Fstderr`,
      severity: 'ERROR',
      textPayload: 'connection to the database timed out',
      resource,
    },
  },
];

const world = {
  version: 1,
  title: 'A small outage',
  start,
  repository: { owner: 'acme', name: 'shop' },
  people: { alice: { role: 'write' } },
  issues: [{ number: 1, title: 'The shop is down', by: 'alice', at: '2025-03-10T11:30:00Z' }],
  focus: 1,
  google: {
    resources: [
      service,
      revision('web-1', 'web', '2025-01-01T00:00:00Z'),
      revision('web-2', 'web', '2025-02-01T00:00:00Z'),
      revision('mail-1', 'mail', '2025-01-15T00:00:00Z'),
      connector,
      database,
      operation('op-1', 'main', '2025-03-01T00:00:00Z'),
      operation('op-2', 'main', '2025-03-09T00:00:00Z'),
      operation('op-3', 'other', '2025-03-08T00:00:00Z'),
    ],
    logs,
  },
};

type Input = z.input<typeof scenarioSchema>;

/** The scenario with some of its parts replaced; what `google` gives is laid over the small outage's own. */
export function scenarioWith(changes: Partial<Input> = {}): Scenario {
  const google = { ...world.google, ...changes.google };
  return scenarioSchema.parse({ ...world, ...changes, google });
}

export interface Google extends GoogleStandIn {
  clock: SandboxClock;
  token: string;
  /** Reads a path with the token; gives status, parsed body and text. */
  get(path: string, query?: Record<string, string> | [string, string][]): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  text: string;
}

async function answered(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    body: isJson ? z.record(z.string(), z.unknown()).parse(JSON.parse(text)) : {},
    text,
  };
}

/** Starts the stand-in at the scenario's start, with a token of its own. */
export async function startWorld(scenario: Scenario = scenarioWith()): Promise<Google> {
  const clock = frozenClock(new Date(scenario.start));
  const google = await startGoogle({ scenario, clock });
  const issued = await (await fetch(`${google.url}/token`)).json();
  const token = z.object({ access_token: z.string() }).parse(issued).access_token;
  const headers = { authorization: `Bearer ${token}` };
  return Object.assign(google, {
    clock,
    token,
    get: async (path: string, query: Record<string, string> | [string, string][] = {}) =>
      answered(await fetch(`${google.url}${path}?${new URLSearchParams(query).toString()}`, { headers })),
    post: async (path: string, body: unknown) =>
      answered(await fetch(`${google.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })),
  });
}
