import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerHealth, type HealthDeps } from './health.ts';
import { createWebhookAnswerer, webhookPath, type WebhookAnswerer, type WebhookDeps } from './webhook.ts';

// An import would read all that the module exports, and with it load the client behind `fetch`: a tenth of a start.
const { createServer } = process.getBuiltinModule('node:http');

/** A listening intake. */
export interface IntakeServer {
  /** Origin, for example http://127.0.0.1:3000. */
  url: string;
  /**
   * Refuses every delivery from now on; resolves when those under way are answered, or after so long. Health is still told.
   */
  refuse(withinMs: number): Promise<void>;
  /**
   * Takes no new connection; resolves when those under way are answered, or cut off after so long: a body that trickles
   * in must not outlast the time that the process has. GitHub shows such a delivery as failed, and it is sent again.
   */
  close(withinMs: number): Promise<void>;
}

export interface IntakeOptions extends Omit<WebhookDeps, 'isTold' | 'isStopping'> {
  host: string;
  port: number;
  /** What is told of the health of the process; that it lives, where it is missing. */
  health?: HealthDeps;
}

const aliveAlone: HealthDeps = { notReady: () => Promise.resolve([]), metrics: null };

/** Headers that trickle in may not hold a connection for longer; for bodies see `webhook.ts`. */
const headersTimeoutMs = 10_000;
/** The whole of a request, also of one that was refused before its body had come. */
const requestTimeoutMs = 30_000;

/** Listens for webhooks, and tells its health until it is closed. */
export async function startIntake(options: IntakeOptions): Promise<IntakeServer> {
  const { health = aliveAlone } = options;
  const broken = new WeakSet<Duplex>();
  let stopping = false;
  const answerWebhook = counted(
    createWebhookAnswerer({
      ...options,
      isTold: ({ socket }) => broken.has(socket),
      isStopping: () => stopping,
    }),
  );
  const timeouts = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs };
  const server = createServer(timeouts, (request, response) => {
    route(request, response, answerWebhook.answer, health).catch((error: unknown) =>
      fail(error, response, options),
    );
  });
  server.on('clientError', (error, socket) => {
    if (!refuse(error, socket, options)) return;
    broken.add(socket);
    options.watch?.('refused', 'no HTTP', 0);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${String(port)}`,
    async refuse(withinMs) {
      stopping = true;
      await answerWebhook.idle(withinMs);
    },
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

/** Knows when no webhook is being answered. */
function counted(answerer: WebhookAnswerer): {
  answer: WebhookAnswerer;
  /** Resolves then, or after so long. */
  idle(withinMs: number): Promise<void>;
} {
  let underWay = 0;
  let idle = Promise.withResolvers<void>();
  return {
    async answer(request, response) {
      underWay += 1;
      try {
        await answerer(request, response);
      } finally {
        underWay -= 1;
        if (underWay === 0) idle.resolve();
      }
    },
    async idle(withinMs) {
      if (underWay === 0) return;
      idle = Promise.withResolvers<void>();
      const timer = setTimeout(idle.resolve, withinMs);
      await idle.promise;
      clearTimeout(timer);
    },
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  answerWebhook: WebhookAnswerer,
  health: HealthDeps,
): Promise<void> {
  const path = pathOf(request.url ?? '/');
  if (path === webhookPath) {
    await answerWebhook(request, response);
    return;
  }
  if (await answerHealth(path, request, response, health)) return;
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`not found; webhooks go to ${webhookPath}\n`);
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
