import { signal } from '../core/signals.ts';
import type { LoadBalancerComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import { mergedReadings, ofType } from './collector.ts';
import type {
  GoogleCollector,
  GoogleContext,
  Measured,
  Missed,
  NamedComponent,
  Read,
  Reading,
} from './collector.ts';
import { decimal } from './decimal.ts';
import { backendService, certificate, endpointGroup, groupHealth } from './load-balancer.schema.ts';
import type { BackendService, Certificate, EndpointGroup, GroupHealth } from './load-balancer.schema.ts';
import {
  backendServicePath,
  backendServiceSource,
  certificatePath,
  certificateSource,
  compute,
  endpointGroupPath,
  endpointGroupSource,
  healthSource,
} from './load-balancer-source.ts';
import { parseAnswer } from './parse-answer.ts';
import { asReadFailure } from './read-failure.ts';

/** Groups of one backend service that are looked at, and endpoints that are named. */
const groupCap = 20;
const namedCap = 5;

type Balancer = NamedComponent<LoadBalancerComponent>;

/**
 * Backend services of load balancers: how they are set, the health of their groups, and their certificates. A
 * serverless group has no health checks: what its load balancer answers is counted by the log and the metrics.
 */
export const loadBalancer: GoogleCollector = {
  name: 'load-balancer',
  kind: 'google',
  api: compute,
  role: 'roles/compute.viewer',
  types: ['load-balancer'],
  signals: [
    {
      signal: signal.scheme,
      unit: null,
      example: 'EXTERNAL_MANAGED',
      meaning: 'Load balancing scheme',
    },
    { signal: signal.protocol, unit: null, example: 'HTTPS', meaning: 'Protocol towards the backends' },
    {
      signal: signal.requestTimeout,
      unit: 's',
      example: '30',
      meaning: 'Timeout of the backend service; Cloud Run behind it has its own',
    },
    {
      signal: signal.requestLog,
      unit: null,
      example: 'on',
      meaning: 'Whether requests are logged: on or off; with the share that is',
    },
    {
      signal: signal.backendGroup,
      unit: null,
      example: 'SERVERLESS',
      meaning:
        'Kind of a group of backends, its name after the dot: INSTANCE_GROUP, or the type of its endpoints',
    },
    {
      signal: signal.routesTo,
      unit: null,
      example: 'netra-backend-staging',
      meaning: 'Cloud Run service behind a serverless group',
    },
    {
      signal: signal.endpoints,
      unit: null,
      example: '3',
      meaning: 'Endpoints of a group with health checks, its name after the dot',
    },
    {
      signal: signal.healthyEndpoints,
      unit: null,
      example: '2',
      meaning: 'Those of them that are healthy; the text names some that are not',
    },
    {
      signal: signal.certificate,
      unit: null,
      example: 'ACTIVE',
      meaning:
        'State of a certificate, its name after the dot; SELF_MANAGED where nobody keeps one. The text names domains that are not active',
    },
    {
      signal: signal.certificateExpires,
      unit: null,
      example: '2025-11-02T08:00:00.000Z',
      meaning: 'When a certificate ends',
    },
  ],
  reads: (context) =>
    ofType(context.components, 'load-balancer').flatMap((named) => [
      readService(named, context),
      ...named.component.certificates.map((name) => readCertificate(named, name, context)),
    ]),
};

/** The backend service, then all its groups side by side. */
function readService(named: Balancer, context: GoogleContext): Read {
  const { id, component } = named;
  const source = backendServiceSource(component, context);
  return {
    components: [id],
    signal: '*',
    source,
    run: async (abort) => {
      const path = backendServicePath(component, context);
      const answer = await context.google.get({ host: compute, path, signal: abort });
      const service = parseAnswer(backendService, answer, 'backend service');
      const groups = [...new Set(service.backends.flatMap(({ group }) => group ?? []))];
      const readings = await Promise.all(
        groups.slice(0, groupCap).map((group) => groupReading(named, group, context, abort)),
      );
      return mergedReadings([{ observations: serviceFacts(id, service, source) }, ...readings]);
    },
  };
}

function serviceFacts(component: string, service: BackendService, source: Source): Measured[] {
  const { enable, sampleRate } = service.logConfig;
  const log = enable ? { text: `${decimal(100 * sampleRate)} % of requests` } : {};
  return [
    ...observe(component, signal.scheme, service.loadBalancingScheme, source),
    ...observe(component, signal.protocol, service.protocol, source),
    ...(service.timeoutSec === undefined
      ? []
      : observe(component, signal.requestTimeout, decimal(service.timeoutSec), source, { unit: 's' })),
    ...observe(component, signal.requestLog, enable ? 'on' : 'off', source, log),
  ];
}

/** One group that could not be read does not take the others with it. */
async function groupReading(
  named: Balancer,
  url: string,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<Reading> {
  const [, project = '', group = url] = /\/projects\/([^/]+)\/(.*)$/.exec(url) ?? [];
  const name = nameOf(group);
  const isRegional = /^regions\/[^/]+\/networkEndpointGroups\/[^/]+$/.test(group);
  const source = isRegional
    ? endpointGroupSource(group, context)
    : healthSource(named.component, group, context);
  if (project !== context.project) return foreignGroup(named.id, name, source);
  // Endpoints on the internet, which Google does not look after either.
  if (group.startsWith('global/')) {
    return { observations: observe(named.id, `${signal.backendGroup}${name}`, 'INTERNET', source) };
  }
  try {
    return isRegional
      ? await endpointGroupReading(named, group, source, context, abort)
      : await healthReading(named, { url, group }, source, context, abort);
  } catch (error) {
    const { reason, detail } = asReadFailure(error, 'invalid-response');
    const chief = `${isRegional ? signal.backendGroup : signal.healthyEndpoints}${name}`;
    return { observations: [], gaps: [{ component: named.id, signal: chief, reason, detail, source }] };
  }
}

/** A backend service may have groups of other projects: they are not read, and no name of theirs is asked for here. */
function foreignGroup(component: string, name: string, source: Source): Reading {
  const gap: Missed = {
    component,
    signal: `${signal.backendGroup}${name}`,
    reason: 'not-granted',
    detail: 'the group of backends is in another project than the backend service',
    remedy: 'read it by hand in its own project',
    source,
  };
  return { observations: [], gaps: [gap] };
}

/** A group of a region leads to what is serverless or outside; Google checks the health of neither. */
async function endpointGroupReading(
  { id }: Balancer,
  group: string,
  source: Source,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<Reading> {
  const path = endpointGroupPath(group, context);
  const answer = await context.google.get({ host: compute, path, signal: abort });
  const found: EndpointGroup = parseAnswer(endpointGroup, answer, 'network endpoint group');
  const mask = found.cloudRun?.urlMask;
  return {
    observations: [
      ...observe(
        id,
        `${signal.backendGroup}${nameOf(group)}`,
        found.networkEndpointType ?? 'UNKNOWN',
        source,
        mask ? { text: `URL mask ${await context.redact(mask)}` } : {},
      ),
      ...observe(id, signal.routesTo, found.cloudRun?.service, source),
    ],
  };
}

async function healthReading(
  { id, component }: Balancer,
  { url, group }: { url: string; group: string },
  source: Source,
  context: GoogleContext,
  abort: AbortSignal,
): Promise<Reading> {
  const path = `${backendServicePath(component, context)}/getHealth`;
  const body = { group: url };
  const answer = await context.google.post({ host: compute, path, body, signal: abort });
  const { healthStatus } = parseAnswer(groupHealth, answer, 'health of the group');
  const healthy = healthStatus.filter(({ healthState }) => healthState === 'HEALTHY');
  const name = nameOf(group);
  const kind = group.includes('/networkEndpointGroups/') ? 'NETWORK_ENDPOINT_GROUP' : 'INSTANCE_GROUP';
  const bad = unhealthyNames(healthStatus);
  return {
    observations: [
      ...observe(id, `${signal.backendGroup}${name}`, kind, source),
      ...observe(id, `${signal.endpoints}${name}`, String(healthStatus.length), source),
      ...observe(
        id,
        `${signal.healthyEndpoints}${name}`,
        String(healthy.length),
        source,
        bad === '' ? {} : { text: bad },
      ),
    ],
  };
}

function unhealthyNames(statuses: GroupHealth['healthStatus']): string {
  const names = statuses
    .filter(({ healthState }) => healthState !== 'HEALTHY')
    .map(({ instance, ipAddress, port, healthState }) => {
      const name = instance === undefined ? (ipAddress ?? 'an endpoint') : lastOf(instance);
      return `${name}${port === undefined ? '' : `:${port}`} ${healthState ?? 'unknown'}`;
    })
    .toSorted();
  const more = names.length > namedCap ? ` and ${names.length - namedCap} more` : '';
  return `${names.slice(0, namedCap).join(', ')}${more}`;
}

function readCertificate({ id, component }: Balancer, name: string, context: GoogleContext): Read {
  const source = certificateSource(component, name, context);
  return {
    components: [id],
    signal: `${signal.certificate}${name}`,
    source,
    run: async (abort) => {
      const path = certificatePath(component, name, context);
      const answer = await context.google.get({ host: compute, path, signal: abort });
      const found: Certificate = parseAnswer(certificate, answer, 'certificate');
      const domains = Object.entries(found.managed?.domainStatus ?? {})
        .filter(([, status]) => status !== 'ACTIVE')
        .map(([domain, status]) => `${domain} ${status}`)
        .toSorted();
      const text = domains.length === 0 ? {} : { text: domains.slice(0, namedCap).join(', ') };
      const state = found.managed?.status ?? found.type;
      return {
        observations: [
          ...observe(id, `${signal.certificate}${name}`, state, source, text),
          ...observe(id, `${signal.certificateExpires}${name}`, found.expireTime, source),
        ],
        gaps:
          state === undefined
            ? [
                {
                  component: id,
                  signal: `${signal.certificate}${name}`,
                  reason: 'no-data',
                  detail: 'the answer has neither type nor status',
                  source,
                },
              ]
            : [],
      };
    },
  };
}

function observe(
  component: string,
  name: string,
  value: string | null | undefined,
  source: Source,
  more: Partial<Measured> = {},
): Measured[] {
  return value ? [{ component, signal: name, value, unit: null, window: null, ...more, source }] : [];
}

/** `europe-west1-b/web` of `zones/europe-west1-b/instanceGroups/web`: groups of several zones share their name. */
function nameOf(group: string): string {
  const [kind = '', place = '', , name = ''] = group.split('/');
  return kind === 'global' ? `global/${lastOf(group)}` : `${place}/${name}`;
}

function lastOf(path: string): string {
  return path.split('/').at(-1) || path;
}
