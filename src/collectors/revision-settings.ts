import { differing } from '../core/secret-names.ts';
import { signal } from '../core/signals.ts';
import type { Container, Probe, Revision } from './cloud-run.schema.ts';
import { decimal } from './decimal.ts';
import { comparable, shownEnvironmentValues } from './environment-value.ts';

/** One setting of a revision. */
export interface Setting {
  /** As it may be shown. */
  shown: string;
  unit: string | null;
  /** What two are compared by; of a secret a fingerprint. Never shown or stored. */
  raw: string;
}

/** What stands where a revision has no such thing: known to be absent, not unknown. */
const none = 'none';

/** The settings of a revision that can matter for an outage, by signal name, in one fixed order. */
export async function settingsOf(
  revision: Revision,
  redact: (text: string) => Promise<string>,
): Promise<Map<string, Setting>> {
  const main = revision.containers.find(({ ports }) => ports.length > 0) ?? revision.containers[0];
  const settings = new Map<string, Setting>();
  const set = (name: string, value: string | null, unit: string | null = null) => {
    if (value !== null) settings.set(name, { shown: value, unit, raw: value });
  };
  set(signal.image, main?.image ?? null);
  set(signal.egress, egressOf(revision));
  set(signal.connector, connectorOf(revision));
  set(signal.vpcNetwork, directNetworkOf(revision));
  set(signal.cloudSqlInstance, cloudSqlOf(revision));
  set(signal.cpuLimit, main?.resources['cpu'] ?? null);
  set(signal.memoryLimit, main?.resources['memory'] ?? null);
  set(signal.scalingMin, numberText(revision.scaling.minInstanceCount));
  set(signal.scalingMax, numberText(revision.scaling.maxInstanceCount));
  set(signal.concurrency, numberText(revision.maxInstanceRequestConcurrency));
  set(signal.requestTimeout, numberText(revision.timeout), 's');
  set(signal.serviceAccount, revision.serviceAccount);
  set(signal.startupProbe, probeText(main?.startupProbe ?? null));
  set(signal.livenessProbe, probeText(main?.livenessProbe ?? null));
  set(signal.readinessProbe, probeText(main?.readinessProbe ?? null));
  set(signal.sidecars, sidecarsOf(revision, main));
  for (const container of revision.containers) {
    const prefix = container === main ? '' : `${container.name ?? 'sidecar'}/`;
    await addEnvironment(settings, container, prefix, redact);
  }
  return settings;
}

/** The settings that differ, as a change shows them; a secret that differs is told without its value. */
export function differences(
  before: ReadonlyMap<string, Setting>,
  after: ReadonlyMap<string, Setting>,
): { key: string; from: string | null; to: string | null }[] {
  const keys = [...new Set([...after.keys(), ...before.keys()])];
  return keys.flatMap((key) => {
    const [from, to] = [before.get(key), after.get(key)];
    if (from?.raw === to?.raw) return [];
    const alike = from !== undefined && from.shown === to?.shown;
    return [
      {
        key,
        from: from?.shown ?? null,
        to: alike ? `${to?.shown ?? ''}${differing}` : (to?.shown ?? null),
      },
    ];
  });
}

async function addEnvironment(
  settings: Map<string, Setting>,
  { env }: Container,
  prefix: string,
  redact: (text: string) => Promise<string>,
): Promise<void> {
  const variables = env.map(({ name, value }) => ({ name, value: value ?? '' }));
  const values = await shownEnvironmentValues(variables, redact);
  for (const [index, { name, value, valueSource }] of env.entries()) {
    const secret = valueSource?.secretKeyRef;
    const reference = secret
      ? `secret ${secret.secret.split('/').at(-1)}:${secret.version ?? 'latest'}`
      : null;
    settings.set(`${signal.env}${prefix}${name}`, {
      shown: reference ?? (values[index] || '(empty)'),
      unit: null,
      raw: reference ?? comparable(value ?? '', values[index] ?? ''),
    });
  }
}

function egressOf({ vpcAccess }: Revision): string {
  if (!vpcAccess || (vpcAccess.connector === null && vpcAccess.networkInterfaces.length === 0)) return none;
  const names = new Map([
    ['ALL_TRAFFIC', 'all-traffic'],
    ['PRIVATE_RANGES_ONLY', 'private-ranges-only'],
  ]);
  // The API's default where nothing is set.
  return names.get(vpcAccess.egress ?? '') ?? 'private-ranges-only';
}

function connectorOf({ vpcAccess }: Revision): string {
  return vpcAccess?.connector?.split('/').at(-1) ?? none;
}

/** Network and subnet of direct VPC egress, for example `staging-vpc/staging-subnet`; null without. */
function directNetworkOf({ vpcAccess }: Revision): string | null {
  const named = (vpcAccess?.networkInterfaces ?? []).map(({ network, subnetwork }) =>
    [network, subnetwork].flatMap((name) => name?.split('/').at(-1) ?? []).join('/'),
  );
  return named.length === 0 ? null : named.map((name) => name || 'default').join(', ');
}

/** The containers beside the main one, each with its image; null where there is none. */
function sidecarsOf({ containers }: Revision, main: Container | undefined): string | null {
  const others = containers.filter((container) => container !== main);
  return others.length === 0
    ? null
    : others.map(({ name, image }) => `${name ?? 'unnamed'} (${image ?? 'no image'})`).join(', ');
}

function cloudSqlOf({ volumes }: Revision): string {
  const instances = volumes.flatMap((volume) => volume.cloudSqlInstance?.instances ?? []);
  return instances.length === 0 ? none : [...new Set(instances)].toSorted().join(', ');
}

function probeText(probe: Probe | null): string | null {
  if (!probe) return null;
  const target = probe.httpGet
    ? `http ${probe.httpGet.path ?? '/'} port ${probe.httpGet.port ?? 'default'}`
    : probe.grpc
      ? `grpc port ${probe.grpc.port ?? 'default'}`
      : `tcp port ${probe.tcpSocket?.port ?? 'default'}`;
  const parts = [
    ['period', probe.periodSeconds, ' s'],
    ['timeout', probe.timeoutSeconds, ' s'],
    ['initial delay', probe.initialDelaySeconds, ' s'],
    ['failures', probe.failureThreshold, ''],
  ] as const;
  const set = parts.flatMap(([name, value, unit]) => (value ? [`${name} ${value}${unit}`] : []));
  return [target, ...set].join(', ');
}

function numberText(value: number | null): string | null {
  return value === null ? null : decimal(value);
}
