import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { frozenClock } from '../../sandbox/clock.ts';
import type { SandboxClock } from '../../sandbox/clock.ts';
import { startEndpoints } from '../../sandbox/endpoints.ts';
import type { EndpointsStandIn } from '../../sandbox/endpoints.ts';
import { scenarioWith } from './google/start.ts';

let clock: SandboxClock;
let endpoints: EndpointsStandIn;
afterEach(async () => {
  await endpoints.close();
});

type Changes = Pick<NonNullable<Parameters<typeof scenarioWith>[0]>, 'endpoints' | 'faults'>;

async function startWith(changes: Changes): Promise<void> {
  const scenario = scenarioWith(changes);
  clock = frozenClock(new Date(scenario.start));
  endpoints = await startEndpoints({ scenario, clock });
}

/** Asks for a URL where the probe map leads it. */
function probe(url: string, init?: RequestInit): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  return fetch(`${endpoints.probeMap[origin]}${pathname}${search}`, { redirect: 'manual', ...init });
}

const health = 'https://shop.example/health?full=1';
const two = [
  {
    url: health,
    states: [
      { status: 200, latency_ms: 80, body: 'fine' },
      { from: '2025-03-10T12:10:00Z', status: 503, latency_ms: 4_900 },
    ],
  },
  {
    url: 'https://shop.example/old',
    states: [{ status: 302, headers: { location: 'https://shop.example/new' } }],
  },
  { url: 'http://mail.example:8080/', states: [{ status: 204 }] },
];

test('each origin has one loopback server', async () => {
  await startWith({ endpoints: two });
  expect(Object.keys(endpoints.probeMap)).toEqual(['https://shop.example', 'http://mail.example:8080']);
  for (const origin of Object.values(endpoints.probeMap))
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('an endpoint answers as its state is at the time', async () => {
  await startWith({ endpoints: two });
  const first = await probe(health);
  expect([first.status, await first.text()]).toEqual([200, 'fine']);
  clock.advance(600_000);
  expect((await probe(health)).status).toBe(503);
  expect((await probe('http://mail.example:8080/')).status).toBe(204);
  const redirect = await probe('https://shop.example/old');
  expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'https://shop.example/new']);
  expect(endpoints.requests.map(({ url, status }) => `${url} ${status}`)).toEqual([
    `${health} 200`,
    `${health} 503`,
    'http://mail.example:8080/ 204',
    'https://shop.example/old 302',
  ]);
});

test('what the scenario does not name is 404', async () => {
  await startWith({ endpoints: two });
  for (const url of [
    'https://shop.example/health',
    'https://shop.example/',
    'https://shop.example/health?full=2',
  ]) {
    expect((await probe(url)).status).toBe(404);
    expect(endpoints.latencyOf(url)).toBeNull();
  }
  expect(endpoints.latencyOf('https://other.example/')).toBeNull();
});

test('a short latency is virtual and follows the state', async () => {
  await startWith({ endpoints: two });
  expect(endpoints.latencyOf(health)).toBe(80);
  clock.advance(600_000);
  expect(endpoints.latencyOf(health)).toBe(4_900);
  expect(endpoints.latencyOf('https://shop.example/old')).toBe(50);
});

test('a latency of 5 s or more is really held back', async () => {
  await startWith({ endpoints: [{ url: health, states: [{ status: 200, latency_ms: 5_000 }] }] });
  expect(endpoints.latencyOf(health)).toBeNull();
  const result = probe(health).then(
    () => 'answered',
    () => 'cut off',
  );
  await vi.waitUntil(() => endpoints.requests.length === 1);
  expect(endpoints.requests[0]?.status).toBeNull();
  await endpoints.close();
  expect(await result).toBe('cut off');
  await startWith({ endpoints: two });
});

test.each([
  ['html-502', 502, 'text/html; charset=utf-8'],
  ['unavailable', 503, 'text/plain; charset=utf-8'],
] as const)('the fault %s is answered by a proxy, at its time', async (kind, status, type) => {
  const faults = [{ api: 'https://shop.example', path: '/health', kind, to: '2025-03-10T12:05:00Z' }];
  await startWith({ endpoints: two, faults });
  const answer = await probe(health);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
  expect((await probe('https://shop.example/old')).status).toBe(302);
  clock.advance(300_000);
  expect((await probe(health)).status).toBe(200);
});

test('the fault hang answers nothing until the stand-in closes', async () => {
  await startWith({ endpoints: two, faults: [{ api: 'https://shop.example', kind: 'hang' }] });
  expect(endpoints.latencyOf(health)).toBeNull();
  const result = probe(health).then(
    () => 'answered',
    () => 'cut off',
  );
  expect((await probe('http://mail.example:8080/')).status).toBe(204);
  await endpoints.close();
  expect(await result).toBe('cut off');
  await startWith({ endpoints: two });
});

test('a HEAD request has no body', async () => {
  await startWith({ endpoints: two });
  const answer = await probe(health, { method: 'HEAD' });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
});

/** Opens a WebSocket where the probe map leads it; gives what became of it, as one line. */
async function opening(url: string): Promise<string> {
  const { origin, pathname } = new URL(url);
  const server = endpoints.probeMap[origin.replace(/^ws/, 'http')] ?? '';
  const socket = new WebSocket(`${server.replace(/^http/, 'ws')}${pathname}`);
  const seen: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on('open', () => seen.push('open'));
  socket.on('message', (data) => seen.push(Buffer.isBuffer(data) ? data.toString() : 'no text'));
  socket.on('unexpected-response', (_, response) => {
    resolve(`refused ${response.statusCode}`);
    socket.terminate();
  });
  socket.on('error', () => {
    resolve('error');
  });
  socket.on('close', (code, reason) => {
    resolve([...seen, code, reason.toString()].join(' '));
  });
  return promise;
}

const chat = 'wss://shop.example/chat';
const sockets = [
  ...two,
  {
    url: chat,
    states: [
      { status: 101, message: 'hello', close: { code: 1011, reason: 'no database' } },
      { from: '2025-03-10T12:10:00Z', status: 503, body: 'unwell' },
    ],
  },
];

test('a WebSocket opens, speaks and closes as its state is at the time', async () => {
  await startWith({ endpoints: sockets });
  expect(await opening(chat)).toBe('open hello 1011 no database');
  clock.advance(600_000);
  expect(await opening(chat)).toBe('refused 503');
  expect(await opening('wss://shop.example/other')).toBe('refused 404');
  expect(endpoints.latencyOf(chat)).toBe(50);
  expect(endpoints.requests.map(({ url, status }) => `${url} ${status}`)).toEqual([
    `${chat} 101`,
    `${chat} 503`,
    'wss://shop.example/other 404',
  ]);
  // Asked without an upgrade there is no page at that URL.
  expect((await probe('https://shop.example/chat')).status).toBe(404);
});

test('a WebSocket meets the faults of its own origin, and is cut off by closing', async () => {
  await startWith({
    endpoints: sockets,
    faults: [{ api: 'wss://shop.example', kind: 'hang', to: '2025-03-10T12:05:00Z' }],
  });
  const held = opening(chat);
  await vi.waitUntil(() => endpoints.requests.length === 1);
  expect((await probe(health)).status).toBe(200);
  await endpoints.close();
  expect(await held).toBe('error');
  await startWith({ endpoints: sockets, faults: [{ api: 'wss://shop.example', kind: 'unavailable' }] });
  expect(await opening(chat)).toBe('refused 503');
});

test('the certificate is that of the time, and DNS answers as the scenario says', async () => {
  const states = [
    { status: 200, tls: { issuer: 'Old CA', expires: '2025-03-10T12:05:00Z' } },
    { from: '2025-03-10T12:10:00Z', status: 200, tls: { issuer: 'New CA', expires: '2051-06-08T12:05:00Z' } },
  ];
  const addresses = ['34.120.7.9', '2600:1901::7'];
  await startWith({ endpoints: [{ url: 'https://shop.example/', addresses, states }] });
  const served = async () => {
    const { port } = new URL(endpoints.probeMap['https://shop.example'] ?? '');
    const socket = connect({ port: Number(port), servername: 'shop.example', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { subject, issuer, valid_to: end, subjectaltname } = socket.getPeerCertificate();
    socket.destroy();
    return [subject.CN, issuer.CN, new Date(end).toISOString(), subjectaltname];
  };
  const names = ['shop.example', 'DNS:shop.example'];
  expect(await served()).toEqual([names[0], 'Old CA', '2025-03-10T12:05:00.000Z', names[1]]);
  clock.advance(600_000);
  expect(await served()).toEqual([names[0], 'New CA', '2051-06-08T12:05:00.000Z', names[1]]);
  expect(await endpoints.resolve('shop.example')).toEqual([
    { address: '34.120.7.9', family: 4 },
    { address: '2600:1901::7', family: 6 },
  ]);
  expect(await endpoints.resolve('other.example')).toEqual([]);
});
