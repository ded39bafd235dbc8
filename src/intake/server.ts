import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerWebhook, webhookPath, type WebhookDeps } from './webhook.ts';

/** A listening intake. */
export interface IntakeServer {
  /** Origin, for example http://127.0.0.1:3000. */
  url: string;
  /** Takes no new connection; resolves when those under way are answered. */
  close(): Promise<void>;
}

export interface IntakeOptions extends WebhookDeps {
  host: string;
  port: number;
}

/** A body that trickles in may not hold a connection for longer than this. */
const requestTimeoutMs = 30_000;

/** Listens for webhooks, and answers `/healthz` while the process lives. */
export async function startIntake(options: IntakeOptions): Promise<IntakeServer> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    route(request, response, options).catch((error: unknown) => {
      options.log.error({ err: error }, 'a request ended without an answer');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${String(port)}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeIdleConnections();
      }),
  };
}

async function route(request: IncomingMessage, response: ServerResponse, deps: WebhookDeps): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (path === webhookPath) {
    await answerWebhook(request, response, deps);
    return;
  }
  const found = path === '/healthz' && request.method === 'GET';
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(found ? 'alive\n' : `not found; webhooks go to ${webhookPath}\n`);
}
