import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { Server as TcpServer } from 'node:net';
import { z } from 'zod';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectDeps, CollectRequest } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import type { ProbeOptions } from '../../src/collectors/probe-route.ts';
import { createProbe } from '../../src/collectors/probe.ts';
import { createRedactor } from '../../src/collectors/redact.ts';
import { createSocketProbe } from '../../src/collectors/websocket-probe.ts';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { componentStates } from '../../src/core/states.ts';
import type { StateReading } from '../../src/core/states.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';

/** Real servers on loopback that do what no honest endpoint does, and what is read of them. */

const open: { close: () => unknown }[] = [];

/** Ends all servers of a test. */
export function closeServers(): void {
  for (const server of open.splice(0)) server.close();
}

/** Starts a server, at a free port of loopback where nothing else is said, and gives its port. */
export async function listening(server: Server | TcpServer, host = '127.0.0.1', port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  open.push({
    close: () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    },
  });
  return z.object({ port: z.number() }).parse(server.address()).port;
}

/** Starts an HTTP server and gives its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}`;
}

export interface Read {
  configuration: Configuration;
  snapshot: Snapshot;
  state: StateReading | undefined;
  /** Values by signal. */
  values: Record<string, string>;
  /** Reasons by signal. */
  gaps: Record<string, string>;
}

/** What is read of one endpoint, under the id `it`; all hosts and addresses are granted. */
export async function readEndpoint(
  component: Record<string, unknown>,
  options: ProbeOptions & { watchMs?: number } = {},
  more: Partial<CollectRequest> & Pick<Partial<CollectDeps>, 'grants' | 'spacingMs'> = {},
): Promise<Read> {
  const configuration = repositorySchema.parse({ version: 1, components: { it: component } });
  const { grants = { project: () => true, endpoint: () => true }, spacingMs, ...request } = more;
  const snapshot = await collect(
    { configuration, ...request },
    {
      google: createGoogleAccess({ endpoint: 'http://127.0.0.1:9' }),
      probe: createProbe(options),
      probeSocket: createSocketProbe(options),
      grants,
      ...(spacingMs === undefined ? {} : { spacingMs }),
      now: () => new Date('2025-03-10T12:00:00Z'),
      redact: createRedactor(),
    },
  );
  return {
    configuration,
    snapshot,
    state: componentStates(configuration, snapshot)['it'],
    values: Object.fromEntries(snapshot.observations.map(({ signal, value }) => [signal, value])),
    gaps: Object.fromEntries(snapshot.gaps.map(({ signal, reason }) => [signal, reason])),
  };
}
