/**
 * The causes that a diagnosis can name: their public ids, as criteria, labels, scenarios and `--json` use them.
 * Each rule in `rules/` finds one of them; an id is never renamed or reused.
 */
export const causes = {
  'crash-on-start': 'The container exits before it is ready',
  'vpc-connector-saturated': 'The Serverless VPC Access connector is at its limit of instances or throughput',
  'vpc-connector-unavailable': 'The Serverless VPC Access connector is missing, in error or not ready',
  'egress-misrouted': 'Traffic to private addresses does not go through the connector',
  'cloudsql-connections-exhausted': 'The database has no free connections',
  'cloudsql-unavailable': 'The database is down, suspended or in maintenance',
  'cloudsql-permission':
    'The service account may not connect to the database, or its credentials are refused',
  'secret-inaccessible': 'A secret, or the version of it in use, cannot be read by the service',
  'config-drift': 'A setting is not what it was or what it should be',
  'out-of-memory': 'The container is stopped at its memory limit',
  'startup-timeout': 'The container starts more slowly than its startup probe allows',
  'max-instances-reached': 'The service runs its maximum of instances and turns requests away',
  'scaling-lag': 'New instances come later than the traffic that needs them',
  'request-timeout': 'Requests take longer than the timeout of the service',
  'regional-incident': 'Google Cloud reports an incident for the region',
  'quota-exhausted': 'A quota of the project is used up',
  'dependency-unavailable': 'Something outside that a service needs does not answer',
  'bad-deploy': 'The failures began with a new revision',
  unknown: 'The evidence does not decide',
} as const;

/** A public id of a cause. */
export type CauseId = keyof typeof causes;

/** All ids, in the order of the table. */
export const causeIds: readonly string[] = Object.keys(causes);

/** Whether a text is the id of a cause. */
export function isCauseId(text: string): text is CauseId {
  return Object.hasOwn(causes, text);
}
