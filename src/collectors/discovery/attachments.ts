import type { InstanceEntry, RevisionEntry, ServiceEntry, Settings } from './answers.ts';
import type { Attachment, MountedSecret } from './found.ts';

/**
 * Which Cloud SQL instances a service reaches: what its volumes name (the annotation run.googleapis.com/cloudsql-instances
 * of the older API is a volume here), and what its environment holds as a connection name or an address. Values are
 * compared and not kept.
 */
export function attachmentsOf(
  { containers, volumes }: Settings,
  instances: readonly InstanceEntry[],
): Attachment[] {
  const mounted = new Set(volumes.flatMap(({ cloudSqlInstance }) => cloudSqlInstance?.instances ?? []));
  const variables = containers.flatMap(({ env }) => env).filter(({ value }) => value !== '');
  return instances.flatMap((instance): Attachment[] => {
    const { name, connectionName, ipAddresses } = instance;
    if (connectionName !== '' && mounted.has(connectionName))
      return [{ instance: name, by: 'volume', variable: null }];
    const named = variables.find(({ value }) => connectionName !== '' && wordsOf(value).has(connectionName));
    if (named !== undefined) return [{ instance: name, by: 'connection name', variable: named.name }];
    const addressed = variables.find(({ value }) =>
      ipAddresses.some(({ ipAddress }) => ipAddress !== '' && addressesIn(value).has(ipAddress)),
    );
    return addressed === undefined ? [] : [{ instance: name, by: 'address', variable: addressed.name }];
  });
}

/** What serves most of the traffic; the newest revision where nothing does, and the template where there is none. */
export function servedWith(service: ServiceEntry, revisions: readonly RevisionEntry[]): Settings {
  const own = revisions.filter((revision) => revision.service === service.name);
  const [first] = service.trafficStatuses.toSorted((a, b) => b.percent - a.percent);
  const serving = first?.revision || service.latestReadyRevision;
  const newest = own.toSorted((a, b) => byName(b.createTime, a.createTime))[0];
  return own.find(({ name }) => name === serving) ?? newest ?? service.template;
}

/** Names and versions of the secrets that a service takes into its environment or mounts, each once, by name. */
export function secretsOf({ containers, volumes }: Settings, project: string): MountedSecret[] {
  const taken = containers
    .flatMap(({ env }) => env)
    .flatMap(({ valueSource }) => valueSource?.secretKeyRef ?? []);
  const mounted = volumes.flatMap(({ secret }) =>
    secret === undefined
      ? []
      : (secret.items.length === 0 ? ['latest'] : secret.items.map(({ version }) => version)).map(
          (version) => ({ secret: secret.secret, version }),
        ),
  );
  const found = new Map<string, MountedSecret>();
  for (const { secret, version } of [...taken, ...mounted]) {
    const name = ownName(secret, project);
    if (name !== null) found.set(`${name} ${version}`, { name, version });
  }
  return [...found.values()].toSorted((a, b) => byName(a.name, b.name) || byName(a.version, b.version));
}

/** A secret of another project stands with its full name; it is not one of this project. */
function ownName(secret: string, project: string): string | null {
  const [, owner, name] = /^projects\/([^/]+)\/secrets\/([^/]+)$/.exec(secret) ?? [];
  if (owner === undefined) return secret;
  return owner === project ? (name ?? null) : null;
}

/** A connection name stands alone, after `/cloudsql/`, or in an address of a database. */
function wordsOf(value: string): Set<string> {
  return new Set(value.split(/[^\w:.-]+/));
}

function addressesIn(value: string): Set<string> {
  return new Set(value.split(/[^\d.]+/));
}

/** Order of names that is the same on every machine. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
