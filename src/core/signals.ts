/**
 * The names of signals: what a collector may say of a component. Collectors write them, rules, criteria,
 * states and templates read them; nobody writes a signal name as a literal.
 *
 * A signal with a variable part ends in a dot (`env.` + variable's name). A metric is observed twice under the
 * same name: once over the snapshot's window and once over the window before it.
 */
export const signal = {
  // Cloud Run, present state (source: run.googleapis.com)
  ready: 'ready', // condition state: CONDITION_SUCCEEDED, CONDITION_FAILED …; text: message
  readyReason: 'ready.reason', // reason or revisionReason, for example HEALTH_CHECK_CONTAINER_ERROR
  servingRevision: 'revision.serving', // name of the revision with the most traffic
  createdRevision: 'revision.created', // name of the latest created revision
  readyRevision: 'revision.ready', // name of the revision that became ready last
  traffic: 'traffic', // per revision, %
  deployedAt: 'deployed', // createTime of the serving revision
  env: 'env.', // per revision; value redacted where it looks secret
  egress: 'egress', // all-traffic, private-ranges-only
  connector: 'connector', // connector's short name
  image: 'image',
  cpuLimit: 'limit.cpu',
  memoryLimit: 'limit.memory',
  scalingMin: 'scaling.min',
  scalingMax: 'scaling.max',
  serviceAccount: 'service_account',
  cloudSqlInstance: 'cloudsql.instance', // connection name of the attached instance
  revisionState: 'revision.state', // per revision: state of its Ready condition; text: reason and message
  startupProbe: 'startup_probe',
  livenessProbe: 'liveness_probe',
  requestTimeout: 'timeout', // s
  concurrency: 'concurrency',

  // Cloud Run, over a window (source: monitoring.googleapis.com)
  requests: 'requests', // count, all revisions; last: end of the last minute with a request
  revisionRequests: 'requests.by_revision', // count, per revision
  revisionServerErrors: 'requests.5xx.by_revision', // count, per revision
  serverErrorsSince: 'requests.5xx.since', // UTC time from which 5xx came without a longer pause, searched over 24 h
  serverErrors: 'requests.5xx', // count
  clientErrors: 'requests.4xx', // count
  errorShare: 'errors.share', // %
  latencyMean: 'latency.mean', // ms
  latencyP50: 'latency.p50', // ms
  latencyP95: 'latency.p95', // ms
  latencyP99: 'latency.p99', // ms
  activeInstances: 'instances.active', // per revision, last point
  idleInstances: 'instances.idle', // per revision, last point
  activeInstancesMax: 'instances.active.max', // per revision, highest of the window
  logEntries: 'log.entries', // count of all entries (source: monitoring.googleapis.com)
  logEntryErrors: 'log.entries.errors', // count of entries with severity ERROR or above, of all
  logErrorShare: 'log.entries.error_share', // %

  // Cloud Run, from logs over a window (source: logging.googleapis.com)
  exit: 'exit.', // per code and revision: count of "Container called exit(N)"
  logErrors: 'log.errors', // count of entries read with severity ERROR or above
  logError: 'log.error', // one per masked line: count, with text, first and last
  connectTime: 'connect.time', // s, as a log line of the application states it
  starts: 'starts', // count of container starts, whether they became ready or not
  startsReady: 'starts.ready', // count of those that became ready

  // Serverless VPC Access
  state: 'state', // READY, CREATING, ERROR …; for Cloud SQL RUNNABLE, SUSPENDED …
  instancesMin: 'instances.min',
  instancesMax: 'instances.max',
  machineType: 'machine_type',
  ipRange: 'ip_range',
  network: 'network',
  instances: 'instances', // last point of connector/instances; first: since when it is so, within the window
  instancesSince: 'instances.since', // UTC time since when the last point has held, searched over 24 h
  instancesHighest: 'instances.highest', // highest of the window
  cpu: 'cpu', // %, highest of the window
  sentBytes: 'sent_bytes', // bytes over the window
  receivedBytes: 'received_bytes',

  // Cloud SQL
  name: 'name', // the connection name: the canonical id
  activation: 'activation',
  tier: 'tier',
  availability: 'availability',
  databaseVersion: 'version',
  suspension: 'suspension',
  maintenance: 'maintenance', // scheduled start
  privateAddress: 'ip.private', // whether there is one: true or false
  publicAddress: 'ip.public',
  flag: 'flag.', // database flag
  operation: 'operation', // type and status; first and last are start and end
  backends: 'backends', // num_backends, last point
  backendsMax: 'backends.max', // highest of the window; last: when
  up: 'up', // 1 or 0

  // HTTP endpoint (source: our own request)
  status: 'status',
  latency: 'latency', // s
  redirect: 'redirect',

  // The repository (source: api.github.com), since changes count
  commits: 'commits', // of the default branch
  pullRequests: 'pull_requests', // merged
  deployments: 'deployments',
  deployRuns: 'workflow_runs', // of workflows that deploy
  references: 'references', // count of issues and pull requests that refer to the incident's issue
  reference: 'reference', // one of them; text: kind, state and title
  fix: 'fix.', // per earlier issue: in place, reverted, partly reverted, changed since; text: the pull request
} as const;

export type SignalName = (typeof signal)[keyof typeof signal];
