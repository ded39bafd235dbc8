import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { z } from 'zod';

/**
 * What this process connects to, seen where Node opens sockets and not where the product says so: each address that a
 * connection is tried to, and the bytes that were read of it.
 */
export interface Attempts {
  /** `address:port` of every attempt so far, in order. */
  addresses(): string[];
  /** Bytes that were read of the largest connection. */
  mostRead(): number;
  /** Bytes that were written to all. */
  written(): number;
  end(): void;
}

const opened = z.object({ socket: z.custom<Socket>((value) => typeof value === 'object' && value !== null) });

/** Watches from now on. Every test ends what it began. */
export function watchAttempts(): Attempts {
  const addresses: string[] = [];
  const sockets: Socket[] = [];
  const see = (message: unknown): void => {
    const { socket } = opened.parse(message);
    sockets.push(socket);
    socket.on('connectionAttempt', (address, port) => addresses.push(`${address}:${String(port)}`));
  };
  subscribe('net.client.socket', see);
  return {
    addresses: () => [...addresses],
    mostRead: () => Math.max(0, ...sockets.map(({ bytesRead }) => bytesRead)),
    written: () => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    end: () => {
      unsubscribe('net.client.socket', see);
    },
  };
}
