import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { z } from 'zod';
import { afterEach, describe, expect, it } from 'vitest';
import { createProbe } from '../../src/collectors/probe.ts';
import { probeFailure } from '../../src/collectors/probe-route.ts';
import type { ProbeOptions } from '../../src/collectors/probe-route.ts';
import { isPublicAddress } from '../../src/collectors/public-address.ts';

const servers: { close: () => unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return z.object({ port: z.number() }).parse(server.address()).port;
}

async function serve(listener: RequestListener): Promise<{ origin: string; port: number }> {
  const server = createServer(listener);
  servers.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  const port = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, port };
}

const granted = () => true;
const ask = (
  url: string,
  options: ProbeOptions = {},
  ms = 5_000,
  addressGranted: (address: string) => boolean = granted,
) => createProbe(options)(url, { signal: AbortSignal.timeout(ms), addressGranted });

const sevenSeconds = () => () => 7_200;

describe('a probe', () => {
  it('asks once, under the original name, also where it is led to loopback', async () => {
    const seen: (string | undefined)[] = [];
    const { origin } = await serve((request, response) => {
      seen.push(`${request.method} ${request.headers.host}${request.url}`);
      response.writeHead(503).end();
    });
    const map = { 'https://shop.example': origin };
    expect(await ask('https://shop.example/health?deep=1', { map })).toMatchObject({
      status: 503,
      redirect: null,
    });
    expect(seen).toEqual(['GET shop.example/health?deep=1']);
  });

  it('tells the time until the headers, by the stopwatch', async () => {
    const { origin } = await serve((_, response) => response.end('ok'));
    expect(await ask(`${origin}/`, { stopwatch: sevenSeconds })).toMatchObject({
      status: 200,
      latencyMs: 7_200,
    });
  });

  it('does not follow a redirect, and tells where it leads', async () => {
    const paths: (string | undefined)[] = [];
    const { origin } = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/login?next=%2F' }).end();
    });
    const map = { 'https://shop.example': origin };
    expect(await ask('https://shop.example/', { map })).toMatchObject({
      status: 302,
      redirect: 'https://shop.example/login?next=%2F',
    });
    expect(paths).toEqual(['/']);
  });

  it('reads no more of an endless body than it needs', async () => {
    const { promise: gone, resolve: closed } = Promise.withResolvers<void>();
    const { origin } = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', more).on('close', () => {
        closed();
      });
      more();
    });
    expect((await ask(`${origin}/`)).status).toBe(200);
    await gone;
  });
});

const failure = (url: string, options: ProbeOptions = {}, ms = 5_000) =>
  ask(url, options, ms).then(
    () => 'an answer',
    (error: unknown) => error,
  );

describe('a probe without an answer', () => {
  it('says that the time was over', async () => {
    const { origin } = await serve(() => undefined);
    expect(await failure(`${origin}/`, {}, 200)).toMatchObject({ reason: 'timeout' });
  });

  it('says that the connection was refused', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(`http://127.0.0.1:${port}/`)).toMatchObject({
      reason: 'unavailable',
      detail: '127.0.0.1 refused the connection',
    });
  });

  it('says that there is no TLS', async () => {
    const { port } = await serve((_, response) => response.end());
    expect(await failure(`https://127.0.0.1:${port}/`)).toMatchObject({
      reason: 'unavailable',
      detail: expect.stringContaining('no TLS connection to 127.0.0.1'),
    });
  });

  it('says that DNS knows no such host', async () => {
    expect(await failure('http://no-such-host.invalid/')).toMatchObject({
      reason: 'unavailable',
      detail: expect.stringContaining('no-such-host.invalid'),
    });
  });

  it('says that the other side hung up', async () => {
    const { origin } = await serve((request) => request.socket.destroy());
    expect(await failure(`${origin}/`)).toMatchObject({ reason: 'unavailable' });
  });
});

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('why there was no answer', () => {
  const url = new URL('https://shop.example/');
  it.each([
    [
      'without the address that we connect from',
      coded('EHOSTUNREACH', 'connect EHOSTUNREACH 34.120.7.9:443 - Local (10.2.0.5:41234)'),
      'no answer of shop.example: connect EHOSTUNREACH 34.120.7.9:443',
    ],
    [
      'by its code where it has no words, as of several addresses tried',
      Object.assign(new AggregateError([]), { code: 'ETIMEDOUT' }),
      'no answer of shop.example: ETIMEDOUT',
    ],
    [
      'as TLS tells it',
      coded('CERT_HAS_EXPIRED', 'certificate has expired'),
      'no TLS connection to shop.example: certificate has expired',
    ],
  ])('is told %s', (_, error, detail) => {
    expect(probeFailure(error, url, new AbortController().signal)).toMatchObject({
      reason: 'unavailable',
      detail,
    });
  });
});

describe('a private address', () => {
  it.each(['http://127.0.0.1', 'http://localhost'])(
    'is not asked unless it is granted itself: %s',
    async (host) => {
      let asked = 0;
      const { port } = await serve((_, response) => {
        asked += 1;
        response.end();
      });
      await expect(ask(`${host}:${port}/`, {}, 5_000, () => false)).rejects.toMatchObject({
        reason: 'not-granted',
      });
      expect(asked).toBe(0);
      const addresses: string[] = [];
      const note = (address: string) => addresses.push(address) > 0;
      expect((await ask(`${host}:${port}/`, {}, 5_000, note)).status).toBe(200);
      expect(addresses).toContain('127.0.0.1');
    },
  );

  it.each([
    ['8.8.8.8', true],
    ['172.32.0.1', true],
    ['2606:4700:4700::1111', true],
    ['::ffff:8.8.8.8', true],
    ['10.0.0.1', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['127.0.0.2', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::a00:1', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});
