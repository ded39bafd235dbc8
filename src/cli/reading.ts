import { collect, type CollectRequest } from '../collectors/collect.ts';
import { createGoogleAccess } from '../collectors/google-access.ts';
import type { WatchExchange } from '../collectors/exchange.ts';
import { ownReads } from '../collectors/own-reads.ts';
import { probesBehind, type ProbeLayer } from '../collectors/probe-layer.ts';
import { createRedactor } from '../collectors/redact.ts';
import type { CommandLineEnvironment } from '../config/environment.ts';
import { ownCredentials } from '../config/policy.ts';
import { repositoryId } from '../core/repository-id.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { exit, type CommandLine, type ExitCode } from './io.ts';

/** Who looks on while it is collected. */
export interface Onlooker {
  watch: WatchExchange;
  probes: ProbeLayer;
}

/** Collects with the user's own credentials, and tells on the error stream what has answered. */
export function collectHere(
  environment: CommandLineEnvironment,
  line: CommandLine,
  request: CollectRequest,
  onlooker: Onlooker | null = null,
): Promise<Snapshot> {
  return collect(
    {
      ...request,
      onRead: ({ collector, component, ms, outcome }) =>
        line.err(
          `${outcome === 'ok' ? 'read' : outcome} ${collector}${component === null ? '' : ` ${component}`} ${(ms / 1_000).toFixed(1)} s\n`,
        ),
    },
    {
      google: createGoogleAccess({
        ...(environment.googleEndpoint === null ? {} : { endpoint: environment.googleEndpoint }),
        sharing: { shared: ownReads({ now: line.now }), now: line.now },
        ...(onlooker === null ? {} : { watch: onlooker.watch }),
      }),
      ...probesBehind(onlooker?.probes, { map: environment.probeMap }),
      grants: ownCredentials,
      now: line.now,
      random: Math.random,
      redact: createRedactor(),
    },
  );
}

/**
 * Tells how much was read, and where that is nothing at all of the infrastructure, why and what to do; gives the exit
 * code.
 */
export function readingTold({ observations, changes, gaps }: Snapshot, line: CommandLine): ExitCode {
  if ([...observations, ...changes].some(({ component }) => component !== repositoryId)) {
    line.err(`${String(observations.length)} observations, ${String(gaps.length)} gaps\n`);
    return exit.done;
  }
  const reasons = new Set(gaps.map(({ reason, detail, remedy }) => `${reason}: ${detail}; ${remedy}`));
  line.err(['nothing at all could be read', ...reasons, ''].join('\n'));
  return exit.nothing;
}
