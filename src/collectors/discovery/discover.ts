import {
  backendServiceEntry,
  connectorEntry,
  domainMappingEntry,
  endpointGroupEntry,
  instanceEntry,
  placedService,
  revisionEntry,
  serviceEntry,
  urlMapEntry,
  type InstanceEntry,
  type ServiceEntry,
  type Settings,
} from './answers.ts';
import { attachmentsOf, byName, secretsOf, servedWith } from './attachments.ts';
import { hostsOf, loadBalancersOf } from './domains.ts';
import type { Found, FoundConnector, FoundDomain, FoundInstance, FoundService } from './found.ts';
import * as lists from './lists.ts';
import type { Place } from './place.ts';
import type { Answered, Missing } from './question.ts';
import { readList, type Looking, type ReadList } from './read-list.ts';

/** The label that Cloud Run puts on each service (v1 API) with its region. */
const locationLabel = 'cloud.googleapis.com/location';

/** The regions in which a project has Cloud Run services, each with how many, the most first. */
export async function discoverRegions(
  project: string,
  looking: Looking,
): Promise<Answered<{ region: string; services: number }[]>> {
  const answer = await readList(lists.servicesEverywhere, placedService, { project, region: '' }, looking);
  if ('missing' in answer) return answer;
  const counts = new Map<string, number>();
  for (const { metadata } of answer.value.items) {
    const region = metadata.labels[locationLabel];
    if (region !== undefined) counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  const regions = [...counts].map(([region, services]) => ({ region, services }));
  return { value: regions.toSorted((a, b) => b.services - a.services || byName(a.region, b.region)) };
}

/** Looks what a region of a project holds; changes nothing, and never rejects: what could not be read is told. */
export async function discover(place: Place, looking: Looking): Promise<Found> {
  const [services, revisions, connectors, instances, mappings, urlMaps, backendServices, groups] =
    await Promise.all([
      readList(lists.services, serviceEntry, place, looking),
      readList(lists.revisions, revisionEntry, place, looking),
      readList(lists.connectors, connectorEntry, place, looking),
      readList(lists.instances, instanceEntry, place, looking),
      readList(lists.domainMappings, domainMappingEntry, place, looking),
      readList(lists.urlMaps, urlMapEntry, place, looking),
      readList(lists.backendServices, backendServiceEntry, place, looking),
      readList(lists.endpointGroups, endpointGroupEntry, place, looking),
    ]);
  const all = { services, revisions, connectors, instances, mappings, urlMaps, backendServices, groups };
  const found = itemsOf(services)
    .map((service) =>
      foundService(service, servedWith(service, itemsOf(revisions)), itemsOf(instances), place),
    )
    .toSorted((a, b) => byName(a.name, b.name));
  const loadBalancers = loadBalancersOf(itemsOf(backendServices), itemsOf(groups));
  const mapped = itemsOf(mappings).map(({ metadata, spec }): FoundDomain => ({
    host: metadata.name,
    service: spec.routeName || null,
    from: 'domain mapping',
    backendService: null,
  }));
  return {
    ...place,
    services: found,
    connectors: foundConnectors(
      itemsOf(connectors).map(({ name }) => name),
      found,
      'missing' in connectors,
    ),
    instances: itemsOf(instances)
      .map(foundInstance)
      .toSorted((a, b) => byName(a.name, b.name)),
    loadBalancers,
    domains: eachHostOnce([...hostsOf(itemsOf(urlMaps), loadBalancers), ...mapped], found),
    missing: missingOf(Object.values(all)),
    partial: partialOf([
      [lists.services.what, services],
      [lists.revisions.what, revisions],
      [lists.connectors.what, connectors],
      [lists.instances.what, instances],
    ]),
  };
}

function itemsOf<Item>(answer: Answered<ReadList<Item>>): Item[] {
  return 'value' in answer ? answer.value.items : [];
}

/** Of several lists of one API that fail alike the first one tells it. */
function missingOf(answers: readonly Answered<unknown>[]): Missing[] {
  const told = new Map<string, Missing>();
  for (const answer of answers) {
    if (!('missing' in answer)) continue;
    const { api, reason, what } = answer.missing;
    const key = `${api} ${reason}`;
    const before = told.get(key);
    told.set(key, before === undefined ? answer.missing : { ...before, what: `${before.what}, ${what}` });
  }
  return [...told.values()];
}

function partialOf(
  answers: readonly (readonly [what: string, answer: Answered<ReadList<unknown>>])[],
): string[] {
  return answers.flatMap(([what, answer]) => ('value' in answer && answer.value.partial ? [what] : []));
}

function foundService(
  { name, uri, ingress }: ServiceEntry,
  settings: Settings,
  instances: readonly InstanceEntry[],
  place: Place,
): FoundService {
  const { connector = '', networkInterfaces = [] } = settings.vpcAccess ?? {};
  return {
    name,
    uri: URL.canParse(uri) ? uri : null,
    isPublic: ingress === '' || ingress === 'INGRESS_TRAFFIC_ALL',
    connector: connector === '' ? null : lastPart(connector),
    network: connector === '' ? lastPart(networkInterfaces[0]?.network ?? '') || null : null,
    attachments: attachmentsOf(settings, instances),
    secrets: secretsOf(settings, place.project),
  };
}

function lastPart(name: string): string {
  return name.split('/').at(-1) ?? name;
}

function foundInstance({ name, databaseVersion, ipAddresses }: InstanceEntry): FoundInstance {
  const has = (type: string) => ipAddresses.some((address) => address.type === type);
  return {
    name,
    database: databaseVersion,
    hasPrivateAddress: has('PRIVATE'),
    hasPublicAddress: has('PRIMARY'),
  };
}

/** Those of the region, and those that a service names: one that is gone belongs into the file all the same. */
function foundConnectors(
  listed: readonly string[],
  services: readonly FoundService[],
  isUnknown: boolean,
): FoundConnector[] {
  const named = services.flatMap(({ connector }) => connector ?? []);
  const names = [...new Set([...listed, ...named])].toSorted(byName);
  return names.map((name) => ({ name, isThere: isUnknown || listed.includes(name) }));
}

/** A host that a load balancer and a mapping have leads where the load balancer does. */
function eachHostOnce(domains: readonly FoundDomain[], services: readonly FoundService[]): FoundDomain[] {
  const known = new Set(services.map(({ name }) => name));
  const byHost = new Map<string, FoundDomain>();
  for (const domain of domains) {
    const host = domain.host.toLowerCase();
    const service = domain.service !== null && known.has(domain.service) ? domain.service : null;
    if (!byHost.has(host)) byHost.set(host, { ...domain, host, service });
  }
  return [...byHost.values()].toSorted((a, b) => byName(a.host, b.host));
}
