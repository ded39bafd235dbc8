import { repositorySchema, type Configuration } from '../src/config/repository.schema.ts';
import type { Change, Gap, Observation, Snapshot, Statement } from '../src/core/snapshot.ts';
import { seeded } from './seeded.ts';

/** The snapshot of a large estate in an outage, as the collectors would have made it. */
export interface WideOutage {
  configuration: Configuration;
  snapshot: Snapshot;
}

const takenAt = '2025-09-15T18:05:00Z';
const window = { from: '2025-09-15T17:05:00Z', to: takenAt };
const windowBefore = { from: '2025-09-15T16:05:00Z', to: window.from };
const day = { from: '2025-09-14T18:05:00Z', to: takenAt };
const source = {
  api: 'run.googleapis.com',
  method: 'Services.Get',
  query: 'projects/city/locations/europe-west1/services/s',
  command: 'gcloud run services describe s --region=europe-west1 --project=city',
};

/** Observations of each component in the mean. */
export const observationsEach = 40;

/** Layers of services, from those that users meet to those that stand on databases alone. */
const layers = 12;

/** Of 25 components 15 are services; the others are what services stand on and what is asked from outside. */
const kinds = [
  ...Array.from({ length: 15 }, () => 'run' as const),
  ...([
    'http',
    'http',
    'http',
    'websocket',
    'connector',
    'sql',
    'sql',
    'secret',
    'balancer',
    'metric',
  ] as const),
];

interface Reading extends Partial<Observation> {
  component: string;
  signal: string;
  value: string;
}

/**
 * Makes `count` components with 40 observations each: services in layers that need services of the layers below,
 * databases behind connectors, secrets, endpoints, journeys. One database in ten fails, and with it what stands on it.
 */
export function wideOutage(count: number): WideOutage {
  const random = seeded(count);
  const number = (below: number): number => Math.floor(random() * below);
  const all = Array.from({ length: count }, (_, n) => ({ n, kind: kinds[n % kinds.length] ?? 'run' }));
  const of = (kind: (typeof kinds)[number]): string[] =>
    all.filter((one) => one.kind === kind).map(({ n }) => `${kind}-${String(n)}`);
  const [services, databases, connectors, secrets] = [of('run'), of('sql'), of('connector'), of('secret')];
  const endpoints = of('http');
  const pick = (from: readonly string[]): string => from[number(from.length)] ?? '';
  const broken = new Set(databases.filter((_, at) => at % 10 === 0));
  const width = Math.ceil(services.length / layers);
  const needs = new Map(
    services.map((id, at) => {
      const below = services.slice(
        (Math.floor(at / width) + 1) * width,
        (Math.floor(at / width) + 3) * width,
      );
      const called = below.length === 0 ? [] : [pick(below), pick(below), pick(below)];
      return [id, [...new Set([...called, pick(databases), pick(secrets), pick(connectors)])]];
    }),
  );
  const culprits = new Map<string, string[]>();
  for (const id of services.toReversed()) {
    const towards = (needs.get(id) ?? []).filter((to) => broken.has(to) || culprits.has(to));
    if (towards.length > 0) culprits.set(id, towards);
  }
  const fronts = services.slice(0, width);
  const behind = new Map(endpoints.map((id, at) => [id, fronts[at % fronts.length] ?? '']));
  const configuration = repositorySchema.parse({
    version: 1,
    google_cloud: { project: 'city', region: 'europe-west1' },
    components: Object.fromEntries([
      ...services.map((id) => [id, { type: 'cloud-run', service: `svc-${id}`, depends_on: needs.get(id) }]),
      ...databases.map((id) => [id, { type: 'cloud-sql', instance: `pg-${id}`, via: pick(connectors) }]),
      ...connectors.map((id) => [id, { type: 'vpc-connector', name: `vpc-${id}` }]),
      ...secrets.map((id) => [id, { type: 'secret', name: `key-${id}` }]),
      ...endpoints.map((id) => [
        id,
        { type: 'http', url: `https://${id}.city.example/health`, depends_on: [behind.get(id)] },
      ]),
      ...of('websocket').map((id) => [
        id,
        { type: 'websocket', url: `wss://${id}.city.example/ws`, depends_on: [pick(fronts)] },
      ]),
      ...of('balancer').map((id) => [
        id,
        { type: 'load-balancer', backend_service: `lb-${id}`, depends_on: [pick(fronts), pick(fronts)] },
      ]),
      ...of('metric').map((id) => [id, { type: 'metric', query: `depth_${id}`, failing: { above: 90 } }]),
    ]),
    journeys: Object.fromEntries(
      Array.from({ length: Math.ceil(count / 100) }, (_, at) => [
        `journey-${String(at)}`,
        { title: 'A way through the city', steps: endpoints.filter((_id, n) => n % 7 === at % 7) },
      ]),
    ),
  });
  const readings = [
    ...services.flatMap((id) => ofService(id, needs.get(id) ?? [], culprits.get(id) ?? [], number)),
    ...databases.flatMap((id) => ofDatabase(id, broken.has(id), number)),
    ...connectors.flatMap((id) => ofConnector(id, number)),
    ...secrets.map((component): Reading => ({ component, signal: 'state', value: 'ENABLED' })),
    ...[...behind].flatMap(([id, service]) => ofEndpoint(id, culprits.has(service))),
    ...of('websocket').flatMap((id) => ofEndpoint(id, false)),
    ...of('metric').map((component): Reading => ({ component, signal: 'value', value: '12', window })),
  ];
  const missing = count * observationsEach - readings.length;
  const settings = Array.from({ length: Math.max(0, missing) }, (_, at): Reading => {
    const nth = Math.floor(at / services.length);
    return {
      component: services[at % services.length] ?? '',
      signal: `env.SETTING_${String(nth % 40)}`,
      value: String(number(100)),
      revision: `r-${String(2 - Math.floor(nth / 40))}`,
    };
  });
  const observations = [...readings, ...settings].map((one, at): Observation => ({
    id: `E${String(at + 1)}`,
    unit: null,
    window: null,
    at: takenAt,
    source,
    ...one,
  }));
  const last = observations.length;
  return {
    configuration,
    snapshot: {
      version: 1,
      takenAt,
      window,
      budgetMs: 8_000,
      observations,
      gaps: services.filter((_, at) => at % 4 === 0).map((id, at) => gapOf(id, last + at + 1)),
      changes: services.filter((_, at) => at % 2 === 0).map((id, at) => changeOf(id, 2 * last + at, number)),
      statements: services.filter((_, at) => at % 8 === 0).map((id, at) => statementOf(id, at, number)),
      history: [],
      previous: null,
    },
  };
}

/**
 * A service as its revision is attached, timing out towards what it needs and what fails. Where nothing of it fails it
 * is healthy, but for one in 40, whose containers exit.
 */
function ofService(
  component: string,
  needs: readonly string[],
  culprits: readonly string[],
  number: (below: number) => number,
): Reading[] {
  const crashes = culprits.length === 0 && number(40) === 0;
  const failed = crashes || culprits.length > 0 ? 60 + number(40) : 0;
  const minute = String(10 + culprits.length + number(20));
  const since = `2025-09-15T17:${minute}:00Z`;
  const span = { window, first: since, last: '2025-09-15T18:04:30Z' };
  return [
    { component, signal: 'ready', value: 'CONDITION_SUCCEEDED' },
    { component, signal: 'revision.serving', value: 'r-2' },
    { component, signal: 'revision.created', value: 'r-2' },
    { component, signal: 'deployed', value: '2025-09-15T09:00:00Z', revision: 'r-2' },
    { component, signal: 'image', value: `registry/city/${component}@sha256:00`, revision: 'r-2' },
    { component, signal: 'egress', value: 'all-traffic', revision: 'r-2' },
    { component, signal: 'limit.memory', value: '512Mi', revision: 'r-2' },
    { component, signal: 'scaling.max', value: '10', revision: 'r-2' },
    { component, signal: 'requests', value: '100', window, last: '2025-09-15T18:04:00Z' },
    { component, signal: 'requests', value: '90', window: windowBefore },
    { component, signal: 'requests.5xx', value: String(failed), ...(failed > 0 ? span : { window }) },
    { component, signal: 'requests.5xx', value: '0', window: windowBefore },
    { component, signal: 'instances.active.max', value: '4', window, revision: 'r-2' },
    ...['p50', 'p95', 'p99'].map((part): Reading => ({
      component,
      signal: `latency.${part}`,
      value: String(100 + number(900)),
      unit: 'ms',
      window,
    })),
    ...needs.flatMap((to): Reading[] => {
      if (to.startsWith('sql'))
        return [
          { component, signal: 'cloudsql.instance', value: `city:europe-west1:pg-${to}`, revision: 'r-2' },
        ];
      const value = `projects/city/locations/europe-west1/connectors/vpc-${to}`;
      return to.startsWith('connector') ? [{ component, signal: 'connector', value, revision: 'r-2' }] : [];
    }),
    ...(crashes
      ? [
          { component, signal: 'exit.3', value: '60', revision: 'r-2', ...span },
          {
            component,
            signal: 'log.error',
            value: '60',
            revision: 'r-2',
            text: "ModuleNotFoundError: No module named 'orders'",
            ...span,
          },
        ]
      : []),
    ...(failed > 0 ? [{ component, signal: 'requests.5xx.since', value: since, window: day }] : []),
    ...culprits.map((to): Reading => ({
      component,
      signal: 'log.error',
      value: String(failed),
      text: `TimeoutError: connection to ${to.startsWith('sql') ? 'pg' : 'svc'}-${to} timed out after 20.0 s`,
      ...span,
    })),
    ...Array.from({ length: number(6) }, (_, at): Reading => ({
      component,
      signal: 'log.error',
      value: String(1 + number(3)),
      text: `ValueError: order ${String(at)} of user "grace" could not be read\n  at load (/app/orders.py)`,
      ...span,
    })),
  ];
}

function ofDatabase(component: string, isBroken: boolean, number: (below: number) => number): Reading[] {
  return [
    { component, signal: 'state', value: isBroken ? 'SUSPENDED' : 'RUNNABLE' },
    { component, signal: 'name', value: `city:europe-west1:pg-${component}` },
    { component, signal: 'up', value: isBroken ? '0' : '1', window },
    { component, signal: 'backends', value: String(10 + number(40)), window },
    { component, signal: 'backends.max', value: String(60 + number(20)), window },
    { component, signal: 'operation', value: 'none', window: day },
    ...Array.from({ length: 8 }, (_, at): Reading => ({
      component,
      signal: at === 0 ? 'flag.max_connections' : `flag.setting_${String(at)}`,
      value: String(200 + at),
    })),
  ];
}

function ofConnector(component: string, number: (below: number) => number): Reading[] {
  return [
    { component, signal: 'state', value: 'READY' },
    { component, signal: 'instances.max', value: '10' },
    { component, signal: 'instances', value: '3', window },
    { component, signal: 'instances.highest', value: '4', window },
    { component, signal: 'cpu', value: String(10 + number(40)), unit: '%', window },
  ];
}

function ofEndpoint(component: string, fails: boolean): Reading[] {
  return [
    { component, signal: 'status', value: fails ? '503' : '200' },
    { component, signal: 'latency', value: fails ? '4.3' : '0.2', unit: 's' },
  ];
}

function gapOf(component: string, at: number): Gap {
  return {
    id: `E${String(at)}`,
    component,
    signal: 'startup.p95',
    reason: 'no-data',
    detail: 'the series is empty',
    remedy: 'none',
    at: takenAt,
    source,
  };
}

function changeOf(component: string, at: number, number: (below: number) => number): Change {
  return {
    id: `E${String(at)}`,
    kind: 'revision',
    component,
    at: `2025-09-15T${String(10 + number(7))}:30:00Z`,
    revision: 'r-2',
    previousRevision: 'r-1',
    diff: [{ key: `env.SETTING_${String(number(40))}`, from: '75', to: '15' }],
    source,
  };
}

function statementOf(component: string, at: number, number: (below: number) => number): Statement {
  return {
    by: 'grace',
    at: `2025-09-15T17:${String(10 + number(49))}:00Z`,
    url: `https://github.com/city/city/issues/1#issuecomment-${String(at)}`,
    text: `I looked at svc-${component}: SETTING_${String(number(40))}=${String(number(100))} there, and \`${component}\` is healthy again. ${'The log shows nothing new. '.repeat(20)}`,
  };
}
