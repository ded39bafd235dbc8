import type { ComponentType } from '../../config/repository.schema.ts';
import type { CauseId } from '../causes.ts';
import type { Case } from '../diagnose/case.ts';
import {
  describeQuery,
  filterString,
  logQuery,
  metricQuery,
  operationsQuery,
  revisionsQuery,
} from '../diagnose/queries.ts';
import { code } from '../diagnose/wording.ts';
import { componentOf } from '../graph.ts';
import { connectorReadings } from './connector-readings.ts';
import type { Bearing } from './connector-readings.ts';
import {
  connectionsAreFew,
  connectorHasRoom,
  connectorIsReady,
  databaseRuns,
  exitsByItself,
  instancesBelowMaximum,
  privatePathTaken,
  regionWorks,
  revisionIsNotNew,
  secretIsEnabled,
} from './refutations.ts';
import type { Refutation } from './refutations.ts';

/**
 * A cause that no rule finds yet: it is named as an alternative that was not tested, with what would decide, or
 * as refuted where an observation already speaks against it.
 */
export interface CauseWithoutRule {
  id: CauseId;
  /** The types of components that can have it. */
  appliesTo: readonly ComponentType[];
  /** What would decide, as the end of "This would decide: …", with `{component}` for the id. */
  decides: string;
  command(found: Case, component: string): string;
  refuted?(found: Case, component: string): Refutation | null;
  /** What was read that bears on it, though no rule judges it. */
  read?(found: Case, component: string): Bearing | null;
}

/** All causes without a rule, in the order of the table of causes. */
export const causesWithoutRule: readonly CauseWithoutRule[] = [
  {
    id: 'vpc-connector-saturated',
    appliesTo: ['vpc-connector'],
    decides:
      'whether the throughput of {component}, minute by minute, is at the ceiling of its machine type while its users time out',
    command: throughputQuery,
    refuted: connectorHasRoom,
    read: connectorReadings,
  },
  {
    id: 'vpc-connector-unavailable',
    appliesTo: ['vpc-connector'],
    decides: 'whether {component} exists and is READY',
    command: (found, component) => describeQuery(found.configuration, component),
    refuted: connectorIsReady,
  },
  {
    id: 'egress-misrouted',
    appliesTo: ['cloud-run'],
    decides: 'whether {component} times out towards a public address of the database',
    command: (found, component) =>
      logQuery(found.configuration, component, 'textPayload=~"dial tcp|i/o timeout|no such host|EAI_AGAIN"'),
    refuted: privatePathTaken,
  },
  {
    id: 'cloudsql-connections-exhausted',
    appliesTo: ['cloud-sql'],
    decides: 'whether the open connections of {component} are near max_connections',
    command: backendsQuery,
    refuted: connectionsAreFew,
  },
  {
    id: 'cloudsql-unavailable',
    appliesTo: ['cloud-sql'],
    decides: 'whether an operation on {component} overlaps the onset',
    command: (found, component) => operationsQuery(found.configuration, component),
    refuted: databaseRuns,
  },
  {
    id: 'cloudsql-permission',
    appliesTo: ['cloud-run'],
    decides: 'whether the database refuses the identity of {component}',
    command: (found, component) =>
      logQuery(found.configuration, component, 'textPayload=~"notAuthorized|password authentication failed"'),
  },
  {
    id: 'secret-inaccessible',
    appliesTo: ['secret'],
    decides: 'whether the version of {component} in use is enabled',
    command: (found, component) => describeQuery(found.configuration, component),
    refuted: secretIsEnabled,
  },
  {
    id: 'out-of-memory',
    appliesTo: ['cloud-run'],
    decides: 'whether containers of {component} end at their memory limit',
    command: (found, component) =>
      logQuery(found.configuration, component, 'textPayload=~"Memory limit of|terminated on signal 9"'),
  },
  {
    id: 'startup-timeout',
    appliesTo: ['cloud-run'],
    decides: 'whether the startup probe of {component} fails without an exit',
    command: (found, component) =>
      logQuery(found.configuration, component, 'textPayload=~"STARTUP .* probe failed"'),
    refuted: exitsByItself,
  },
  {
    id: 'max-instances-reached',
    appliesTo: ['cloud-run'],
    decides: 'whether {component} turns requests away at its maximum of instances',
    command: (found, component) =>
      logQuery(found.configuration, component, 'textPayload=~"no available instance"'),
    refuted: instancesBelowMaximum,
  },
  {
    id: 'scaling-lag',
    appliesTo: ['cloud-run'],
    decides: 'whether requests to {component} found no instance below its maximum',
    command: (found, component) =>
      logQuery(found.configuration, component, 'textPayload=~"no available instance"'),
  },
  {
    id: 'request-timeout',
    appliesTo: ['cloud-run'],
    decides: 'whether requests to {component} reach its request timeout',
    command: (found, component) =>
      logQuery(found.configuration, component, 'textPayload=~"maximum request timeout"'),
  },
  {
    id: 'regional-incident',
    appliesTo: ['google-region'],
    decides: 'whether Google Cloud reports an incident that overlaps the onset',
    command: (found, component) => describeQuery(found.configuration, component),
    refuted: regionWorks,
  },
  {
    id: 'quota-exhausted',
    appliesTo: ['cloud-run'],
    decides: 'whether a quota of the project is used up for {component}',
    command: (found, component) =>
      logQuery(
        found.configuration,
        component,
        'textPayload=~"RATE_LIMIT_EXCEEDED|ACTIVE_REVISION_LIMIT_REACHED|Quota exceeded"',
      ),
  },
  {
    id: 'dependency-unavailable',
    appliesTo: ['cloud-run'],
    decides: 'whether the errors of {component} name a host that does not answer',
    command: (found, component) => logQuery(found.configuration, component),
  },
  {
    id: 'bad-deploy',
    appliesTo: ['cloud-run'],
    decides:
      'whether the revision of {component} before the serving one has the same errors under the same load',
    command: (found, component) => revisionsQuery(found.configuration, component),
    refuted: revisionIsNotNew,
  },
];

/** What would decide on a cause of a component, in words. */
export function decidesFor({ decides }: CauseWithoutRule, component: string): string {
  return decides.replaceAll('{component}', code(component));
}

function throughputQuery({ configuration, index }: Case, id: string): string {
  const component = componentOf(configuration, id);
  const name = component?.type === 'vpc-connector' ? component.name : id;
  const filter = ` AND resource.labels.connector_name=${filterString(name)}`;
  return metricQuery(
    configuration,
    'vpcaccess.googleapis.com/connector/received_bytes_count',
    filter,
    index.takenAt,
    'ALIGN_RATE',
  );
}

function backendsQuery({ configuration, index }: Case, id: string): string {
  const component = componentOf(configuration, id);
  const name = component?.type === 'cloud-sql' ? component.instance : id;
  const filter = ` AND resource.labels.database_id=monitoring.regex.full_match(${filterString(`.*:${name}`)})`;
  return metricQuery(
    configuration,
    'cloudsql.googleapis.com/database/postgresql/num_backends',
    filter,
    index.takenAt,
    'ALIGN_MAX',
  );
}
