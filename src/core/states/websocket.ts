import type { WebSocketComponent } from '../../config/repository.schema.ts';
import { gapsOf, latest, numberOf } from '../observations.ts';
import type { Observations } from '../observations.ts';
import { signal } from '../signals.ts';
import { durationSeconds } from './duration.ts';
import { figure, reading, unread } from './reading.ts';
import type { StateReading } from './reading.ts';

/** HTTP's answer to an accepted WebSocket (RFC 6455, section 4.2.2). */
const switchingProtocols = 101;

/** Codes of a close that nothing is wrong with: done, and going away (RFC 6455, section 7.4.1). */
const peaceful: ReadonlySet<number> = new Set([1000, 1001]);

/**
 * A WebSocket is healthy if it opened in time, stayed open, and gave the expected first message where one is
 * expected; degraded if it opened late; failing if its handshake was refused, the server closed it at once for a
 * reason of its own, or the message did not come. No answer to the handshake is a gap, hence unknown.
 */
export function webSocketState(id: string, component: WebSocketComponent, index: Observations): StateReading {
  const status = latest(index, id, signal.status);
  if (!status) return unread(index, id, [signal.status]);
  const latency = latest(index, id, signal.latency);
  const seen = latency ? [status, latency] : [status];
  if (numberOf(status) !== switchingProtocols) {
    return reading('failing', `handshake refused with ${status.value}`, seen);
  }
  const opened = latency ? `open in ${figure(latency)}` : 'open';
  const close = latest(index, id, signal.closeCode);
  const message = latest(index, id, signal.message);
  const all = [...seen, ...(message ? [message] : []), ...(close ? [close] : [])];
  if (message?.value === 'false') {
    return reading('failing', `${opened}, without the expected message${closing(close?.value)}`, all);
  }
  if (close && !peaceful.has(numberOf(close) ?? 0)) {
    return reading('failing', `${opened}${closing(close.value)}`, all);
  }
  const isUnclear = component.expect?.message !== undefined && !message;
  if (isUnclear || gapsOf(index, id, signal.closeCode).length > 0) {
    return unread(index, id, [signal.message, signal.closeCode], all, opened);
  }
  const seconds = numberOf(latency);
  if (!latency || seconds === null) return unread(index, id, [signal.latency], all, opened);
  const limit = component.expect?.within ?? '10s';
  if (seconds > durationSeconds(limit)) {
    return reading('degraded', `${opened}, expected within ${limit}`, all);
  }
  return reading('healthy', message ? `${opened}, expected message came` : opened, all);
}

function closing(code: string | undefined): string {
  return code === undefined ? '' : `, closed by the server with ${code}`;
}
