import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/**
 * Gives recorded answers again, each after the same time, in a process of its own: what a stand-in needs to make so many
 * answers at once is no part of what is measured.
 */

const order = z.object({
  answers: z.array(z.tuple([z.string(), z.string()])).optional(),
  latencyMs: z.number().optional(),
  /** Requests whose path contains one of these are never answered. */
  hanging: z.array(z.string()).optional(),
});

const answers = new Map<string, string>();
let latencyMs = 0;
let hanging: readonly string[] = [];

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    void answer(
      `${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`,
      request.url ?? '',
      response,
    );
  });
});

async function answer(key: string, path: string, response: ServerResponse): Promise<void> {
  if (hanging.some((part) => path.includes(part))) return;
  if (path !== '/token') await delay(latencyMs);
  const body =
    path === '/token'
      ? '{"access_token":"t","expires_in":3599,"token_type":"Bearer"}'
      : path.startsWith('/health/')
        ? 'ok'
        : answers.get(key);
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body);
}

process.on('message', (message) => {
  const given = order.parse(message);
  for (const [key, body] of given.answers ?? []) answers.set(key, body);
  latencyMs = given.latencyMs ?? latencyMs;
  hanging = given.hanging ?? hanging;
  process.send?.({ port: z.object({ port: z.number() }).parse(server.address()).port });
});
server.listen(0, '127.0.0.1', () => process.send?.({ ready: true }));
process.on('disconnect', () => process.exit());
