import { RevisionsClient, ServicesClient } from '@google-cloud/run';
import { GoogleAuth, UserRefreshClient } from 'google-auth-library';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { parent, project, region, startWorld } from './start.ts';
import type { Google } from './start.ts';

/** Honest reads by the clients that the product uses; nothing of them may be refused. */

let google: Google;
beforeEach(async () => {
  google = await startWorld();
});
afterEach(async () => {
  await google.close();
});

function refreshClient(): UserRefreshClient {
  return new UserRefreshClient({
    clientId: 'client',
    clientSecret: 'secret',
    refreshToken: 'refresh',
    endpoints: { oauth2TokenUrl: `${google.url}/token` },
  });
}

function runOptions() {
  const { hostname, port } = new URL(google.url);
  const auth = new GoogleAuth({ authClient: refreshClient() });
  return { fallback: true, protocol: 'http', apiEndpoint: hostname, port: Number(port), auth };
}

test('the Cloud Run client reads a service: enums by number, times and durations decoded', async () => {
  const [service] = await new ServicesClient(runOptions()).getService({ name: `${parent}/services/web` });
  expect(service.name).toBe(`${parent}/services/web`);
  expect(service.generation).toBe('7');
  expect(service.ingress).toBe('INGRESS_TRAFFIC_ALL');
  expect(service.createTime).toEqual({ seconds: '1735689600', nanos: 0 });
  expect(service.template?.timeout).toEqual({ seconds: '300', nanos: 0 });
  expect(service.terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
  expect(google.refusals).toEqual([]);
});

test('the Cloud Run client lists services, and the revisions of one service or of all, newest first', async () => {
  const page = { autoPaginate: false };
  const [services] = await new ServicesClient(runOptions()).listServices({ parent }, page);
  expect(services.map(({ name }) => name)).toEqual([`${parent}/services/web`]);
  const client = new RevisionsClient(runOptions());
  const [own] = await client.listRevisions({ parent: `${parent}/services/web` }, page);
  expect(own.map(({ name }) => name?.split('/').at(-1))).toEqual(['web-2', 'web-1']);
  const [all] = await client.listRevisions({ parent: `${parent}/services/-` }, page);
  expect(all.map(({ name }) => name?.split('/').at(-1))).toEqual(['web-2', 'mail-1', 'web-1']);
  expect(google.refusals).toEqual([]);
});

test('the Cloud Run client pages through a list', async () => {
  const client = new RevisionsClient(runOptions());
  const seen: (string | undefined)[] = [];
  for await (const { name } of client.listRevisionsAsync({ parent: `${parent}/services/-`, pageSize: 1 })) {
    seen.push(name?.split('/').at(-1));
  }
  expect(seen).toEqual(['web-2', 'mail-1', 'web-1']);
  expect(google.requests.filter(({ path }) => path.endsWith('/revisions'))).toHaveLength(3);
  expect(google.refusals).toEqual([]);
});

test('the Cloud Run client sees the code of an error', async () => {
  const client = new ServicesClient(runOptions());
  await expect(client.getService({ name: `${parent}/services/none` })).rejects.toMatchObject({ code: 5 });
});

test('google-auth-library gets a token and reads the other APIs with it', async () => {
  const client = refreshClient();
  const read = async (path: string) => (await client.request({ url: `${google.url}${path}` })).data;
  expect(await read(`/v1/${parent}/connectors/link`)).toEqual({
    name: `${parent}/connectors/link`,
    state: 'READY',
    minInstances: 2,
    maxInstances: 10,
  });
  expect(await read(`/v1/${parent}/connectors`)).toMatchObject({ connectors: [{ state: 'READY' }] });
  expect(await read(`/v1/projects/${project}/instances/main`)).toMatchObject({ state: 'RUNNABLE', region });
  expect(await read(`/v1/projects/${project}/instances`)).toMatchObject({
    kind: 'sql#instancesList',
    items: [{ name: 'main' }],
  });
  const operations = z.object({ items: z.array(z.object({ name: z.string() })) });
  const of = operations.parse(await read(`/v1/projects/${project}/operations?instance=main&maxResults=5`));
  expect(of.items.map(({ name }) => name)).toEqual(['op-2', 'op-1']);
  // The first token is the test's own.
  expect(google.requests.slice(1).map(({ api, status }) => `${api} ${status}`)).toEqual([
    'oauth2.googleapis.com 200',
    'vpcaccess.googleapis.com 200',
    'vpcaccess.googleapis.com 200',
    'sqladmin.googleapis.com 200',
    'sqladmin.googleapis.com 200',
    'sqladmin.googleapis.com 200',
  ]);
  expect(google.refusals).toEqual([]);
});

test('a service account gets a token by a signed JWT', async () => {
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const form = new URLSearchParams({ grant_type: grant, assertion: 'aGVhZA.Ym9keQ.c2ln' });
  const response = await fetch(`${google.url}/token`, { method: 'POST', body: form });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
});

test('a resource changes with the clock, and is gone in the end', async () => {
  const path = `/v2/${parent}/services/web`;
  const condition = async () => (await google.get(path)).body['terminalCondition'];
  expect(await condition()).toEqual({ type: 'Ready', state: 'CONDITION_SUCCEEDED' });
  google.clock.advance(3_600_000);
  expect(await condition()).toEqual({
    type: 'Ready',
    state: 'CONDITION_FAILED',
    message: 'The container failed to start.',
  });
  google.clock.advance(3_600_000);
  const gone = await google.get(path);
  expect(gone.status).toBe(404);
  expect(gone.body['error']).toMatchObject({ code: 404, status: 'NOT_FOUND' });
  expect((await google.get(`/v2/${parent}/services`)).body).toEqual({});
  expect(google.refusals).toEqual([]);
});

test('unknown names are 404 and no mistake of the caller', async () => {
  const paths = [
    `/v2/${parent}/services/none`,
    `/v2/${parent}/services/web/revisions/none`,
    `/v1/${parent}/connectors/none`,
    `/v1/projects/${project}/instances/none`,
    `/v1/projects/${project}/operations?instance=none`,
    `/v2/projects/other/locations/${region}/services/web`,
  ];
  for (const path of paths) {
    const [at = '', query] = path.split('?');
    expect([path, (await google.get(at, Object.fromEntries(new URLSearchParams(query)))).status]).toEqual([
      path,
      404,
    ]);
  }
  expect(google.refusals).toEqual([]);
});

test('names in snake_case and system parameters are taken, as the real APIs take them', async () => {
  const list = await google.get(`/v2/${parent}/services/-/revisions`, {
    page_size: '2',
    alt: 'json',
    prettyPrint: 'false',
  });
  expect(list.body['revisions']).toHaveLength(2);
  const logs = await google.post('/v2/entries:list', {
    resource_names: [`projects/${project}`],
    order_by: 'timestamp desc',
  });
  expect(logs.body['entries']).toHaveLength(1);
  expect(google.refusals).toEqual([]);
});

test('the public status feed is empty and needs no token', async () => {
  const response = await fetch(`${google.url}/incidents.json`);
  expect(await response.json()).toEqual([]);
});

test('enums are written by name, or by number where the caller asks for it', async () => {
  const path = `/v2/${parent}/services/web`;
  expect((await google.get(path)).body['ingress']).toBe('INGRESS_TRAFFIC_ALL');
  expect((await google.get(path, { $alt: 'json;enum-encoding=int' })).body['ingress']).toBe(1);
});
