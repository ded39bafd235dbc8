import { cloudRunMetrics } from './cloud-run-metrics.ts';
import { cloudRunRevisions } from './cloud-run-revisions.ts';
import { cloudRunServices } from './cloud-run-services.ts';
import { cloudSqlMetrics } from './cloud-sql-metrics.ts';
import { cloudSqlOperations } from './cloud-sql-operations.ts';
import { cloudSql } from './cloud-sql.ts';
import type { Collector } from './collector.ts';
import { githubCommits } from './github-commits.ts';
import { githubDeployments } from './github-deployments.ts';
import { githubEarlierFix } from './github-earlier-fix.ts';
import { githubPullRequests } from './github-pull-requests.ts';
import { githubReferences } from './github-references.ts';
import { githubWorkflowRuns } from './github-workflow-runs.ts';
import { healthyRevision } from './healthy-revision.ts';
import { httpEndpoint } from './http-endpoint.ts';
import { loadBalancerLog } from './load-balancer-log.ts';
import { loadBalancerMetrics } from './load-balancer-metrics.ts';
import { loadBalancer } from './load-balancer.ts';
import { logEntries } from './log-entries.ts';
import { logFilter } from './log-filter.ts';
import { metricQuery } from './metric-query.ts';
import { secret } from './secret.ts';
import { serviceHealth } from './service-health.ts';
import { terraformState } from './terraform-state.ts';
import { vpcConnectorMetrics } from './vpc-connector-metrics.ts';
import { vpcConnector } from './vpc-connector.ts';
import { webSocketEndpoint } from './websocket-endpoint.ts';

/** All collectors, in the order in which their evidence is numbered. */
export const collectors: readonly Collector[] = [
  cloudRunServices,
  cloudRunRevisions,
  cloudRunMetrics,
  healthyRevision,
  logEntries,
  vpcConnector,
  vpcConnectorMetrics,
  cloudSql,
  cloudSqlOperations,
  cloudSqlMetrics,
  httpEndpoint,
  webSocketEndpoint,
  metricQuery,
  logFilter,
  secret,
  loadBalancer,
  loadBalancerMetrics,
  loadBalancerLog,
  serviceHealth,
  terraformState,
  githubCommits,
  githubPullRequests,
  githubDeployments,
  githubWorkflowRuns,
  githubReferences,
  githubEarlierFix,
];
