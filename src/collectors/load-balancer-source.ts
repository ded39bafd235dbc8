import type { LoadBalancerComponent } from '../config/repository.schema.ts';
import type { Source } from '../core/snapshot.ts';
import type { GoogleContext } from './collector.ts';
import { consoleLink, gcloud, segment } from './provenance.ts';

/** Where the facts of a load balancer come from: paths of Compute Engine, and what a person reads them with. */

export const compute = 'compute.googleapis.com';

type Place = Pick<GoogleContext, 'project'>;
type Balancer = Pick<LoadBalancerComponent, 'backend_service' | 'region'>;

/** `projects/P/global` or `projects/P/regions/R`. */
function scopeOf({ region }: Balancer, { project }: Place): string {
  return region === undefined ? `projects/${project}/global` : `projects/${project}/regions/${region}`;
}

function pathOf(balancer: Balancer, { project }: Place): string {
  const { region } = balancer;
  const scope = region === undefined ? 'global' : `regions/${segment(region)}`;
  return `/compute/v1/projects/${segment(project)}/${scope}`;
}

function scopeFlag({ region }: Balancer): string {
  return region === undefined ? '--global' : `--region=${region}`;
}

/** Path of the backend service. */
export function backendServicePath(balancer: Balancer, place: Place): string {
  return `${pathOf(balancer, place)}/backendServices/${segment(balancer.backend_service)}`;
}

export function backendServiceSource(balancer: Balancer, place: Place): Source {
  return {
    api: compute,
    method: balancer.region === undefined ? 'BackendServices.Get' : 'RegionBackendServices.Get',
    query: `${scopeOf(balancer, place)}/backendServices/${balancer.backend_service}`,
    console: balancerLink(place),
    command: `${gcloud('compute backend-services describe', [balancer.backend_service], { project: place.project })} ${scopeFlag(balancer)}`,
  };
}

/** Where the health of one group comes from. */
export function healthSource(balancer: Balancer, group: string, place: Place): Source {
  return {
    ...backendServiceSource(balancer, place),
    method: balancer.region === undefined ? 'BackendServices.GetHealth' : 'RegionBackendServices.GetHealth',
    query: `${scopeOf(balancer, place)}/backendServices/${balancer.backend_service} ${group}`,
    command: `${gcloud('compute backend-services get-health', [balancer.backend_service], { project: place.project })} ${scopeFlag(balancer)}`,
  };
}

/** Path of a regional network endpoint group, for its place below the project. */
export function endpointGroupPath(group: string, { project }: Place): string {
  return `/compute/v1/projects/${segment(project)}/${group.split('/').map(segment).join('/')}`;
}

export function endpointGroupSource(group: string, { project }: Place): Source {
  const [, region = '', , name = ''] = group.split('/');
  return {
    api: compute,
    method: 'RegionNetworkEndpointGroups.Get',
    query: `projects/${project}/${group}`,
    console: consoleLink('compute/networkendpointgroups/list', project),
    command: gcloud('compute network-endpoint-groups describe', [name], { region, project }),
  };
}

/** Path of a certificate in the scope of its load balancer. */
export function certificatePath(balancer: Balancer, name: string, place: Place): string {
  return `${pathOf(balancer, place)}/sslCertificates/${segment(name)}`;
}

export function certificateSource(balancer: Balancer, name: string, place: Place): Source {
  return {
    api: compute,
    method: balancer.region === undefined ? 'SslCertificates.Get' : 'RegionSslCertificates.Get',
    query: `${scopeOf(balancer, place)}/sslCertificates/${name}`,
    console: consoleLink('net-services/loadbalancing/advanced/sslCertificates/list', place.project),
    command: `${gcloud('compute ssl-certificates describe', [name], { project: place.project })} ${scopeFlag(balancer)}`,
  };
}

/** The list of load balancers: a backend service has no page of its own that its name leads to. */
export function balancerLink({ project }: Place): string {
  return consoleLink('net-services/loadbalancing/list/loadBalancers', project);
}
