import { afterEach, expect, test, vi } from 'vitest';
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
