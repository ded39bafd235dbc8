import { connect } from 'node:net';

/** A request byte by byte, as no HTTP client would send some of them. */
export interface RawRequest {
  method: string;
  path: string;
  /** In order; a name may come twice. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** How the body's end is told; `none` tells nothing. */
  framing: 'length' | 'chunked' | 'none';
}

const patienceMs = 20_000;

/**
 * Sends it on a connection of its own; gives the status of the answer, or null where the connection ended without one.
 * Afterwards the connection is cut.
 */
export function sendRaw(origin: string, request: RawRequest): Promise<number | null> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytesOf(request)));
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3}) /u.exec(received)?.[1];
      resolve(status === undefined ? null : Number(status));
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer to ${request.method} ${request.path.slice(0, 200)}`));
    }, patienceMs);
    socket.on('data', (piece) => {
      received += piece.toString('latin1');
      if (received.includes('\r\n\r\n')) end();
    });
    socket.on('error', () => undefined); // a reset is an end, too
    socket.on('close', end);
  });
}

function bytesOf({ method, path, headers, body, framing }: RawRequest): Buffer {
  const framed: [string, string][] =
    framing === 'length'
      ? [['content-length', String(body.length)]]
      : framing === 'chunked'
        ? [['transfer-encoding', 'chunked']]
        : [];
  const lines = [...headers, ...framed].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: sitrep\r\n${lines.join('')}\r\n`, 'latin1');
  return Buffer.concat([head, framing === 'chunked' ? chunked(body) : body]);
}

/** The body in three chunks at most. */
function chunked(body: Buffer): Buffer {
  const third = Math.ceil(body.length / 3) || 1;
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += third) {
    const piece = body.subarray(at, at + third);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}
