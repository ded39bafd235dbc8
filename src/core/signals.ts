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
  readinessProbe: 'readiness_probe',
  vpcNetwork: 'vpc.network', // network and subnet of direct VPC egress, without a connector
  sidecars: 'sidecars', // names and images of the containers beside the main one
  serviceScalingMin: 'service.scaling.min', // of all revisions together, where the service sets it
  serviceScalingMax: 'service.scaling.max',
  serviceScalingManual: 'service.scaling.manual', // fixed number of instances, where scaling is manual
  ingress: 'ingress', // all, internal, internal-and-cloud-load-balancing, none
  requestTimeout: 'timeout', // s
  concurrency: 'concurrency',

  // Cloud Run, over a window (source: monitoring.googleapis.com)
  informational: 'requests.1xx', // count: WebSockets that were opened, where there were any
  successes: 'requests.2xx', // count
  redirects: 'requests.3xx', // count, where there were any
  startupP50: 'startup.p50', // ms, from the start of a container until it is ready
  startupP95: 'startup.p95', // ms
  startupP99: 'startup.p99', // ms
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
  recentRequests: 'requests.recent', // count, the newest five minutes that are measured in full
  recentServerErrors: 'requests.5xx.recent', // count, the same five minutes

  // Last healthy revision (source: monitoring.googleapis.com, over 24 h)
  healthyRequests: 'revision.healthy', // count, of the revision that served last without failures; first and last: from when to when
  healthyErrors: 'revision.healthy.5xx', // count: 5xx of these requests

  // Cloud Run, from logs over a window (source: logging.googleapis.com)
  exit: 'exit.', // per code and revision: count of "Container called exit(N)"
  terminated: 'terminated.', // per signal's number and revision: count of "Container terminated on signal N"
  memoryExceeded: 'memory.exceeded', // per revision: count of "Memory limit of N MiB exceeded"; text: the highest
  logErrors: 'log.errors', // count of entries read with severity ERROR or above
  logError: 'log.error', // one per error signature and revision: count, with text, signature, first and last
  logErrorRest: 'log.error.rest', // count of the entries of all signatures beyond those that are told
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
  throughput: 'throughput', // Mbit/s, highest minute of the window in the busier direction; last: that minute
  throughputInstances: 'throughput.instances', // instances in that minute
  throughputEach: 'throughput.each', // Mbit/s that one instance of the machine type carries, as documented

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
  authorizedNetworks: 'ip.authorized_networks', // how many
  privateNetwork: 'ip.private_network', // VPC network of the private address
  sslMode: 'ssl_mode',
  defaultConnections: 'max_connections.default', // the documented default for the tier where no flag is set; not measured
  memory: 'memory', // %, highest of the window
  disk: 'disk', // %, highest of the window
  operation: 'operation', // type and status; first and last are start and end
  backends: 'backends', // num_backends, last point
  backendsMax: 'backends.max', // highest of the window; last: when
  up: 'up', // 1 or 0

  // HTTP and WebSocket endpoints (source: our own request)
  status: 'status', // of the worst sample; for a WebSocket that of the handshake, 101 where it opened
  latency: 'latency', // s, of the slowest sample; for a WebSocket the time to open

  // HTTP endpoint
  latencyMedian: 'latency.median', // s
  samples: 'samples', // count of requests made
  samplesAlike: 'samples.alike', // count of those that were answered with `status`
  redirect: 'redirect',
  contains: 'contains', // whether the body holds the expected text: true or false, false if one sample's does not
  addresses: 'dns.addresses', // what DNS answered, with commas
  certificateEnd: 'tls.expires', // UTC time
  certificateDays: 'tls.days', // whole days until then
  certificateIssuer: 'tls.issuer',

  // Secret Manager; the state of the configured version is `state`
  secretVersion: 'secret.version', // number of the configured version
  created: 'created', // createTime of the configured version
  rotated: 'rotated', // createTime of the newest version
  newestEnabled: 'version.newest_enabled', // number, or none
  replication: 'replication', // automatic, or the regions
  expires: 'expires', // when the secret is deleted
  nextRotation: 'rotation.next',

  // Load balancer (source: compute.googleapis.com); its requests are counted as those of a service are
  scheme: 'scheme', // load balancing scheme: EXTERNAL_MANAGED …
  protocol: 'protocol',
  requestLog: 'request_log', // on or off; text: the share of requests that it holds
  backendGroup: 'group.', // per group: its kind; SERVERLESS has no health checks
  routesTo: 'routes_to', // Cloud Run service behind a serverless group
  endpoints: 'endpoints.total.', // per group with health checks
  healthyEndpoints: 'endpoints.healthy.',
  certificate: 'certificate.state.', // per certificate
  certificateExpires: 'certificate.expires.',
  failedResponses: 'responses.failed', // count of logged answers that failed (source: logging.googleapis.com)
  failedBy: 'responses.failed.', // per status class and statusDetails: 5xx.backend_timeout

  // Google Cloud itself (source: servicehealth.googleapis.com, or the public feed)
  activeEvents: 'events.active', // count
  event: 'event', // state, and relevance or impact; text: title, products, locations; first and last: begin and end

  // Terraform state (source: storage.googleapis.com)
  stateSerial: 'terraform.serial',
  stateUpdated: 'terraform.updated', // when the object was written
  terraformVersion: 'terraform.version',
  stateResources: 'terraform.resources', // count of managed instances in the state
  drift: 'terraform.component.', // per component: same, differs, not in the state, not live
  difference: 'terraform.difference.', // per component and field: both values

  // WebSocket endpoint
  message: 'message', // whether the expected first message came: true or false
  messageLatency: 'message.latency', // s from the opening
  closeCode: 'close.code', // where the server closed first; text: its reason

  // A service that no collector reads, brought in a snapshot file, over the window and over the window before:
  // `latency` (mean, in ms or s by its unit), `availability` (share of requests answered: % by its unit, of one without
  // a unit) and `requests` (count). `first` of the former two: since when they are as they are.

  // A configured query of Cloud Monitoring, in the component's own unit (source: monitoring.googleapis.com)
  value: 'value', // last point of the worst series; text: its labels
  valueHighest: 'value.highest', // of all series over the window
  valueLowest: 'value.lowest',
  series: 'series', // count of series with a point in the window

  // A configured log filter (source: logging.googleapis.com)
  entries: 'entries', // count of entries that fit; text: a sample; first and last

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
