import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { project, resources } from '../../collectors/world.ts';
import { scenarioWith, startWorld } from './start.ts';
import type { Answer, Google } from './start.ts';

/** Secret Manager, Compute Engine, Service Health, Cloud Storage and the public feed: what they answer, and refuse. */

const feed = {
  id: 'f1',
  number: '1',
  begin: '2025-03-10T11:00:00+00:00',
  created: '2025-03-10T11:10:00+00:00',
  modified: '2025-03-10T11:20:00+00:00',
  external_desc: 'Cloud Run has elevated errors',
  updates: [],
  most_recent_update: {
    created: '2025-03-10T11:20:00+00:00',
    modified: '2025-03-10T11:20:00+00:00',
    when: '2025-03-10T11:20:00+00:00',
    text: 'We look into it.',
    status: 'SERVICE_OUTAGE',
  },
  status_impact: 'SERVICE_OUTAGE',
  severity: 'high',
  service_key: 'k',
  service_name: 'Cloud Run',
  affected_products: [{ title: 'Cloud Run', id: 'p' }],
  uri: 'incidents/f1',
};

let google: Google;
beforeAll(async () => {
  const ended = { from: '2025-03-10T13:00:00Z', body: { end: '2025-03-10T12:50:00+00:00' } };
  google = await startWorld(
    scenarioWith({ google: { resources, status_feed: [{ states: [{ body: feed }, ended] }] } }),
  );
});
afterAll(async () => {
  await google.close();
});

const secret = `/v1/projects/${project}/secrets/jwt`;
const balancer = `/compute/v1/projects/${project}/global/backendServices/front`;
const object = '/storage/v1/b/shop-state/o/live%2Fdefault.tfstate';
const events = `/v1/projects/${project}/locations/global/events`;
const group = (place: string) => ({
  group: `https://www.googleapis.com/compute/v1/projects/${project}/${place}`,
});

beforeEach(() => {
  google.refusals.length = 0;
});

describe('what is asked honestly', () => {
  afterEach(() => {
    expect(google.refusals).toEqual([]);
  });

  describe('a secret', () => {
    test.each([
      ['latest', '3'],
      ['live', '2'],
      ['1', '1'],
    ])('has the version %s', async (asked, number) => {
      const { body } = await google.get(`${secret}/versions/${asked}`);
      expect(body['name']).toBe(`projects/${project}/secrets/jwt/versions/${number}`);
    });

    test('lists its versions, the newest first', async () => {
      const { body } = await google.get(`${secret}/versions`);
      expect(body['versions']).toMatchObject([
        { state: 'ENABLED' },
        { state: 'ENABLED' },
        { state: 'DESTROYED' },
      ]);
    });
  });

  describe('a backend service', () => {
    test('has the health of a group as the scenario states it for that group', async () => {
      const { body } = await google.post(
        `${balancer}/getHealth`,
        group('zones/europe-west1-b/instanceGroups/web'),
      );
      expect(body['healthStatus']).toMatchObject([{ healthState: 'HEALTHY' }, { healthState: 'UNHEALTHY' }]);
    });
  });

  describe('an event', () => {
    test.each([
      ['state=ACTIVE', 1],
      ['state=CLOSED', 0],
      ['state=CLOSED OR update_time>=2025-03-10T11:00:00Z', 1],
      ['category=INCIDENT AND state=ACTIVE', 1],
      ['state=ACTIVE update_time<2025-03-10T11:00:00Z', 0],
    ])('is found by %s: %i', async (filter, count) => {
      const { body } = await google.get(events, { filter });
      expect(body['events'] ?? []).toHaveLength(count);
    });
  });

  describe('an object', () => {
    test('is described, and with alt=media gives what it holds', async () => {
      expect((await google.get(object)).body).toMatchObject({ name: 'live/default.tfstate' });
      expect((await google.get(object, { alt: 'media' })).body).toMatchObject({ version: 4, serial: 412 });
    });
  });

  describe('the public feed', () => {
    test('needs no token, and changes with time', async () => {
      const read = async (): Promise<unknown> => (await fetch(`${google.url}/incidents.json`)).json();
      expect(await read()).toEqual([feed]);
      google.clock.advance(90 * 60_000);
      expect(await read()).toEqual([{ ...feed, end: '2025-03-10T12:50:00+00:00' }]);
      google.clock.advance(-90 * 60_000);
    });
  });
});

const mistakes: [name: string, call: () => Promise<Answer | Response>, said: RegExp][] = [
  ['the payload of a secret', () => google.get(`${secret}/versions/3:access`), /No method of the stand-in/],
  [
    'the health of a group that is no backend',
    () => google.post(`${balancer}/getHealth`, group('zones/a/instanceGroups/other')),
    /no backend of the service/,
  ],
  [
    'the health of a serverless group',
    () => google.post(`${balancer}/getHealth`, group('regions/europe-west1/networkEndpointGroups/web')),
    /no health checks/,
  ],
  [
    'an unknown filter of events',
    () => google.get(events, { filter: 'title=x' }),
    /Invalid filter: 'title=x'/,
  ],
  [
    'an event state that does not exist',
    () => google.get(events, { filter: 'state=OPEN' }),
    /Invalid filter/,
  ],
  ['media of what is no object', () => google.get(secret, { alt: 'media' }), /Invalid value "media"/],
  [
    'a token for the public feed',
    () => fetch(`${google.url}/incidents.json`, { headers: { authorization: `Bearer ${google.token}` } }),
    /a token was sent to the public feed/,
  ],
];

test.each(mistakes)('%s is recorded as a mistake', async (_name, call, said) => {
  await call();
  expect(google.refusals).toEqual([expect.stringMatching(said)]);
});
