import { sign } from '@octokit/webhooks-methods';
import { afterEach, expect, test } from 'vitest';
import type { HealthDeps } from '../../src/intake/health.ts';
import { startIntake, type IntakeServer } from '../../src/intake/server.ts';
import type { AcceptedDelivery, WatchDeliveries } from '../../src/intake/webhook.ts';
import { commentPayload } from './payload.ts';

/** What the intake tells beside webhooks, and what it says while the process ends. */

const secret = 'the secret now';
const token = '0123456789abcdef0123456789abcdef';
const metrics = { token, page: () => Promise.resolve('sitrep_ready 1\n') };
const allWell: HealthDeps = { notReady: () => Promise.resolve([]), metrics };

let intake: IntakeServer | null = null;
afterEach(async () => {
  await intake?.close(1_000);
  intake = null;
});

type Watched = Parameters<WatchDeliveries>;

async function open(
  health: HealthDeps,
  accept: (delivery: AcceptedDelivery) => Promise<'new' | 'duplicate'> = () => Promise.resolve('new'),
) {
  const logged: string[] = [];
  const watched: [outcome: Watched[0], reason: Watched[1]][] = [];
  const note = (fields: object, message: string) => logged.push(JSON.stringify({ ...fields, message }));
  intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    secret,
    previousSecret: null,
    appId: 1,
    now: () => new Date('2025-09-15T18:06:00Z'),
    randomId: () => 'an-id',
    accept,
    health,
    watch: (outcome, reason) => watched.push([outcome, reason]),
    log: { info: note, error: (fields, message) => note({ ...fields, level: 'error' }, message) },
  });
  return { server: intake, logged, watched };
}

async function ask(server: IntakeServer, path: string, init?: RequestInit) {
  const response = await fetch(`${server.url}${path}`, init);
  return { status: response.status, text: await response.text() };
}

async function deliver(server: IntakeServer, body: string, signature?: string) {
  return await ask(server, '/api/github/webhooks', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': signature ?? (await sign(secret, body)),
    },
    body,
  });
}

test('alive and ready', async () => {
  const { server } = await open(allWell);
  expect(await ask(server, '/healthz')).toEqual({ status: 200, text: 'alive\n' });
  expect(await ask(server, '/readyz?verbose')).toEqual({ status: 200, text: 'ready\n' });
  expect((await ask(server, '/readyz', { method: 'POST' })).status).toBe(404);
});

test('not ready is 503 with the checks that fail; it lives all the same', async () => {
  const { server } = await open({ notReady: () => Promise.resolve(['database', 'queue']), metrics });
  expect(await ask(server, '/readyz')).toEqual({ status: 503, text: 'not ready: database, queue\n' });
  expect((await ask(server, '/healthz')).status).toBe(200);
});

test.each<[what: string, deps: HealthDeps, authorization: string | null]>([
  ['no token is set', { ...allWell, metrics: null }, `Bearer ${token}`],
  ['none is sent', allWell, null],
  ['another one is sent', allWell, `Bearer ${token.replace('0', '1')}`],
  ['its beginning is sent', allWell, `Bearer ${token.slice(0, -1)}`],
  ['it is sent as a password', allWell, `Basic ${btoa(`sitrep:${token}`)}`],
  ['it is sent without a scheme', allWell, token],
  ['nothing follows the scheme', allWell, 'Bearer '],
])('metrics are not there where %s', async (_what, deps, authorization) => {
  const { server } = await open(deps);
  const headers = authorization === null ? {} : { authorization };
  const other = await ask(server, '/nothing-here', { headers });
  expect(await ask(server, '/metrics', { headers })).toEqual(other);
  expect(other.status).toBe(404);
});

test('metrics are for whoever has the token', async () => {
  const { server } = await open(allWell);
  const response = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toBe('sitrep_ready 1\n');
});

test('metrics that cannot be read are 500 with an id, and without a reason', async () => {
  const { server, logged } = await open({
    ...allWell,
    metrics: {
      token,
      page: () => Promise.reject(new Error('password authentication failed for user "sitrep"')),
    },
  });
  const answer = await ask(server, '/metrics', { headers: { authorization: `Bearer ${token}` } });
  expect(answer).toEqual({ status: 500, text: 'failed (an-id)\n' });
  expect(logged.join()).toContain('an-id');
});

test('what became of deliveries is told in words of the list', async () => {
  const outcomes = ['new', 'duplicate', 'away'];
  const { server, watched } = await open(allWell, () => {
    const next = outcomes.shift();
    return next === 'new' || next === 'duplicate' ? Promise.resolve(next) : Promise.reject(new Error('away'));
  });
  const command = JSON.stringify(commentPayload());
  for (let times = 0; times < 3; times += 1) await deliver(server, command);
  await deliver(server, JSON.stringify(commentPayload({ body: 'no command' })));
  await deliver(server, command, `sha256=${'0'.repeat(64)}`);
  await ask(server, '/api/github/webhooks');
  expect(watched).toEqual([
    ['accepted', 'new'],
    ['duplicate', 'known'],
    ['refused', 'not stored'],
    ['ignored', 'no handler'],
    ['refused', 'signature'],
    ['refused', 'method'],
  ]);
});

test('a process that ends answers what it has, refuses what comes, and tells its health', async () => {
  const stored = Promise.withResolvers<'new'>();
  const begun = Promise.withResolvers<void>();
  const { server, logged } = await open({ notReady: () => Promise.resolve(['stopping']), metrics }, () => {
    begun.resolve();
    return stored.promise;
  });
  const body = JSON.stringify(commentPayload());
  const underWay = deliver(server, body);
  await begun.promise;
  const refused = server.refuse(10_000);
  const answer = await deliver(server, body);
  expect(answer).toEqual({ status: 503, text: 'this process is stopping, deliver again (an-id)\n' });
  expect(logged.join()).not.toContain('"level":"error"');
  expect((await ask(server, '/readyz')).text).toBe('not ready: stopping\n');
  stored.resolve('new');
  expect((await underWay).status).toBe(202);
  await refused;
});

test('who keeps it waiting is waited for so long and no longer', async () => {
  const begun = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<'new'>();
  const { server } = await open(allWell, () => {
    begun.resolve();
    return stored.promise;
  });
  const underWay = deliver(server, JSON.stringify(commentPayload()));
  await begun.promise;
  await server.refuse(10);
  stored.resolve('new');
  expect((await underWay).status).toBe(202);
});
