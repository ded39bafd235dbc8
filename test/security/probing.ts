import type { LookupAddress } from 'node:dns';
import { isIPv6 } from 'node:net';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import type { ProbeOptions } from '../../src/collectors/probe-route.ts';
import { createProbe } from '../../src/collectors/probe.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { createSocketProbe } from '../../src/collectors/websocket-probe.ts';
import { configurationOf } from '../../src/commands/configuration.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import type { ConfigurationError } from '../../src/config/repository.ts';
import { grantsFor } from '../../src/config/policy.ts';
import { readPolicy } from '../../src/config/policy-file.ts';
import type { RepositoryGrants } from '../../src/config/policy.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';

/** Probes as the server makes them: from the text of a configuration and that of a policy, over real sockets. */

const redact = createRedactor();

/** The grants of a policy with these hosts and no project. */
export function grantsOf(hosts: readonly string[]): RepositoryGrants {
  const { policy, errors } = readPolicy(JSON.stringify({ repositories: { 'o/r': { probe_hosts: hosts } } }));
  if (policy === null) throw new Error(JSON.stringify(errors));
  return grantsFor(policy, 'o/r');
}

/** The addresses of a name, as DNS gives them. */
export function answering(...addresses: readonly string[]): LookupAddress[] {
  return addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
}

export interface Probed {
  configuration: Configuration;
  errors: ConfigurationError[];
  snapshot: Snapshot;
}

/** Reads endpoints by their components, for a repository that is granted these hosts. */
export async function probeAll(
  components: Readonly<Record<string, Record<string, unknown>>>,
  hosts: readonly string[],
  { collectorMs, ...options }: ProbeOptions & { watchMs?: number; collectorMs?: number } = {},
): Promise<Probed> {
  const read = configurationOf(JSON.stringify({ version: 1, components }), undefined);
  if (read.kind !== 'usable') throw new Error(`unusable: ${JSON.stringify(read)}`);
  const { configuration, errors } = read;
  return {
    configuration,
    errors,
    snapshot: await snapshotOf(configuration, hosts, {
      ...options,
      ...(collectorMs === undefined ? {} : { collectorMs }),
    }),
  };
}

/** The same for a configuration that was made and not read: what the schema would refuse meets the grants. */
export function snapshotOf(
  configuration: Configuration,
  hosts: readonly string[],
  { collectorMs, ...options }: ProbeOptions & { watchMs?: number; collectorMs?: number } = {},
): Promise<Snapshot> {
  return collect(
    { configuration, ...(collectorMs === undefined ? {} : { collectorMs }) },
    {
      google: createGoogleAccess({ endpoint: 'http://127.0.0.1:9' }),
      probe: createProbe(options),
      probeSocket: createSocketProbe(options),
      grants: grantsOf(hosts),
      spacingMs: 0,
      now: () => new Date('2025-03-10T12:00:00Z'),
      redact,
    },
  );
}
