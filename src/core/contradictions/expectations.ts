import type {
  CloudRunComponent,
  CloudSqlComponent,
  Component,
  ConnectorComponent,
} from '../../config/repository.schema.ts';
import { namesConnector } from '../graph.ts';
import { signal } from '../signals.ts';
import { durationSeconds } from '../states/duration.ts';
import { sameQuantity } from './same-quantity.ts';
import { sameValue } from './same-value.ts';

/** A setting that the configuration expects. */
export interface Expectation {
  /** The signal under which its live value is read. */
  name: string;
  /** As the configuration writes it. */
  value: string;
  agrees: (live: string) => boolean;
  /** Whether having no such setting is what is expected. */
  absentAgrees?: true;
}

/** What `expect:` says of a component; of an endpoint it says what its state is held against, which is none of these. */
export function expectationsOf(component: Component): Expectation[] {
  switch (component.type) {
    case 'cloud-run':
      return ofService(component.expect ?? { env: {} });
    case 'vpc-connector':
      return ofConnector(component.expect ?? {});
    case 'cloud-sql':
      return ofDatabase(component.expect ?? { flags: {} });
    case 'http':
    case 'websocket':
    case 'secret':
    case 'load-balancer':
    case 'google-region':
    case 'terraform-state':
    case 'metric':
    case 'log-filter':
    case 'service':
    default:
      return [];
  }
}

type Expected<C extends { expect?: unknown }> = NonNullable<C['expect']>;

function ofService(expected: Expected<CloudRunComponent>): Expectation[] {
  return [
    ...Object.entries(expected.env).map(([name, value]) => same(`${signal.env}${name}`, value)),
    ...given(signal.egress, expected.egress, (live, value) => live === value),
    ...given(signal.image, expected.image, sameImage),
    ...given(signal.connector, expected.connector, namesConnector),
    ...given(signal.scalingMin, expected.min_instances, sameValue).map((one): Expectation =>
      one.value === '0' ? { ...one, absentAgrees: true } : one,
    ),
    ...given(signal.scalingMax, expected.max_instances, sameValue),
    ...given(signal.cpuLimit, expected.cpu, sameQuantity),
    ...given(signal.memoryLimit, expected.memory, sameQuantity),
    ...given(
      signal.requestTimeout,
      expected.timeout,
      (live, value) => Number(live) === durationSeconds(value),
    ),
    ...given(signal.concurrency, expected.concurrency, sameValue),
    ...given(signal.serviceAccount, expected.service_account, (live, value) => live === value),
  ];
}

function ofConnector(expected: Expected<ConnectorComponent>): Expectation[] {
  return [
    ...given(signal.instancesMin, expected.min_instances, sameValue),
    ...given(signal.instancesMax, expected.max_instances, sameValue),
    ...given(signal.machineType, expected.machine_type, (live, value) => live === value),
  ];
}

function ofDatabase(expected: Expected<CloudSqlComponent>): Expectation[] {
  return [
    ...given(signal.tier, expected.tier, (live, value) => live === value),
    ...given(signal.availability, expected.availability, (live, value) => live.toLowerCase() === value),
    ...Object.entries(expected.flags).map(([name, value]) => same(`${signal.flag}${name}`, value)),
  ];
}

function same(name: string, value: string): Expectation {
  return { name, value, agrees: (live) => sameValue(live, value) };
}

function given(
  name: string,
  expected: string | number | undefined,
  agrees: (live: string, value: string) => boolean,
): Expectation[] {
  if (expected === undefined) return [];
  const value = String(expected);
  return [{ name, value, agrees: (live) => agrees(live, value) }];
}

/** Without a tag or a digest the repository alone is expected. */
function sameImage(live: string, value: string): boolean {
  return live === value || live.startsWith(`${value}:`) || live.startsWith(`${value}@`);
}
