import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { configuration, project, resource, startWorld } from './world.ts';
import type { Google, World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const api = 'servicehealth.googleapis.com';

interface Told {
  id?: string;
  title?: string;
  state?: string;
  relevance?: string;
  product?: string;
  location?: string;
  startTime?: string;
  endTime?: string;
  updateTime?: string;
}

/** An event of Service Health; where nothing is said, one that goes on and concerns Cloud Run in the region. */
function event(about: Told) {
  const { id = 'E1', title = 'Elevated errors', state = 'ACTIVE', relevance = 'RELATED', ...rest } = about;
  const { product = 'Cloud Run', location = 'europe-west1', ...times } = rest;
  const name = `projects/${project}/locations/global/events/${id}`;
  return resource(api, 'google.cloud.servicehealth.v1.Event', `/v1/${name}`, {
    name,
    title,
    category: 'INCIDENT',
    state,
    relevance,
    eventImpacts: [{ product: { productName: product }, location: { locationName: location } }],
    startTime: '2025-03-10T11:00:00Z',
    updateTime: '2025-03-10T11:30:00Z',
    ...times,
  });
}

function incident(changes: Record<string, unknown> = {}) {
  const update = {
    created: '2025-03-10T11:20:00+00:00',
    modified: '2025-03-10T11:20:00+00:00',
    when: '2025-03-10T11:20:00+00:00',
    text: 'We look into it.',
    status: 'SERVICE_OUTAGE',
  };
  const body = {
    id: 'f1',
    number: '1',
    begin: '2025-03-10T11:00:00+00:00',
    created: '2025-03-10T11:10:00+00:00',
    modified: '2025-03-10T11:20:00+00:00',
    external_desc: 'Cloud Run fails',
    updates: [update],
    most_recent_update: update,
    status_impact: 'SERVICE_OUTAGE',
    severity: 'high',
    service_key: 'k',
    service_name: 'Cloud Run',
    affected_products: [{ title: 'Cloud Run', id: 'p' }],
    uri: 'incidents/f1',
    currently_affected_locations: [{ title: 'Belgium (europe-west1)', id: 'europe-west1' }],
    ...changes,
  };
  return { states: [{ body }] };
}

const { region, web, main } = configuration.components;
if (!region || !web || !main) throw new Error('the world has no region');
const only = { ...configuration, components: { region, web, main } };

async function read(google: Google, prepare: (started: World) => void = () => undefined): Promise<Snapshot> {
  world = await startWorld(google);
  prepare(world);
  return collect({ configuration: only }, world.deps);
}

function told({ observations }: Snapshot) {
  return observations
    .filter(({ component }) => component === 'region')
    .map(({ signal, value }) => `${signal} ${value}`);
}

describe('an event', () => {
  const table: [what: string, told: Told, expected: string[]][] = [
    ['goes on', {}, ['events.active 1', 'event ACTIVE RELATED']],
    [
      'is verified to impact the project',
      { relevance: 'IMPACTED' },
      ['events.active 1', 'event ACTIVE IMPACTED'],
    ],
    ['does not impact it', { relevance: 'NOT_IMPACTED' }, ['events.active 0', 'event ACTIVE NOT_IMPACTED']],
    [
      'ended within the day',
      { state: 'CLOSED', endTime: '2025-03-10T01:00:00Z' },
      ['events.active 0', 'event CLOSED RELATED'],
    ],
    [
      'ended before that, though it was told of since',
      { state: 'CLOSED', startTime: '2025-03-08T01:00:00Z', endTime: '2025-03-08T02:00:00Z' },
      ['events.active 0'],
    ],
    ['is of a product that nobody uses', { product: 'Google BigQuery' }, ['events.active 0']],
    [
      'is of a product of another component',
      { product: 'Google Cloud SQL' },
      ['events.active 1', 'event ACTIVE RELATED'],
    ],
    [
      'is of what all need',
      { product: 'Identity and Access Management' },
      ['events.active 1', 'event ACTIVE RELATED'],
    ],
    ['is elsewhere', { location: 'us-central1' }, ['events.active 0']],
    ['is everywhere', { location: 'global' }, ['events.active 1', 'event ACTIVE RELATED']],
    [
      'is in a zone of the region',
      { location: 'europe-west1-b' },
      ['events.active 1', 'event ACTIVE RELATED'],
    ],
    ['is on the continent', { location: 'europe' }, ['events.active 1', 'event ACTIVE RELATED']],
    ['is in a region with a longer name', { location: 'europe-west10' }, ['events.active 0']],
  ];
  it.each(table)('that %s', async (_what, of, expected) => {
    const snapshot = await read({ resources: [event(of)] });
    expect(told(snapshot)).toEqual(expected);
    expect(snapshot.gaps.filter(({ component }) => component === 'region')).toEqual([]);
  });

  it('says its title, products, places and times, and others are counted', async () => {
    const { observations } = await read({
      resources: [event({}), event({ id: 'E2', product: 'Google BigQuery', title: 'Slow queries' })],
    });
    const [active, one] = observations.filter(({ component }) => component === 'region');
    expect(active?.text).toBe('besides, of the last 24 hours, for products or places not in use: 1');
    expect(one).toMatchObject({
      text: 'Elevated errors; Cloud Run; europe-west1',
      first: '2025-03-10T11:00:00.000Z',
    });
    expect(one).not.toHaveProperty('last');
  });
});

describe('the public feed', () => {
  it.each(['denied', 'api-disabled', 'quota', 'unavailable', 'lie'] as const)(
    'is read where Service Health is %s, which is told all the same',
    async (kind) => {
      const snapshot = await read({ resources: [], status_feed: [incident()] }, (started) => {
        started.google.inject({ api, kind });
      });
      expect(told(snapshot)).toEqual(['events.active 1', 'event ACTIVE SERVICE_OUTAGE']);
      const sources = snapshot.observations
        .filter(({ component }) => component === 'region')
        .map(({ source }) => source.api);
      expect(new Set(sources)).toEqual(new Set(['status.cloud.google.com']));
      const gap = snapshot.gaps.find(({ component }) => component === 'region');
      expect(gap).toMatchObject({
        signal: 'event',
        reason: kind === 'lie' ? 'invalid-response' : kind,
        source: { api },
      });
      expect(gap?.detail).toContain('The public status feed was read instead');
    },
  );

  it('is shown no token, and is not asked where Service Health answers', async () => {
    const denied = await read({ resources: [], status_feed: [incident()] }, (started) => {
      started.google.inject({ api, kind: 'denied' });
    });
    expect(told(denied).length).toBe(2);
    // The stand-in records a token as a mistake.
    expect(world?.google.refusals).toEqual([]);
    await world?.close();
    await read({ resources: [event({})], status_feed: [incident()] });
    expect(world?.google.requests.filter(({ path }) => path === '/incidents.json')).toEqual([]);
  });

  it.each([
    ['is over', { end: '2025-03-10T11:50:00+00:00' }, ['events.active 0', 'event CLOSED SERVICE_OUTAGE']],
    [
      'was over before the day',
      { begin: '2025-03-01T00:00:00+00:00', end: '2025-03-01T01:00:00+00:00' },
      ['events.active 0'],
    ],
    [
      'is elsewhere',
      { currently_affected_locations: [{ title: 'Iowa', id: 'us-central1' }] },
      ['events.active 0'],
    ],
    ['is of another product', { affected_products: [{ title: 'Gmail', id: 'g' }] }, ['events.active 0']],
  ])('says so of an incident that %s', async (_what, changes, expected) => {
    const snapshot = await read({ resources: [], status_feed: [incident(changes)] }, (started) => {
      started.google.inject({ api, kind: 'denied' });
    });
    expect(told(snapshot)).toEqual(expected);
  });

  it('that fails as well leaves the gap of the API, and no zero', async () => {
    const snapshot = await read({ resources: [] }, (started) => {
      started.google.inject({ api, kind: 'denied' });
      started.google.inject({ api: 'status.cloud.google.com', kind: 'html-502' });
    });
    expect(told(snapshot)).toEqual([]);
    const gap = snapshot.gaps.find(({ component }) => component === 'region');
    expect(gap).toMatchObject({ signal: '*', reason: 'denied' });
  });
});
