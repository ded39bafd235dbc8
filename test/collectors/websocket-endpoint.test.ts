import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createHash } from 'node:crypto';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/core/criteria.ts';
import { closeServers, listening, readEndpoint } from './endpoints.ts';
import type { Read } from './endpoints.ts';

afterEach(closeServers);

/** An honest server, and what it does once a socket is open. */
async function accepting(opened: (socket: WebSocket, request: IncomingMessage) => void): Promise<string> {
  const server = createServer();
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    socket.on('error', () => undefined);
    opened(socket, request);
  });
  return `ws://127.0.0.1:${await listening(server)}/chat?room=1`;
}

/** A server that answers the request for an upgrade by itself. */
async function upgrading(answer: (socket: Duplex, key: string) => void): Promise<string> {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    socket.on('error', () => undefined);
    answer(socket, request.headers['sec-websocket-key'] ?? '');
  });
  return `ws://127.0.0.1:${await listening(server)}/`;
}

/** Opens the WebSocket by the protocol, and then writes what it likes (RFC 6455, section 4.2.2). */
function accepted(socket: Duplex, key: string, ...frames: Buffer[]): void {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n'));
  for (const frame of frames) socket.write(frame);
}

const toLoopback = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

const open = ({ configuration, snapshot }: Read) =>
  evaluate('sockets.all(s, s.open)', { configuration, snapshot, diagnosis: null }).result;

const ask = (url: string, expected?: Record<string, unknown>, ms = 5_000, watchMs = 200) =>
  readEndpoint(
    { type: 'websocket', url, ...(expected ? { expect: expected } : {}) },
    { watchMs },
    { collectorMs: ms },
  );

describe('a WebSocket that opens', () => {
  it('is healthy, and is asked under its own path and host', async () => {
    const seen: (string | undefined)[] = [];
    const url = await accepting((_, request) => seen.push(request.headers.host, request.url));
    const read = await ask(url);
    expect(read.values).toEqual({ status: '101', latency: expect.stringMatching(/^\d/) });
    expect(read.state).toMatchObject({
      state: 'healthy',
      why: expect.stringMatching(/^open in [\d.]+ m?s$/),
    });
    expect(open(read)).toBe('met');
    expect(seen).toEqual([new URL(url).host, '/chat?room=1']);
  });

  it.each<[string, (socket: WebSocket) => void, Record<string, unknown>, string, string]>([
    [
      'sends what is expected',
      (socket) => socket.send('hello, you'),
      { message: 'hello' },
      'true',
      'healthy',
    ],
    ['sends anything', (socket) => socket.send(Buffer.of(1, 2)), { message: true }, 'true', 'healthy'],
    ['sends something else', (socket) => socket.send('go away'), { message: 'hello' }, 'false', 'failing'],
    ['sends nothing in time', () => undefined, { message: 'hello', within: '1s' }, 'false', 'failing'],
    [
      'answers what it is sent',
      (socket) =>
        socket.on('message', (data) =>
          socket.send(`you said ${Buffer.isBuffer(data) ? data.toString() : ''}`),
        ),
      { message: 'you said ping', send: 'ping' },
      'true',
      'healthy',
    ],
    ['closes before the message', (socket) => socket.close(1000), { message: true }, 'false', 'failing'],
  ])('and %s', async (_, opened, expected, message, state) => {
    const read = await ask(await accepting(opened), expected);
    expect(read.values['message']).toBe(message);
    expect(read.state?.state).toBe(state);
    expect(open(read)).toBe('met');
    expect(JSON.stringify(read.snapshot)).not.toMatch(/hello, you|go away/);
  });

  it('and sends nothing as long as there is time to read is unknown', async () => {
    const read = await ask(await accepting(() => undefined), { message: true, within: '10s' }, 700);
    expect(read.gaps).toEqual({ message: 'timeout' });
    expect(read.state?.state).toBe('unknown');
  });

  it.each([
    [1011, 'failing'],
    [1008, 'failing'],
    [1000, 'healthy'],
    [1001, 'healthy'],
  ])('and closes at once with %i', async (code, state) => {
    const read = await ask(
      await accepting((socket) => socket.close(code, 'token=hunter2hunter2')),
      undefined,
      5_000,
      4_000,
    );
    expect(read.values['close.code']).toBe(String(code));
    expect(read.snapshot.observations.find(({ signal }) => signal === 'close.code')?.text).toBe(
      'token=redacted',
    );
    expect(read.state?.state).toBe(state);
  });

  it('and is cut off is told with the code for that', async () => {
    const read = await ask(await accepting((socket) => socket.terminate()), undefined, 5_000, 4_000);
    expect(read.values['close.code']).toBe('1006');
    expect(read.state?.state).toBe('failing');
  });

  // Of a server that says at once all that it will say unasked, nothing more is waited for: here it would be a minute.
  it.each<[string, (socket: WebSocket) => void, Record<string, unknown> | undefined, Record<string, string>]>(
    [
      ['says nothing', () => undefined, undefined, {}],
      ['says what nobody waits for', (socket) => socket.send('hello'), undefined, {}],
      ['closes', (socket) => socket.close(1011), undefined, { 'close.code': '1011' }],
      ['is cut off', (socket) => socket.terminate(), undefined, { 'close.code': '1006' }],
      [
        'speaks and closes',
        (socket) => {
          socket.send('sorry');
          socket.close(1013);
        },
        undefined,
        { 'close.code': '1013' },
      ],
      ['says what is expected', (socket) => socket.send('hello'), { message: 'hello' }, { message: 'true' }],
    ],
  )('and %s, as a server of the sandbox does', async (_, opened, expected, values) => {
    const minute = 60_000;
    const read = await readEndpoint(
      {
        type: 'websocket',
        url: await accepting(opened),
        ...(expected === undefined ? {} : { expect: { within: '60s', ...expected } }),
      },
      { watchMs: minute, answersAtOnce: true },
      { collectorMs: minute, budgetMs: minute },
    );
    expect(read.values).toMatchObject({ status: '101', ...values });
    expect('close.code' in read.values).toBe('close.code' in values);
  });

  it('late is degraded', async () => {
    const url = await accepting(() => undefined);
    const read = await readEndpoint(
      { type: 'websocket', url, expect: { within: '2s' } },
      { stopwatch: () => () => 3_000 },
    );
    expect(read.state).toMatchObject({ state: 'degraded', why: 'open in 3 s, expected within 2s' });
  });
});

describe('a WebSocket that does not open', () => {
  it.each([403, 503, 302, 200])('but is answered %i', async (status) => {
    const read = await ask(
      await upgrading((socket) => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)),
    );
    expect(read.values['status']).toBe(String(status));
    expect(read.state).toMatchObject({ state: 'failing', why: `handshake refused with ${status}` });
    expect(open(read)).toBe('failed');
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['never answers', () => undefined, 'timeout'],
    ['hangs up', (socket) => socket.destroy(), 'unavailable'],
    ['speaks no HTTP', (socket) => socket.end('220 smtp ready\r\n'), 'unavailable'],
    [
      'gives a wrong key',
      (socket) =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n',
        ),
      'unavailable',
    ],
  ])('since the server %s', async (_, connected, reason) => {
    const port = await listening(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => {
          connected(socket);
        });
      }),
    );
    const read = await ask(`ws://127.0.0.1:${port}/`, undefined, 1_500);
    expect(read.gaps).toEqual({ '*': reason });
    expect(open(read)).toBe('unknown');
  });

  it('since TLS fails is a gap that says so', async () => {
    const url = await upgrading(() => undefined);
    const read = await ask(url.replace('ws:', 'wss:'));
    expect(read.gaps).toEqual({ '*': 'unavailable' });
    expect(read.snapshot.gaps[0]?.detail).toContain('no TLS connection to 127.0.0.1');
  });

  it('since its address is private and not granted is not asked', async () => {
    let asked = 0;
    const url = await accepting(() => (asked += 1));
    const grants = { project: () => true, endpoint: ({ hostname }: URL) => hostname === 'shop.example' };
    const named = url.replace('127.0.0.1', 'shop.example');
    const read = await readEndpoint({ type: 'websocket', url: named }, { resolve: toLoopback }, { grants });
    expect([read.gaps, asked]).toEqual([{ '*': 'not-granted' }, 0]);
    const direct = { project: () => true, endpoint: () => false };
    expect((await readEndpoint({ type: 'websocket', url }, {}, { grants: direct })).gaps).toEqual({
      '*': 'not-granted',
    });
    expect(asked).toBe(0);
  });
});

describe('a WebSocket whose server', () => {
  // A text frame that says it holds 100 MB: its length is refused before anything of it is read.
  const huge = Buffer.from([0x81, 127, 0, 0, 0, 0, 0x06, 0x40, 0, 0]);

  it.each<[string, Buffer]>([
    ['sends a message of 100 MB', huge],
    ['breaks the protocol', Buffer.from([0xff, 0xff, 0xff])],
    ['sends text that is none', Buffer.from([0x81, 2, 0xff, 0xfe])],
  ])('%s is unknown where a message is expected', async (_, frame) => {
    const url = await upgrading((socket, key) => {
      accepted(socket, key, frame);
    });
    const read = await ask(url, { message: true });
    expect(read.values['status']).toBe('101');
    expect(read.gaps).toEqual({ message: 'invalid-response' });
    expect(read.state?.state).toBe('unknown');
  });

  it('floods the line is left after the first message', async () => {
    const url = await accepting((socket) => {
      const more = () => {
        if (socket.readyState === socket.OPEN) socket.send('x'.repeat(60_000), more);
      };
      more();
    });
    const read = await ask(url, { message: 'x' });
    expect(read.values['message']).toBe('true');
  });

  it('never closes is cut off', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const url = await upgrading((socket, key) => {
      accepted(socket, key);
      socket.resume();
      // Our closing frame is not answered; that the connection ends all the same is our doing.
      socket.on('end', () => {
        resolve();
      });
    });
    expect((await ask(url)).values['status']).toBe('101');
    await gone;
  });
});
