import { ServicesClient } from '@google-cloud/run';
import { GoogleAuth, UserRefreshClient } from 'google-auth-library';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { InjectedFault } from '../../../sandbox/google/server.ts';
import { parent, project, scenarioWith, startWorld } from './start.ts';
import type { Google } from './start.ts';

/** Each kind of fault, as it comes over the wire; a fault is no mistake of the caller. */

let google: Google;
beforeEach(async () => {
  google = await startWorld();
});
afterEach(async () => {
  await google.close();
});

const service = `/v2/${parent}/services/web`;
const run = 'run.googleapis.com';

const errors: [kind: InjectedFault['kind'], status: number, body: object][] = [
  [
    'denied',
    403,
    {
      code: 403,
      status: 'PERMISSION_DENIED',
      message: `Permission 'run.services.get' denied on resource '//run.googleapis.com/${parent}/services/web' (or it may not exist).`,
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'IAM_PERMISSION_DENIED',
          domain: 'iam.googleapis.com',
          metadata: { permission: 'run.services.get', resource: `${parent}/services/web` },
        },
      ],
    },
  ],
  [
    'api-disabled',
    403,
    {
      code: 403,
      status: 'PERMISSION_DENIED',
      details: [
        { reason: 'SERVICE_DISABLED', metadata: { service: run, consumer: `projects/${project}` } },
        { '@type': 'type.googleapis.com/google.rpc.Help' },
      ],
    },
  ],
  ['quota', 429, { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ reason: 'RATE_LIMIT_EXCEEDED' }] }],
  ['not-found', 404, { code: 404, status: 'NOT_FOUND' }],
  ['unavailable', 503, { code: 503, status: 'UNAVAILABLE' }],
];

test.each(errors)('%s is %i in the shape of Google', async (kind, status, error) => {
  google.inject({ api: run, kind });
  const answer = await google.get(service);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error });
  expect(google.refusals).toEqual([]);
});

test('a denial of logs names the project of the body', async () => {
  google.inject({ api: 'logging.googleapis.com', kind: 'denied' });
  const { text } = await google.post('/v2/entries:list', { resourceNames: [`projects/${project}`] });
  expect(text).toContain(
    `Permission 'logging.logEntries.list' denied on resource '//logging.googleapis.com/projects/${project}'`,
  );
});

test('html-502 is a page of a proxy', async () => {
  google.inject({ api: run, kind: 'html-502' });
  const { status, text } = await google.get(service);
  expect(status).toBe(502);
  expect(text).toContain('<!DOCTYPE html>');
});

test('hang answers nothing until the stand-in closes', async () => {
  google.inject({ api: run, kind: 'hang' });
  const pending = google.get(service).then(
    () => 'answered',
    () => 'cut off',
  );
  // Another API answers in the meantime: the hanging call is under way and has no answer.
  expect((await google.get(`/v1/${parent}/connectors/link`)).status).toBe(200);
  expect(google.requests.find(({ path }) => path === service)).toMatchObject({ status: null, endedAt: null });
  await google.close();
  expect(await pending).toBe('cut off');
  google = await startWorld();
});

test('lie is JSON that fits no schema, in every field of the answer', async () => {
  google.inject({ api: run, kind: 'lie' });
  const { status, body } = await google.get(service);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    noSuchField: true,
    ingress: 'NO_SUCH_VALUE',
    conditions: 'neither list nor map',
    template: 7,
  });
  const list = await google.get(`/v2/${parent}/services`);
  expect(list.body).toMatchObject({ services: 'neither list nor map' });
  expect(google.refusals).toEqual([]);
});

test('no-token refuses the token; tokens given out before still hold', async () => {
  google.inject({ api: 'oauth2.googleapis.com', kind: 'no-token' });
  const response = await fetch(`${google.url}/token`, { method: 'POST', body: new URLSearchParams() });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  expect((await google.get(service)).status).toBe(200);
});

test('a fault holds for its API, its path and its time only', async () => {
  const faults = [
    {
      api: run,
      path: '/revisions',
      kind: 'denied',
      from: '2025-03-10T12:10:00Z',
      to: '2025-03-10T12:20:00Z',
    } as const,
  ];
  await google.close();
  google = await startWorld(scenarioWith({ faults }));
  const revisions = `/v2/${parent}/services/web/revisions`;
  const statuses = async () => [(await google.get(revisions)).status, (await google.get(service)).status];
  expect(await statuses()).toEqual([200, 200]);
  google.clock.advance(600_000);
  expect(await statuses()).toEqual([403, 200]);
  google.clock.advance(600_000);
  expect(await statuses()).toEqual([200, 200]);
});

test('an injected fault goes before those of the scenario', async () => {
  google.inject({ api: run, kind: 'denied' });
  google.inject({ api: run, kind: 'quota' });
  expect((await google.get(service)).status).toBe(429);
});

test('a wrong request is refused also where access is denied', async () => {
  google.inject({ api: run, kind: 'denied' });
  expect((await google.get(service, { view: 'FULL' })).status).toBe(400);
});

test.each([
  ['denied', { code: 7, reason: 'IAM_PERMISSION_DENIED' }],
  ['api-disabled', { code: 7, reason: 'SERVICE_DISABLED' }],
  ['quota', { code: 8, reason: 'RATE_LIMIT_EXCEEDED' }],
  ['not-found', { code: 5 }],
  ['html-502', { code: 13, httpStatusCode: 502 }],
  ['unavailable', { code: 14 }],
] as const)('the Cloud Run client takes %s for what it is', async (kind, error) => {
  const { hostname, port } = new URL(google.url);
  const authClient = new UserRefreshClient({
    clientId: 'client',
    clientSecret: 'secret',
    refreshToken: 'refresh',
    endpoints: { oauth2TokenUrl: `${google.url}/token` },
  });
  const auth = new GoogleAuth({ authClient });
  const client = new ServicesClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: hostname,
    port: Number(port),
    auth,
  });
  google.inject({ api: run, kind });
  await expect(client.getService({ name: `${parent}/services/web` }, { retry: null })).rejects.toMatchObject(
    error,
  );
});

test('latency holds answers back for as long as it says', async () => {
  google.setLatency(3_600_000);
  const pending = google.get(service).then(
    () => 'answered',
    () => 'cut off',
  );
  const held = () => google.requests.find(({ path }) => path === service);
  await vi.waitUntil(() => held()?.api === run);
  google.setLatency(0);
  expect((await google.get(`/v1/${parent}/connectors/link`)).status).toBe(200);
  expect(held()).toMatchObject({ status: null, endedAt: null });
  await google.close();
  expect(await pending).toBe('cut off');
  expect(google.refusals).toEqual([]);
  google = await startWorld();
});
