import type { ProbeOptions } from './probe-route.ts';
import { createProbe } from './probe.ts';
import type { ProbeEndpoint } from './probe.ts';
import { createSocketProbe } from './websocket-probe.ts';
import type { ProbeSocket } from './websocket-probe.ts';

/** Stands before the probes: looks on, as a recording does, or answers in their place, as the play of one does. */
export interface ProbeLayer {
  http(probe: ProbeEndpoint): ProbeEndpoint;
  websocket(probe: ProbeSocket): ProbeSocket;
}

/** The two probes, behind a layer where there is one. */
export function probesBehind(
  layer: ProbeLayer | undefined,
  options: ProbeOptions,
): { probe: ProbeEndpoint; probeSocket: ProbeSocket } {
  const [probe, probeSocket] = [createProbe(options), createSocketProbe(options)];
  return { probe: layer?.http(probe) ?? probe, probeSocket: layer?.websocket(probeSocket) ?? probeSocket };
}
