import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeServers, listening } from '../collectors/endpoints.ts';
import { watchAttempts, type Attempts } from './attempts.ts';
import { probeAll, type Probed } from './probing.ts';

/** What a hostile endpoint may answer: where it leads the probe to, and how much of it is read. */

let attempts: Attempts;
beforeEach(() => {
  attempts = watchAttempts();
});
afterEach(() => {
  attempts.end();
  closeServers();
});

const kB = 1_024;

/** Probes one endpoint at this port of 127.0.0.1, once. */
function probeAt(port: number, component: Record<string, unknown>, collectorMs = 2_000): Promise<Probed> {
  const scheme = component['type'] === 'http' ? 'http' : 'ws';
  const samples = component['type'] === 'http' ? { samples: 1 } : {};
  return probeAll(
    { it: { ...component, ...samples, url: `${scheme}://127.0.0.1:${String(port)}/` } },
    [`127.0.0.1:${String(port)}`],
    { collectorMs, watchMs: 100 },
  );
}

const reasonsOf = ({ snapshot }: Probed) => snapshot.gaps.map(({ signal, reason }) => [signal, reason]);
const valuesOf = ({ snapshot }: Probed) =>
  Object.fromEntries(snapshot.observations.map(({ signal, value }) => [signal, value]));

/** A server that counts its requests and answers each with a redirect. */
async function redirecting(status: number, location: (port: number) => string) {
  let asked = 0;
  let port = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status, { location: location(port) }).end();
  });
  server.on('upgrade', (_request, socket) => {
    asked += 1;
    socket.end(
      `HTTP/1.1 ${String(status)} Moved\r\nlocation: ${location(port)}\r\ncontent-length: 0\r\n\r\n`,
    );
  });
  port = await listening(server);
  return { port, asked: () => asked };
}

describe('a redirect is told and not followed', () => {
  const elsewhere: [where: string, location: (port: number) => string][] = [
    ['metadata', () => 'http://169.254.169.254/computeMetadata/v1/'],
    ['metadata by its name', () => 'http://metadata.google.internal/computeMetadata/v1/'],
    ['another host', (port) => `http://127.0.0.2:${String(port)}/`],
    ['another port', () => 'http://127.0.0.1:1/'],
    ['the same host', (port) => `http://127.0.0.1:${String(port)}/next`],
    ['a path', () => '/next'],
    ['another scheme', () => 'file:///etc/passwd'],
    ['a WebSocket', (port) => `ws://127.0.0.2:${String(port)}/`],
  ];
  describe.each(elsewhere)('to %s', (_where, location) => {
    test.each([301, 302, 303, 307, 308])('with %i', async (status) => {
      const server = await redirecting(status, location);
      for (const type of ['http', 'websocket']) {
        const probed = await probeAt(server.port, { type });
        expect(valuesOf(probed)['status']).toBe(String(status));
      }
      expect(server.asked()).toBe(2);
      expect(new Set(attempts.addresses())).toEqual(new Set([`127.0.0.1:${String(server.port)}`]));
    });
  });
});

/** Writes the same again and again for as long as it is taken. */
async function without(end: Socket | ServerResponse, piece: Buffer | string): Promise<void> {
  end.on('error', () => undefined);
  end.setMaxListeners(0);
  while (!end.destroyed) {
    if (end.write(piece)) await nextTurn();
    else
      await new Promise<void>((resolve) => {
        end.once('drain', resolve).once('close', resolve);
      });
  }
}

/** A server that says what it wants to say as soon as it is asked. */
async function raw(say: (socket: Socket) => unknown): Promise<number> {
  return listening(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => void say(socket));
    }),
  );
}

describe('an HTTP answer without measure', () => {
  test('an endless body', async () => {
    const port = await listening(
      createServer((_request, response) => void without(response, Buffer.alloc(16 * kB, 'x'))),
    );
    expect(valuesOf(await probeAt(port, { type: 'http' }))['status']).toBe('200');
    const probed = await probeAt(port, { type: 'http', expect: { contains: 'never there' } });
    expect(valuesOf(probed)['body.contains'] ?? valuesOf(probed)['contains']).toBe('false');
    expect(attempts.mostRead()).toBeGreaterThan(60 * kB);
    expect(attempts.mostRead()).toBeLessThan(256 * kB);
  });

  test('a body of 1 GB by its own word', async () => {
    const port = await listening(
      createServer((_request, response) => {
        response.writeHead(200, { 'content-length': String(1_024 ** 3) });
        void without(response, Buffer.alloc(64 * kB, 'x'));
      }),
    );
    expect(
      valuesOf(await probeAt(port, { type: 'http', expect: { contains: 'never there' } }))['status'],
    ).toBe('200');
    expect(attempts.mostRead()).toBeLessThan(256 * kB);
  });

  test('endless headers', async () => {
    const port = await raw(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      await without(socket, `x-more: ${'x'.repeat(1_000)}\r\n`);
    });
    expect(reasonsOf(await probeAt(port, { type: 'http' }))).toEqual([['*', 'unavailable']]);
    expect(attempts.mostRead()).toBeLessThan(128 * kB);
  });

  test('one header without an end', async () => {
    const port = await raw(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-more: ');
      await without(socket, 'x'.repeat(4_000));
    });
    expect(reasonsOf(await probeAt(port, { type: 'http' }))).toEqual([['*', 'unavailable']]);
    expect(attempts.mostRead()).toBeLessThan(128 * kB);
  });

  test('answers that an answer will come, without end', async () => {
    const port = await raw((socket) => without(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'));
    for (const type of ['http', 'websocket'])
      expect(reasonsOf(await probeAt(port, { type }))).toEqual([['*', 'invalid-response']]);
    expect(attempts.mostRead()).toBeLessThan(128 * kB);
  });

  test('a body that drips', async () => {
    const port = await listening(
      createServer((_request, response) => {
        response.writeHead(200).write('o');
        const drip = setInterval(() => response.write('o'), 20);
        response.on('close', () => {
          clearInterval(drip);
        });
      }),
    );
    expect(valuesOf(await probeAt(port, { type: 'http' }, 400))['status']).toBe('200');
    const probed = await probeAt(port, { type: 'http', expect: { contains: 'never there' } }, 400);
    expect(probed.snapshot.gaps.map(({ reason }) => reason)).toEqual(['timeout']);
    expect(attempts.mostRead()).toBeLessThan(2 * kB);
  });

  test('a small body that would be large once it is decompressed stays as it is', async () => {
    const bomb = gzipSync(Buffer.alloc(30 * 1_024 * kB, 'boom '));
    const port = await listening(
      createServer((_request, response) => {
        response
          .writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(bomb.length) })
          .end(bomb);
      }),
    );
    const probed = await probeAt(port, { type: 'http', expect: { contains: 'boom boom' } });
    expect(probed.snapshot.observations.find(({ value }) => value === 'false')).toBeDefined();
    expect(attempts.mostRead()).toBeLessThan(bomb.length + kB);
  });

  test('a chunk that says it is larger than anything', async () => {
    const port = await raw(async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffff\r\n');
      await without(socket, Buffer.alloc(16 * kB, 'x'));
    });
    await probeAt(port, { type: 'http', expect: { contains: 'never there' } });
    expect(attempts.mostRead()).toBeLessThan(256 * kB);
  });
});

/** The answer to a handshake (RFC 6455, section 4.2.2), then what is to be said. */
async function socketServer(say: (socket: Socket) => unknown): Promise<number> {
  const server = createServer();
  server.on('upgrade', (request, socket: Socket) => {
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.on('error', () => undefined);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    // What is sent reaches nobody before the probe listens.
    setTimeout(() => void say(socket), 20);
  });
  return listening(server);
}

/** A frame as servers send it: without a mask. */
function frame(first: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload);
  if (body.length < 126) return Buffer.concat([Buffer.from([first, body.length]), body]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([Buffer.from([first, 126]), length, body]);
}

const [text, more, last, ping, close] = [0x81, 0x00, 0x80, 0x89, 0x88];
const begun = frame(0x01, 'begun');
const many = (one: Buffer, count: number) => Buffer.concat(Array.from({ length: count }, () => one));

describe('a WebSocket without measure', () => {
  const waiting = { type: 'websocket', expect: { message: 'never there' } };

  test('a message that goes on and on', async () => {
    const port = await socketServer(async (socket) => {
      socket.write(begun);
      await without(socket, frame(more, Buffer.alloc(8 * kB)));
    });
    expect(reasonsOf(await probeAt(port, waiting))).toEqual([['message', 'invalid-response']]);
    expect(attempts.mostRead()).toBeLessThan(384 * kB);
  });

  test('a message that says it is larger than anything', async () => {
    const port = await socketServer((socket) => {
      socket.write(Buffer.from([text, 127, 0, 0, 1, 0, 0, 0, 0, 0]));
    });
    expect(reasonsOf(await probeAt(port, waiting))).toEqual([['message', 'invalid-response']]);
    expect(attempts.mostRead()).toBeLessThan(2 * kB);
  });

  test('pings without end', async () => {
    const port = await socketServer((socket) => without(socket, many(frame(ping, 'x'.repeat(125)), 100)));
    expect(reasonsOf(await probeAt(port, waiting))).toEqual([['message', 'invalid-response']]);
    expect(attempts.mostRead()).toBeLessThan(384 * kB);
    // Each is answered, but not without end.
    expect(attempts.written()).toBeLessThan(8 * kB);
  });

  test('empty fragments without end', async () => {
    const port = await socketServer(async (socket) => {
      socket.write(begun);
      await without(socket, many(frame(more, ''), 1_000));
    });
    expect(reasonsOf(await probeAt(port, waiting))).toEqual([['message', 'invalid-response']]);
    expect(attempts.mostRead()).toBeLessThan(512 * kB);
  });

  test('messages without end, where none is expected', async () => {
    const port = await socketServer((socket) => without(socket, many(frame(text, 'x'.repeat(1_000)), 10)));
    const probed = await probeAt(port, { type: 'websocket' });
    expect(valuesOf(probed)['status']).toBe('101');
    expect(attempts.mostRead()).toBeLessThan(512 * kB);
  });

  test('a reason for the end that is longer than the protocol allows', async () => {
    const port = await socketServer((socket) => {
      socket.write(frame(close, Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.alloc(60 * kB, 'x')])));
    });
    const { snapshot } = await probeAt(port, waiting);
    expect(snapshot.gaps.map(({ reason }) => reason)).toEqual(['invalid-response']);
    expect(JSON.stringify(snapshot)).not.toContain('x'.repeat(124));
  });

  test('a compressed message, which was not agreed on', async () => {
    const port = await socketServer((socket) => {
      socket.write(frame(text | 0x40, gzipSync('boom'.repeat(10_000))));
    });
    expect(reasonsOf(await probeAt(port, waiting))).toEqual([['message', 'invalid-response']]);
  });

  test('a last fragment completes what began, so that the frames above are frames', async () => {
    const port = await socketServer((socket) => {
      socket.write(Buffer.concat([begun, frame(more, ' and '), frame(last, 'ended')]));
    });
    const probed = await probeAt(port, { type: 'websocket', expect: { message: 'begun and ended' } });
    expect(valuesOf(probed)['message']).toBe('true');
    expect(probed.snapshot.gaps).toEqual([]);
  });
});
