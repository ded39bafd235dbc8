import type { BackendServiceEntry, EndpointGroupEntry, UrlMapEntry } from './answers.ts';
import { byName } from './attachments.ts';
import type { FoundDomain, FoundLoadBalancer } from './found.ts';

/** Backend services that lead to Cloud Run services, by the endpoint groups between them. */
export function loadBalancersOf(
  backendServices: readonly BackendServiceEntry[],
  groups: readonly EndpointGroupEntry[],
): FoundLoadBalancer[] {
  const runOf = new Map(groups.map(({ name, cloudRun }) => [name, cloudRun]));
  return backendServices
    .map(({ name, backends }) => {
      const behind = backends.flatMap(({ group }) => runOf.get(group.split('/').at(-1) ?? '') ?? []);
      return {
        backendService: name,
        services: [...new Set(behind.map(({ service }) => service))].filter(Boolean).toSorted(byName),
        mask: behind.find(({ urlMask }) => urlMask !== '')?.urlMask ?? null,
      };
    })
    .filter(({ services, mask }) => services.length > 0 || mask !== null)
    .toSorted((a, b) => byName(a.backendService, b.backendService));
}

/** The hosts of URL maps that lead to these load balancers; a wildcard names no host that can be asked. */
export function hostsOf(
  urlMaps: readonly UrlMapEntry[],
  loadBalancers: readonly FoundLoadBalancer[],
): FoundDomain[] {
  const known = new Map(loadBalancers.map((one) => [one.backendService, one]));
  return urlMaps.flatMap(({ hostRules, pathMatchers, defaultService }) =>
    hostRules.flatMap(({ hosts, pathMatcher }) => {
      const matcher = pathMatchers.find(({ name }) => name === pathMatcher);
      const backend = known.get(matcher?.defaultService || defaultService);
      return backend === undefined ? [] : hosts.filter(isHost).map((host) => domainOf(host, backend));
    }),
  );
}

function domainOf(host: string, { backendService, services }: FoundLoadBalancer): FoundDomain {
  const [service = null] = services;
  return { host: host.replace(/:\d+$/, ''), service, from: 'load balancer', backendService };
}

function isHost(host: string): boolean {
  return /^[a-z0-9.-]+(:\d+)?$/i.test(host);
}
