import type { Scenario } from '../../scenario/schema.ts';

/**
 * Metrics of Google Cloud that the stand-in knows without a scenario's help, so that a misspelt one is not taken
 * for one without data. Kinds, value types, units and labels are those of cloud.google.com/monitoring/api/metrics_gcp.
 */

export type Kind = Scenario['google']['metrics'][number]['kind'];
export type ValueType = Scenario['google']['metrics'][number]['value'];

export interface MetricDescriptor {
  /** More than one where the documents do not settle it. */
  kinds: readonly Kind[];
  valueType: ValueType;
  labels: readonly string[];
  /** Monitored resource; null where any may have the metric. */
  resource: string | null;
}

const revision = 'cloud_run_revision';
const connector = 'vpc_access_connector';
const database = 'cloudsql_database';

function gauge(resource: string, valueType: ValueType, ...labels: string[]): MetricDescriptor {
  return { kinds: ['GAUGE'], valueType, labels, resource };
}
function delta(resource: string, valueType: ValueType, ...labels: string[]): MetricDescriptor {
  return { kinds: ['DELTA'], valueType, labels, resource };
}

const descriptors: Record<string, MetricDescriptor> = {
  'run.googleapis.com/request_count': delta(
    revision,
    'INT64',
    'response_code',
    'response_code_class',
    'route',
  ),
  'run.googleapis.com/request_latencies': delta(
    revision,
    'DISTRIBUTION',
    'response_code',
    'response_code_class',
    'route',
  ),
  'run.googleapis.com/container/instance_count': gauge(revision, 'INT64', 'state'),
  'run.googleapis.com/container/cpu/utilizations': delta(revision, 'DISTRIBUTION', 'container_name'),
  'run.googleapis.com/container/memory/utilizations': delta(revision, 'DISTRIBUTION', 'container_name'),
  'run.googleapis.com/container/startup_latencies': delta(revision, 'DISTRIBUTION'),
  'run.googleapis.com/container/max_request_concurrencies': delta(revision, 'DISTRIBUTION', 'state'),
  'vpcaccess.googleapis.com/connector/instances': gauge(connector, 'INT64'),
  'vpcaccess.googleapis.com/connector/cpu/utilizations': {
    kinds: ['GAUGE', 'DELTA'],
    valueType: 'DISTRIBUTION',
    labels: [],
    resource: connector,
  },
  'vpcaccess.googleapis.com/connector/sent_bytes_count': delta(connector, 'INT64'),
  'vpcaccess.googleapis.com/connector/received_bytes_count': delta(connector, 'INT64'),
  'cloudsql.googleapis.com/database/up': gauge(database, 'INT64'),
  'cloudsql.googleapis.com/database/cpu/utilization': gauge(database, 'DOUBLE'),
  'cloudsql.googleapis.com/database/memory/utilization': gauge(database, 'DOUBLE'),
  'cloudsql.googleapis.com/database/disk/utilization': gauge(database, 'DOUBLE'),
  'cloudsql.googleapis.com/database/postgresql/num_backends': gauge(database, 'INT64', 'database'),
  'loadbalancing.googleapis.com/https/request_count': delta(
    'https_lb_rule',
    'INT64',
    'protocol',
    'response_code',
    'response_code_class',
    'cache_result',
    'proxy_continent',
  ),
  'loadbalancing.googleapis.com/https/external/regional/request_count': delta(
    'http_external_regional_lb_rule',
    'INT64',
    'protocol',
    'response_code',
    'response_code_class',
  ),
  'loadbalancing.googleapis.com/https/internal/request_count': delta(
    'internal_http_lb_rule',
    'INT64',
    'protocol',
    'response_code',
    'response_code_class',
  ),
  'logging.googleapis.com/log_entry_count': {
    kinds: ['DELTA'],
    valueType: 'INT64',
    labels: ['log', 'severity'],
    resource: null,
  },
};

/** Labels of the rules of all load balancers. */
const balancerRule = [
  'project_id',
  'region',
  'forwarding_rule_name',
  'url_map_name',
  'target_proxy_name',
  'matched_url_path_rule',
  'backend_target_name',
  'backend_target_type',
  'backend_name',
  'backend_type',
  'backend_scope',
  'backend_scope_type',
] as const;

/** Labels of the monitored resources (cloud.google.com/monitoring/api/resources). */
const resourceLabels: Record<string, readonly string[]> = {
  cloud_run_revision: ['project_id', 'service_name', 'revision_name', 'location', 'configuration_name'],
  vpc_access_connector: ['project_id', 'location', 'connector_name'],
  cloudsql_database: ['project_id', 'database_id', 'region'],
  https_lb_rule: balancerRule,
  http_external_regional_lb_rule: [...balancerRule, 'network_name'],
  internal_http_lb_rule: [...balancerRule, 'network_name'],
};

/** Descriptor of a metric, or undefined where the stand-in does not know it. */
export function descriptorOf(type: string): MetricDescriptor | undefined {
  return Object.hasOwn(descriptors, type) ? descriptors[type] : undefined;
}

/** Labels of a monitored resource, or undefined where the stand-in does not know it. */
export function labelsOfResource(type: string): readonly string[] | undefined {
  return Object.hasOwn(resourceLabels, type) ? resourceLabels[type] : undefined;
}
