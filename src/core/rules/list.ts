import { badDeploy } from './bad-deploy.ts';
import { cloudsqlConnectionsExhausted } from './cloudsql-connections-exhausted.ts';
import { cloudsqlPermission } from './cloudsql-permission.ts';
import { cloudsqlUnavailable } from './cloudsql-unavailable.ts';
import { configDrift } from './config-drift.ts';
import { crashOnStart } from './crash-on-start.ts';
import { dependencyUnavailable } from './dependency-unavailable.ts';
import { egressMisrouted } from './egress-misrouted.ts';
import { maxInstancesReached } from './max-instances-reached.ts';
import { outOfMemory } from './out-of-memory.ts';
import { quotaExhausted } from './quota-exhausted.ts';
import { regionalIncident } from './regional-incident.ts';
import { requestTimeout } from './request-timeout.ts';
import type { Rule } from './rule.ts';
import { scalingLag } from './scaling-lag.ts';
import { secretInaccessible } from './secret-inaccessible.ts';
import { startupTimeout } from './startup-timeout.ts';
import { vpcConnectorSaturated } from './vpc-connector-saturated.ts';
import { vpcConnectorUnavailable } from './vpc-connector-unavailable.ts';

/** All rules, in the order of the table of causes: equal hypotheses are named in it. */
export const rules: readonly Rule[] = [
  crashOnStart,
  vpcConnectorSaturated,
  vpcConnectorUnavailable,
  egressMisrouted,
  cloudsqlConnectionsExhausted,
  cloudsqlUnavailable,
  cloudsqlPermission,
  secretInaccessible,
  configDrift,
  outOfMemory,
  startupTimeout,
  maxInstancesReached,
  scalingLag,
  requestTimeout,
  regionalIncident,
  quotaExhausted,
  dependencyUnavailable,
  badDeploy,
];
