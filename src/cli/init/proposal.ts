import type {
  Found,
  FoundDomain,
  FoundInstance,
  FoundService,
  MountedSecret,
} from '../../collectors/discovery/found.ts';
import { openIds } from './ids.ts';

/** A component as it is proposed: its entry in the file, and what stands above it. */
export interface ProposedComponent {
  id: string;
  entry: Record<string, unknown> & { type: string };
  /** Where its edges come from, and what to complete. */
  comments: string[];
}

/** Components of one kind, with where they come from. */
export interface ProposedSection {
  /** What it holds and where it was read. */
  heading: string;
  components: ProposedComponent[];
  /** What is left to a person. */
  notes: string[];
}

export interface Proposal {
  environment: string;
  sections: ProposedSection[];
}

type GiveId = (name: string, kind: string) => string;

/** Names at Google → ids in the file. */
interface Ids {
  services: Map<string, string>;
  connectors: Map<string, string>;
  instances: Map<string, string>;
  /** By name and version. */
  secrets: Map<string, string>;
  loadBalancers: Map<string, string>;
}

/** What a configuration would watch of what was found. The same finds give the same proposal. */
export function propose(found: Found): Proposal {
  const give = openIds(['region']);
  const secrets = secretsIn(found.services);
  const ids: Ids = {
    services: idsOf(
      found.services.map(({ name }) => name),
      'service',
      give,
    ),
    connectors: idsOf(
      found.connectors.map(({ name }) => name),
      'connector',
      give,
    ),
    instances: idsOf(
      found.instances.map(({ name }) => name),
      'db',
      give,
    ),
    secrets: new Map(secrets.map((secret) => [keyOf(secret), give(secret.name, `secret-${secret.version}`)])),
    loadBalancers: idsOf(
      found.loadBalancers.map(({ backendService }) => backendService),
      'lb',
      give,
    ),
  };
  const sections = [
    servicesSection(found, ids),
    connectorsSection(found, ids),
    instancesSection(found, ids),
    secretsSection(secrets, ids),
    loadBalancersSection(found, ids),
    endpointsSection(found, ids, give),
    regionSection(found),
  ];
  return {
    environment: environmentOf(found.project),
    sections: sections.filter(({ components, notes }) => components.length + notes.length > 0),
  };
}

/** The environment that a project's id ends with; production where it names none. */
function environmentOf(project: string): string {
  return /-(staging|stage|dev|development|test|qa|sandbox)$/.exec(project)?.[1] ?? 'production';
}

function idsOf(names: readonly string[], kind: string, give: GiveId): Map<string, string> {
  return new Map(names.map((name) => [name, give(name, kind)]));
}

function keyOf({ name, version }: MountedSecret): string {
  return `${name} ${version}`;
}

/** Each secret and version that some service uses, once. */
function secretsIn(services: readonly FoundService[]): MountedSecret[] {
  const all = new Map(
    services.flatMap((service) => service.secrets.map((one) => [keyOf(one), one] as const)),
  );
  return [...all.keys()].toSorted().flatMap((key) => all.get(key) ?? []);
}

function known(ids: ReadonlyMap<string, string>, names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => ids.get(name) ?? []))];
}

function dependsOn(ids: readonly string[]): { depends_on?: string[] } {
  return ids.length === 0 ? {} : { depends_on: [...ids] };
}

function servicesSection({ services, region }: Found, ids: Ids): ProposedSection {
  return {
    heading: `Cloud Run services of ${region}, each as the revision with the most traffic is set up (Services.List, Revisions.List)`,
    components: services.map((service) => ({
      id: ids.services.get(service.name) ?? service.name,
      entry: {
        type: 'cloud-run',
        service: service.name,
        ...dependsOn([
          ...known(ids.connectors, service.connector === null ? [] : [service.connector]),
          ...known(
            ids.instances,
            service.attachments.map(({ instance }) => instance),
          ),
          ...known(ids.secrets, service.secrets.map(keyOf)),
        ]),
      },
      comments: edgeComments(service, ids),
    })),
    notes: [],
  };
}

/** Why each edge is there. */
function edgeComments({ connector, network, attachments, secrets }: FoundService, ids: Ids): string[] {
  const edges = [
    ...(connector === null ? [] : [`${ids.connectors.get(connector) ?? connector} from its VPC access`]),
    ...attachments.map(({ instance, by, variable }) => {
      const where = variable === null ? `its ${by}` : `the ${by} in ${variable}`;
      return `${ids.instances.get(instance) ?? instance} from ${where}`;
    }),
    ...(secrets.length === 0 ? [] : ['secrets from its environment and volumes']),
  ];
  return [
    ...(edges.length === 0 ? [] : [`needs ${edges.join(', ')}`]),
    ...(network === null ? [] : [`in the network ${network} without a connector`]),
  ];
}

function connectorsSection({ connectors, services, region }: Found, ids: Ids): ProposedSection {
  return {
    heading: `VPC connectors of ${region} (Connectors.List)`,
    components: connectors.map(({ name, isThere }) => {
      const isUsed = services.some((service) => service.connector === name);
      return {
        id: ids.connectors.get(name) ?? name,
        entry: { type: 'vpc-connector', name },
        comments: [
          ...(isThere ? [] : ['a service names it, and the region has none of that name']),
          ...(isUsed ? [] : ['no service of the region uses it']),
        ],
      };
    }),
    notes: [],
  };
}

function instancesSection(found: Found, ids: Ids): ProposedSection {
  return {
    heading: 'Cloud SQL instances of the project (Instances.List)',
    components: found.instances.map((instance) => {
      const id = ids.instances.get(instance.name) ?? instance.name;
      const via = connectorBefore(instance, found.services);
      return {
        id,
        entry: {
          type: 'cloud-sql',
          instance: instance.name,
          ...(via === null ? {} : { via: ids.connectors.get(via) ?? via }),
        },
        comments: [
          ...(instance.database === '' ? [] : [instance.database]),
          ...(via === null
            ? []
            : ['a private address alone: every service that uses it goes through that connector']),
          ...(usersOf(instance, found.services).length > 0
            ? []
            : [
                `no service shows that it uses it; where one has its address in a secret, add ${id} to its depends_on`,
              ]),
        ],
      };
    }),
    notes: [],
  };
}

function usersOf({ name }: FoundInstance, services: readonly FoundService[]): FoundService[] {
  return services.filter(({ attachments }) => attachments.some(({ instance }) => instance === name));
}

/** The connector through which all that use a private instance reach it; null where that is not one. */
function connectorBefore(instance: FoundInstance, services: readonly FoundService[]): string | null {
  if (instance.hasPublicAddress || !instance.hasPrivateAddress) return null;
  const [first = null, ...others] = new Set(usersOf(instance, services).map(({ connector }) => connector));
  return others.length === 0 ? first : null;
}

function secretsSection(secrets: readonly MountedSecret[], ids: Ids): ProposedSection {
  return {
    heading: 'Secrets that the services use: names alone, no value is read',
    components: secrets.map((secret) => ({
      id: ids.secrets.get(keyOf(secret)) ?? secret.name,
      entry: {
        type: 'secret',
        name: secret.name,
        ...(secret.version === 'latest' ? {} : { version: secret.version }),
      },
      comments: [],
    })),
    notes: [],
  };
}

function loadBalancersSection({ loadBalancers }: Found, ids: Ids): ProposedSection {
  return {
    heading: 'Load balancers that lead to these services (BackendServices.List)',
    components: loadBalancers.map(({ backendService, services, mask }) => ({
      id: ids.loadBalancers.get(backendService) ?? backendService,
      entry: {
        type: 'load-balancer',
        backend_service: backendService,
        ...dependsOn(known(ids.services, services)),
      },
      comments: mask === null ? [] : [`finds services by the mask ${mask}: add those to its depends_on`],
    })),
    notes: [],
  };
}

/** Domains, and the own address of each service that has none. */
function endpointsSection({ services, domains }: Found, ids: Ids, give: GiveId): ProposedSection {
  const led = domains.filter(({ service }) => service !== null);
  const behind = new Set(led.map(({ service }) => service));
  const own = services.filter(({ name }) => !behind.has(name));
  return {
    heading:
      'Endpoints: put the path of a health check, and what it answers, in the place of / and 200 (expect: { status: 200 })',
    components: [
      ...led.map((domain) => domainComponent(domain, ids, give)),
      ...own.flatMap((service) => ownAddress(service, ids, give)),
    ],
    notes: [
      ...(own.some(({ uri, isPublic }) => uri !== null && isPublic)
        ? ["A service's own address asks for a login where not everybody may call it: take it out there"]
        : []),
      ...domains
        .filter(({ service }) => service === null)
        .map(({ host, from }) => `${host} (${from}) leads to no service of this region`),
      ...own
        .filter(({ isPublic }) => !isPublic)
        .map(({ name }) => `${name} takes no requests from the internet`),
    ],
  };
}

function domainComponent(
  { host, service, from, backendService }: FoundDomain,
  ids: Ids,
  give: GiveId,
): ProposedComponent {
  const behind = [
    ...(backendService === null ? [] : known(ids.loadBalancers, [backendService])),
    ...known(ids.services, service === null ? [] : [service]),
  ].slice(0, 1);
  return {
    id: give(host, 'web'),
    entry: { type: 'http', url: `https://${host}/`, ...dependsOn(behind) },
    comments: [`from a ${from}`],
  };
}

function ownAddress({ name, uri, isPublic }: FoundService, ids: Ids, give: GiveId): ProposedComponent[] {
  if (uri === null || !isPublic) return [];
  return [
    {
      id: give(`${name.slice(0, 46)}-web`, 'web'),
      entry: { type: 'http', url: new URL(uri).href, ...dependsOn(known(ids.services, [name])) },
      comments: [],
    },
  ];
}

function regionSection({ region }: Found): ProposedSection {
  return {
    heading: `What Google states of ${region} (Service Health)`,
    components: [{ id: 'region', entry: { type: 'google-region' }, comments: [] }],
    notes: [],
  };
}
