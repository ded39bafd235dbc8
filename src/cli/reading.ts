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
import { watchCollection } from './progress/collection.ts';
import { openProgress } from './progress/progress.ts';
import { exit, type CommandLine, type ExitCode } from './io.ts';

/** Who looks on while it is collected. */
export interface Onlooker {
  watch: WatchExchange;
  probes: ProbeLayer;
}

/** Collects with the user's own credentials, and shows on the error stream what has answered. */
export async function collectHere(
  environment: CommandLineEnvironment,
  line: CommandLine,
  request: CollectRequest,
  onlooker: Onlooker | null = null,
): Promise<Snapshot> {
  const progress = openProgress(line);
  const deps = {
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
  };
  try {
    return await collect({ ...request, ...watchCollection(progress, line.now) }, deps);
  } finally {
    progress.end();
  }
}

/** Where nothing at all of the infrastructure was read, tells why and what to do; gives the exit code. */
export function readingTold({ observations, changes, gaps }: Snapshot, line: CommandLine): ExitCode {
  if ([...observations, ...changes].some(({ component }) => component !== repositoryId)) return exit.done;
  const reasons = new Set(gaps.map(({ reason, detail, remedy }) => `${reason}: ${detail}; ${remedy}`));
  line.err(['nothing at all could be read', ...reasons, ''].join('\n'));
  return exit.nothing;
}
