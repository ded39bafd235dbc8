/**
 * The methods of Google's APIs that the stand-in answers, by their full names in the protobuf descriptions.
 * `scripts/descriptions/google.ts` trims the descriptions to this list.
 */

export interface Method {
  /** File below `sandbox/descriptions/` without `google-` and `.json`. */
  description:
    | 'run'
    | 'run-v1'
    | 'vpcaccess'
    | 'sql'
    | 'logging'
    | 'monitoring'
    | 'prometheus'
    | 'secretmanager'
    | 'compute'
    | 'servicehealth'
    | 'storage';
  /** Host of the API. */
  api: string;
  /** IAM permission that the caller needs; a denial names it. */
  permission: string;
}

const run = { description: 'run', api: 'run.googleapis.com' } as const;
const runV1 = { description: 'run-v1', api: 'run.googleapis.com' } as const;
const vpcaccess = { description: 'vpcaccess', api: 'vpcaccess.googleapis.com' } as const;
const sql = { description: 'sql', api: 'sqladmin.googleapis.com' } as const;
const secretmanager = { description: 'secretmanager', api: 'secretmanager.googleapis.com' } as const;
const compute = { description: 'compute', api: 'compute.googleapis.com' } as const;
const servicehealth = { description: 'servicehealth', api: 'servicehealth.googleapis.com' } as const;

export const methods = {
  'google.cloud.run.v2.Services.GetService': { ...run, permission: 'run.services.get' },
  'google.cloud.run.v2.Services.ListServices': { ...run, permission: 'run.services.list' },
  'google.cloud.run.v2.Revisions.GetRevision': { ...run, permission: 'run.revisions.get' },
  'google.cloud.run.v2.Revisions.ListRevisions': { ...run, permission: 'run.revisions.list' },
  // The older API, which alone lists across regions, and alone knows domain mappings.
  'run.projects.locations.services.list': { ...runV1, permission: 'run.services.list' },
  'run.projects.locations.domainmappings.get': { ...runV1, permission: 'run.domainmappings.get' },
  'run.projects.locations.domainmappings.list': { ...runV1, permission: 'run.domainmappings.list' },
  'google.cloud.vpcaccess.v1.VpcAccessService.GetConnector': {
    ...vpcaccess,
    permission: 'vpcaccess.connectors.get',
  },
  'google.cloud.vpcaccess.v1.VpcAccessService.ListConnectors': {
    ...vpcaccess,
    permission: 'vpcaccess.connectors.list',
  },
  'google.cloud.sql.v1.SqlInstancesService.Get': { ...sql, permission: 'cloudsql.instances.get' },
  'google.cloud.sql.v1.SqlInstancesService.List': { ...sql, permission: 'cloudsql.instances.list' },
  'google.cloud.sql.v1.SqlOperationsService.Get': { ...sql, permission: 'cloudsql.instances.get' },
  'google.cloud.sql.v1.SqlOperationsService.List': { ...sql, permission: 'cloudsql.instances.get' },
  'google.logging.v2.LoggingServiceV2.ListLogEntries': {
    description: 'logging',
    api: 'logging.googleapis.com',
    permission: 'logging.logEntries.list',
  },
  'google.monitoring.v3.MetricService.ListTimeSeries': {
    description: 'monitoring',
    api: 'monitoring.googleapis.com',
    permission: 'monitoring.timeSeries.list',
  },
  // No protobuf package describes it: written by hand from the reference of the REST API, and the answer from
  // Prometheus' own (https://prometheus.io/docs/prometheus/latest/querying/api/).
  'monitoring.projects.location.prometheus.api.v1.query_range': {
    description: 'prometheus',
    api: 'monitoring.googleapis.com',
    permission: 'monitoring.timeSeries.list',
  },
  'google.cloud.secretmanager.v1.SecretManagerService.ListSecrets': {
    ...secretmanager,
    permission: 'secretmanager.secrets.list',
  },
  'google.cloud.secretmanager.v1.SecretManagerService.GetSecret': {
    ...secretmanager,
    permission: 'secretmanager.secrets.get',
  },
  'google.cloud.secretmanager.v1.SecretManagerService.GetSecretVersion': {
    ...secretmanager,
    permission: 'secretmanager.versions.get',
  },
  'google.cloud.secretmanager.v1.SecretManagerService.ListSecretVersions': {
    ...secretmanager,
    permission: 'secretmanager.versions.list',
  },
  'google.cloud.compute.v1.BackendServices.List': { ...compute, permission: 'compute.backendServices.list' },
  'google.cloud.compute.v1.UrlMaps.Get': { ...compute, permission: 'compute.urlMaps.get' },
  'google.cloud.compute.v1.UrlMaps.List': { ...compute, permission: 'compute.urlMaps.list' },
  'google.cloud.compute.v1.RegionNetworkEndpointGroups.List': {
    ...compute,
    permission: 'compute.regionNetworkEndpointGroups.list',
  },
  'google.cloud.compute.v1.BackendServices.Get': { ...compute, permission: 'compute.backendServices.get' },
  'google.cloud.compute.v1.BackendServices.GetHealth': {
    ...compute,
    permission: 'compute.backendServices.get',
  },
  'google.cloud.compute.v1.RegionBackendServices.Get': {
    ...compute,
    permission: 'compute.regionBackendServices.get',
  },
  'google.cloud.compute.v1.RegionBackendServices.GetHealth': {
    ...compute,
    permission: 'compute.regionBackendServices.get',
  },
  'google.cloud.compute.v1.RegionNetworkEndpointGroups.Get': {
    ...compute,
    permission: 'compute.regionNetworkEndpointGroups.get',
  },
  'google.cloud.compute.v1.SslCertificates.Get': { ...compute, permission: 'compute.sslCertificates.get' },
  'google.cloud.compute.v1.RegionSslCertificates.Get': {
    ...compute,
    permission: 'compute.regionSslCertificates.get',
  },
  'google.cloud.servicehealth.v1.ServiceHealth.GetEvent': {
    ...servicehealth,
    permission: 'servicehealth.events.get',
  },
  'google.cloud.servicehealth.v1.ServiceHealth.ListEvents': {
    ...servicehealth,
    permission: 'servicehealth.events.list',
  },
  'storage.objects.get': {
    description: 'storage',
    api: 'storage.googleapis.com',
    permission: 'storage.objects.get',
  },
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;

/** Host of the OAuth token endpoint, which the stand-in serves at `/token`. */
export const tokenHost = 'oauth2.googleapis.com';

/** Host of the public status feed, which the stand-in serves at `/incidents.json`. */
export const statusHost = 'status.cloud.google.com';

/** Every host that the stand-in answers for. */
export const hosts: readonly string[] = [
  ...new Set(Object.values(methods).map(({ api }) => api)),
  tokenHost,
  statusHost,
];

/** Tells whether the stand-in knows a method of that full name. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}
