import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebhookAnswerer, webhookPath, type WebhookAnswerer, type WebhookDeps } from './webhook.ts';

// An import would read all that the module exports, and with it load the client behind `fetch`: a tenth of a start.
const { createServer } = process.getBuiltinModule('node:http');

/** A listening intake. */
export interface IntakeServer {
  /** Origin, for example http://127.0.0.1:3000. */
  url: string;
  /**
   * Takes no new connection; resolves when those under way are answered, or cut off after so long: a body that trickles
   * in must not outlast the time that the process has. GitHub shows such a delivery as failed, and it is sent again.
   */
  close(withinMs: number): Promise<void>;
}

export interface IntakeOptions extends WebhookDeps {
  host: string;
  port: number;
}

/** Headers that trickle in may not hold a connection for longer; for bodies see `webhook.ts`. */
const headersTimeoutMs = 10_000;
/** The whole of a request, also of one that was refused before its body had come. */
const requestTimeoutMs = 30_000;

/** Listens for webhooks, and answers `/healthz` while the process lives. */
export async function startIntake(options: IntakeOptions): Promise<IntakeServer> {
  const broken = new WeakSet<Duplex>();
  const answerWebhook = createWebhookAnswerer({ ...options, isTold: ({ socket }) => broken.has(socket) });
  const timeouts = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs };
  const server = createServer(timeouts, (request, response) => {
    route(request, response, answerWebhook).catch((error: unknown) => fail(error, response, options));
  });
  server.on('clientError', (error, socket) => {
    if (refuse(error, socket, options)) broken.add(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${String(port)}`,
    close: (withinMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => server.closeAllConnections(), withinMs);
        server.close((error) => {
          clearTimeout(timer);
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeIdleConnections();
      }),
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  answerWebhook: WebhookAnswerer,
): Promise<void> {
  const path = pathOf(request.url ?? '/');
  if (path === webhookPath) {
    await answerWebhook(request, response);
    return;
  }
  const found = path === '/healthz' && request.method === 'GET';
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(found ? 'alive\n' : `not found; webhooks go to ${webhookPath}\n`);
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** Answers to what is no HTTP at all, by the code of Node's error; for all others 400. */
const refusals: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Whoever hung up hears no answer. A body that was cut short so is told of where it is read. */
const hungUp: ReadonlySet<string> = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

/**
 * Refuses what Node could not read as a request: bytes after the announced length, a length that is none, no end. False
 * where nobody is there to hear of it, and nothing is logged.
 */
function refuse(
  error: Error & { code?: string },
  socket: Duplex,
  { log, randomId }: Pick<WebhookDeps, 'log' | 'randomId'>,
): boolean {
  const { code = 'unknown' } = error;
  if (hungUp.has(code) || !socket.writable) {
    socket.destroy();
    return false;
  }
  const status = refusals[code] ?? '400 Bad Request';
  const id = randomId();
  log.info({ id, status: Number.parseInt(status, 10), code }, 'refused: no valid HTTP request');
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: ${String(id.length + 1)}\r\n\r\n${id}\n`,
  );
  return true;
}

/** Ends a request whose answer failed: with an id that the log has too, never with the error's text. */
function fail(
  error: unknown,
  response: ServerResponse,
  { log, randomId }: Pick<WebhookDeps, 'log' | 'randomId'>,
): void {
  const id = randomId();
  log.error({ err: error, id }, 'a request could not be answered');
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`failed (${id})\n`);
}
