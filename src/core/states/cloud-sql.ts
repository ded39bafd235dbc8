import { current, latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import type { Observation } from '../snapshot.ts';
import { signal } from '../signals.ts';
import { reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** Share of `max_connections` from which new connections are refused soon. Expert setting. */
export const fullConnections = 0.9;

/** CPU and disk of an instance, %, from which it has next to nothing left to give. Expert settings. */
const loadedCpu = 95;
const fullDisk = 95;

/** Values of the state that say nothing. */
const unclear = new Set(['SQL_INSTANCE_STATE_UNSPECIFIED', 'UNKNOWN_STATE']);

/**
 * A Cloud SQL instance. `RUNNABLE` says that it was started, not that it answers: it is healthy only where its
 * own metrics say so (`up` = 1, or open connections below the limit). An operation in progress makes it
 * degraded, connections at 90 % of the limit, CPU or disk at 95 % too; suspended, stopped, under maintenance or down is failing.
 */
export function cloudSqlState(id: string, index: Observations): StateReading {
  const state = latest(index, id, signal.state);
  if (!state) return unread(index, id, [signal.state]);
  const up = latest(index, id, signal.up);
  const activation = latest(index, id, signal.activation);
  if (unclear.has(state.value)) return reading('unknown', `state ${state.value}`, [state]);
  if (state.value === 'ONLINE_MAINTENANCE') return reading('degraded', state.value, [state]);
  if (state.value !== 'RUNNABLE') return reading('failing', state.value, [state]);
  if (activation?.value === 'NEVER')
    return reading('failing', 'stopped (activation NEVER)', [state, activation]);
  if (up && numberOf(up) === 0) return reading('failing', `${state.value}, up ${up.value}`, [state, up]);

  const running = current(index, id, signal.operation).find(isRunning);
  if (running) return reading('degraded', `${running.value} in progress`, [state, running]);
  return connectionsState(id, index, state, up);
}

function connectionsState(
  id: string,
  index: Observations,
  state: Observation,
  up: Observation | undefined,
): StateReading {
  const backends = latest(index, id, signal.backends);
  const limit = latest(index, id, `${signal.flag}max_connections`);
  const open = numberOf(backends);
  const allowed = numberOf(limit);
  const seen = [state, ...(up ? [up] : []), ...(backends ? [backends] : [])];
  if (backends && limit && open !== null && allowed !== null && open >= allowed * fullConnections) {
    return reading('degraded', `${backends.value} of ${limit.value} connections, RUNNABLE`, [...seen, limit]);
  }
  const full = [
    { word: 'CPU', found: latest(index, id, signal.cpu), from: loadedCpu },
    { word: 'disk', found: latest(index, id, signal.disk), from: fullDisk },
  ].flatMap(({ word, found, from }) =>
    found && (numberOf(found) ?? 0) >= from ? [{ found, clause: `${word} ${found.value} %` }] : [],
  );
  if (full.length > 0) {
    const why = `${full.map(({ clause }) => clause).join(', ')}, RUNNABLE`;
    return reading('degraded', why, [...seen, ...full.map(({ found }) => found)]);
  }
  if (up ? numberOf(up) !== 1 : open === null || open === 0) {
    return unread(index, id, [signal.up, signal.backends], seen, 'RUNNABLE, not shown to answer');
  }
  const bound = limit ?? latest(index, id, signal.defaultConnections);
  const of = bound ? ` of ${bound.value}${limit ? '' : ' (documented default)'}` : '';
  const why = backends ? `RUNNABLE, ${backends.value}${of} connections` : 'RUNNABLE, up 1';
  return reading('healthy', why, [...seen, ...(backends && bound ? [bound] : [])]);
}

/** An operation (restart, failover, update …) that has begun and not ended. */
export function isRunning(operation: Observation): boolean {
  return /\b(RUNNING|PENDING)\b/.test(operation.value);
}
