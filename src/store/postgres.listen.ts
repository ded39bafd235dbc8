import { Client, type ClientConfig } from 'pg';
import type { Listener, StoreLog } from './engine.ts';
import { endedSoon } from './postgres.patience.ts';

const firstRetryMs = 1_000;
/** A server that comes back is heard soon, and one that stays away is not called at all the time. */
const longestRetryMs = 5_000;

/**
 * Hears NOTIFY over a connection of its own, which is opened anew when it breaks. A notification only saves the
 * time to the next poll, so what is missed in between is late, not lost.
 */
export async function listenOn(
  settings: ClientConfig,
  channel: string,
  onNotification: (payload: string) => void,
  log: StoreLog,
): Promise<Listener> {
  let client: Client | null = null;
  let retry: NodeJS.Timeout | null = null;
  let closed = false;
  let failures = 0;

  async function connect(): Promise<void> {
    const next = new Client(settings);
    next.on('notification', ({ payload = '' }) => onNotification(payload));
    next.once('error', (error) => again(next, error));
    try {
      await next.connect();
      await next.query(`listen ${next.escapeIdentifier(channel)}`);
      if (closed) return await next.end();
      client = next;
      failures = 0;
    } catch (error) {
      again(next, error);
    }
  }

  function again(broken: Client, error: unknown): void {
    if (closed || retry !== null) return;
    client = null;
    broken.removeAllListeners();
    broken.on('error', () => undefined); // a connection that is given up may still report its end
    broken
      .end()
      .catch((cause: unknown) => log.warn({ err: cause }, 'A broken connection could not be closed.'));
    const pause = Math.min(firstRetryMs * 2 ** failures, longestRetryMs);
    failures += 1;
    log.warn(
      { err: error },
      `The connection that hears of new jobs broke; the next try is in ${pause / 1000} s.`,
    );
    retry = setTimeout(() => {
      retry = null;
      void connect();
    }, pause);
  }

  await connect();
  return {
    async close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      if (client !== null) await endedSoon(client.end());
    },
  };
}
