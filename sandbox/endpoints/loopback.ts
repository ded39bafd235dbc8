import type { Server } from 'node:http';
import { Server as SecureServer } from 'node:https';

/** Listens on a free port of 127.0.0.1 and gives the origin. */
export async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return `${server instanceof SecureServer ? 'https' : 'http'}://127.0.0.1:${address.port}`;
}

/** Ends every connection, also one that still waits for its answer, and stops listening. */
export async function shut(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
}
