import { latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** CPU of its instances, %, from which a connector at its maximum has nothing left to give. Expert setting. */
export const loadedCpu = 80;

/**
 * A Serverless VPC Access connector. `READY` says that its configuration was accepted, not that it carries the
 * load: without the number of instances against the maximum it is unknown. At the maximum it is degraded (it
 * cannot grow), and failing where its CPU is at 80 % or more as well.
 */
export function connectorState(id: string, index: Observations): StateReading {
  const state = latest(index, id, signal.state);
  if (!state) return unread(index, id, [signal.state]);
  if (state.value === 'STATE_UNSPECIFIED') return reading('unknown', `state ${state.value}`, [state]);
  if (state.value === 'UPDATING') return reading('degraded', state.value, [state]);
  if (state.value !== 'READY') return reading('failing', state.value, [state]);

  const instances = latest(index, id, signal.instances);
  const max = latest(index, id, signal.instancesMax);
  const cpu = latest(index, id, signal.cpu);
  const used = numberOf(instances);
  const limit = numberOf(max);
  if (!instances || !max || used === null || limit === null) {
    return unread(index, id, [signal.instances, signal.instancesMax], [state], 'READY, load unread');
  }
  const seen = [state, instances, max, ...(cpu ? [cpu] : [])];
  const why = `${instances.value}/${max.value} instances${cpuFigure(cpu)}, READY`;
  if (used < limit) return reading('healthy', why, seen);
  return reading((numberOf(cpu) ?? 0) >= loadedCpu ? 'failing' : 'degraded', why, seen);
}

function cpuFigure(cpu: Observation | undefined): string {
  return cpu ? `, CPU ${cpu.value} %` : '';
}
