import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { project, region, scenarioWith, startWorld, type Google } from './start.ts';

/** The older API of Cloud Run, and the lists that discovery asks beside it. */

const service = (location: string, name: string) => ({
  type: 'google.cloud.run.v2.Service',
  api: 'run.googleapis.com',
  path: `/v2/projects/${project}/locations/${location}/services/${name}`,
  states: [{ body: { name: `projects/${project}/locations/${location}/services/${name}` } }],
});
const mapping = {
  type: 'run.DomainMapping',
  api: 'run.googleapis.com',
  path: `/v1/projects/${project}/locations/${region}/domainmappings/shop.example`,
  states: [
    {
      body: {
        apiVersion: 'domains.cloudrun.com/v1',
        kind: 'DomainMapping',
        metadata: { name: 'shop.example', namespace: project },
        spec: { routeName: 'web' },
      },
    },
  ],
};

let google: Google;
beforeAll(async () => {
  const resources = [service(region, 'web'), service('us-east1', 'mail'), service(region, 'api'), mapping];
  google = await startWorld(scenarioWith({ google: { resources } }));
});
afterAll(async () => {
  await google.close();
});
beforeEach(() => {
  google.refusals.length = 0;
});

const services = (location: string) => `/v1/projects/${project}/locations/${location}/services`;
const mappings = (location: string) => `/v1/projects/${project}/locations/${location}/domainmappings`;
const label = 'cloud.googleapis.com/location';

test('services of all regions carry the label of theirs', async () => {
  const { body } = await google.get(services('-'));
  expect(body['items']).toMatchObject([
    { metadata: { name: 'web', labels: { [label]: region } } },
    { metadata: { name: 'mail', labels: { [label]: 'us-east1' } } },
    { metadata: { name: 'api', labels: { [label]: region } } },
  ]);
  expect((await google.get(services('us-east1'))).body['items']).toHaveLength(1);
  expect(google.refusals).toEqual([]);
});

test('a list goes on by its own names of size and token', async () => {
  const first = await google.get(services('-'), { limit: '2' });
  expect(first.body['items']).toHaveLength(2);
  expect(first.body).toMatchObject({ metadata: { continue: expect.any(String) } });
  const token = /"continue": "([^"]+)"/u.exec(first.text)?.[1] ?? '';
  const second = await google.get(services('-'), { limit: '2', continue: token });
  expect(second.body['items']).toMatchObject([{ metadata: { name: 'api' } }]);
  expect(second.body['metadata']).toBeUndefined();
  expect(google.refusals).toEqual([]);
});

test('domain mappings are listed and got', async () => {
  const { body } = await google.get(mappings(region));
  expect(body['items']).toMatchObject([{ metadata: { name: 'shop.example' }, spec: { routeName: 'web' } }]);
  expect((await google.get(`${mappings(region)}/shop.example`)).body).toMatchObject({
    kind: 'DomainMapping',
  });
  expect(google.refusals).toEqual([]);
});

test.each([
  [
    'the newer names of size and token',
    () => google.get(services('-'), { pageSize: '2' }),
    /Unknown name "pageSize"/u,
  ],
  ['a selector', () => google.get(services('-'), { labelSelector: 'a=b' }), /parent, limit and continue/u],
  ['mappings of all regions', () => google.get(mappings('-')), /wildcard "-" is not allowed/u],
  [
    'a token of another list',
    () => google.get(services(region), { continue: 'x.y' }),
    /not one that was given out/u,
  ],
])('%s are recorded as a mistake', async (_what, call, said) => {
  expect((await call()).status).toBe(400);
  expect(google.refusals).toEqual([expect.stringMatching(said)]);
});
