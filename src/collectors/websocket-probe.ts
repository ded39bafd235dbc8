import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { limitNotices, probeFailure, routeTo, startStopwatch } from './probe-route.ts';
import type { ProbeCall, ProbeOptions, ProbeRoute } from './probe-route.ts';

/** What became of one WebSocket: its handshake, its first message, and its end. */
interface SocketAnswer {
  /** HTTP status of the handshake: 101 where it opened (RFC 6455, section 4.2.2). */
  status: number;
  /** Milliseconds until then. */
  latencyMs: number;
  /** The first message that came; null where none did, or none was waited for. */
  message: SocketMessage | null;
  /** How the server ended it; null where we did. */
  close: SocketClose | null;
  /** Why it was no longer clear what the server does: a frame against the protocol, or too large. Null for nothing. */
  broken: string | null;
  /** True where the time ended before the wait for a message did. */
  cutShort: boolean;
}

interface SocketMessage {
  /** Milliseconds from the opening until it came. */
  afterMs: number;
  /** Whether it holds the text that was expected. */
  matches: boolean;
}

interface SocketClose {
  /** Code of RFC 6455, section 7.4; 1005 for none, 1006 for an end without a closing frame. */
  code: number;
  /** Foreign text. */
  reason: string;
}

interface SocketCall extends ProbeCall {
  /** Text to send as soon as it is open. */
  send?: string | undefined;
  /** Wait for a first message; a text that it should hold, or true for any. */
  message?: string | true | undefined;
  /** Milliseconds that the message may take. */
  withinMs: number;
}

/** Opens a WebSocket once and closes it. Rejects with a `ReadFailure` where there is no answer to the handshake. */
export type ProbeSocket = (url: string, call: SocketCall) => Promise<SocketAnswer>;

/** All that is read of a WebSocket, in bytes: frames without an end, such as empty fragments, are no message. */
const receivedCap = 256 * 1024;

/** Pings that are answered at most: an answer waits in memory where the server does not read it. */
const pingCap = 20;

/** Largest message that is taken, in bytes. A larger one is refused by its length, before it is read. */
const messageCap = 64 * 1024;

interface SocketProbeOptions extends ProbeOptions {
  /**
   * Milliseconds for which an opened WebSocket is watched where no message is expected: a server that does not
   * want us closes at once. Default 200.
   */
  watchMs?: number;
}

/** How long the server has to answer our closing frame before the connection is cut, ms. */
const farewellMs = 200;

/** Probes over WebSockets, compression off. Redirects are not followed: one is a refused handshake. */
export function createSocketProbe(options: SocketProbeOptions = {}): ProbeSocket {
  const { watchMs = 200, answersAtOnce = false } = options;
  return async (url, call) => {
    const asked = new URL(url);
    const elapsed = startStopwatch(url, options);
    let socket: WebSocket | null = null;
    try {
      call.signal.throwIfAborted();
      const route = await routeTo(asked, options, call.addressGranted);
      socket = new WebSocket(addressOf(asked, route), {
        ...route.connection,
        headers: { host: asked.host, 'user-agent': 'sitrep' },
        perMessageDeflate: false,
        maxPayload: messageCap,
        autoPong: false,
        finishRequest: (request) => {
          limitNotices(request);
          request.end();
        },
      });
      let stream: Socket | null = null;
      socket.on('upgrade', (response) => {
        stream = response.socket;
      });
      const status = await handshake(socket, call.signal);
      const latencyMs = elapsed();
      const nothing = { message: null, close: null, broken: null, cutShort: false };
      if (status !== opened) return { status, latencyMs, ...nothing };
      return {
        status,
        latencyMs,
        ...(await watch(socket, call, { watchMs, answersAtOnce, stream }, () => elapsed() - latencyMs)),
      };
    } catch (error) {
      throw probeFailure(error, asked, call.signal);
    } finally {
      if (socket) leave(socket);
    }
  };
}

const opened = 101;

function addressOf(asked: URL, { secure, connection: { host, port } }: ProbeRoute): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'wss' : 'ws'}://${name}:${port}${asked.pathname}${asked.search}`;
}

/** The status with which the server answers the handshake. */
async function handshake(socket: WebSocket, signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  socket.on('open', () => {
    // What came with the handshake waits until somebody listens.
    socket.pause();
    resolve(opened);
  });
  socket.on('unexpected-response', (request, response) => {
    resolve(response.statusCode ?? 0);
    request.destroy();
  });
  socket.on('error', reject);
  const abort = () => {
    reject(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

type Watched = Omit<SocketAnswer, 'status' | 'latencyMs'>;

/** Watches an opened WebSocket until its first message where one is expected, its end, or the time is over. */
async function watch(
  socket: WebSocket,
  { send, message, withinMs, signal }: SocketCall,
  { watchMs, answersAtOnce, stream }: { watchMs: number; answersAtOnce: boolean; stream: Socket | null },
  sinceOpen: () => number,
): Promise<Watched> {
  const { promise, resolve } = Promise.withResolvers<Partial<Watched>>();
  const timer = setTimeout(resolve, message === undefined ? watchMs : withinMs, {});
  const abort = () => {
    resolve({ cutShort: message !== undefined });
  };
  signal.addEventListener('abort', abort, { once: true });
  socket.on('close', (code, reason) => {
    resolve({ close: { code, reason: reason.toString() } });
  });
  socket.on('error', (error) => {
    resolve({ broken: error.message });
  });
  const tooMuch = (what: string) => {
    resolve(message === undefined ? {} : { broken: `more than ${what} came, and no whole message` });
    socket.terminate();
  };
  let [received, pings] = [0, 0];
  stream?.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > receivedCap) tooMuch(`${receivedCap / 1024} kB`);
  });
  socket.on('ping', (data) => {
    pings += 1;
    if (pings > pingCap) tooMuch(`${pingCap} pings`);
    else if (socket.readyState === WebSocket.OPEN) socket.pong(data);
  });
  if (message !== undefined) {
    socket.once('message', (data) => {
      const matches = message === true || textOf(data).includes(message);
      resolve({ message: { afterMs: sinceOpen(), matches } });
    });
  }
  if (send !== undefined) socket.send(send);
  if (message === undefined && answersAtOnce) {
    // Its answer comes after all that was on the way; a server that closes gives none.
    socket.once('pong', () => resolve({}));
    socket.ping();
  }
  socket.resume();
  try {
    return { message: null, close: null, broken: null, cutShort: false, ...(await promise) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

/** Says goodbye where it is open, and cuts the connection if the server does not answer. Waits for nothing. */
function leave(socket: WebSocket): void {
  // Whatever comes now matters no more; an error without a listener would end the process.
  socket.on('error', () => undefined);
  if (socket.readyState !== WebSocket.OPEN) {
    socket.terminate();
    return;
  }
  socket.close(1000);
  setTimeout(() => {
    socket.terminate();
  }, farewellMs).unref();
}
