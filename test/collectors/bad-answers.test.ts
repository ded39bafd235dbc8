import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import type { CollectRequest } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import type { Configuration } from '../../src/config/repository.schema.ts';
import { signal as signals } from '../../src/core/signals.ts';
import { startRawGoogle } from './raw-google.ts';
import type { RawAnswer, RawGoogle, RawRequest } from './raw-google.ts';
import { configuration, parent, project, revisionLabels, startWorld } from './world.ts';
import type { World } from './world.ts';

/** Answers that are too long, too slow or too many, names that are too many, and a clock that is wrong. */

let world: World | undefined;
let raw: RawGoogle | undefined;
afterEach(async () => {
  await Promise.all([world?.close(), raw?.close()]);
  [world, raw] = [undefined, undefined];
});

/** Collects from a Google that answers one kind of request so, and all others with an empty answer. */
async function readFrom(
  path: RegExp,
  answer: (request: RawRequest) => RawAnswer,
  request: Partial<CollectRequest> = {},
) {
  raw = await startRawGoogle((asked) => (path.test(asked.path) ? answer(asked) : { body: '{}' }));
  world = await startWorld();
  const deps = { ...world.deps, google: createGoogleAccess({ endpoint: raw.url }) };
  return collect({ configuration, ...request }, deps);
}

const revisionName = (n: number) => `web-${String(n).padStart(5, '0')}`;
const revision = (n: number) => ({
  name: `${parent}/services/web/revisions/${revisionName(n)}`,
  service: 'web',
  createTime: new Date(Date.parse('2025-03-10T11:00:00Z') - (10_000 - n) * 60_000).toISOString(),
  conditions: [{ type: 'Ready', state: 4 }],
});

describe('an answer', () => {
  it('that trickles in is given up when its time is over', async () => {
    const { gaps } = await readFrom(/\/connectors\/link$/, () => 'trickle', { collectorMs: 1_500 });
    const gap = gaps.find(({ source }) => source.method === 'Connectors.Get');
    expect([gap?.reason, gap?.detail]).toEqual(['timeout', 'no answer within 1.5 s']);
  });

  it('of more than 16 MiB is given up, not cut', async () => {
    const body = `{"state":"READY","network":"${'n'.repeat(16 * 1024 * 1024)}"}`;
    const { gaps } = await readFrom(/\/connectors\/link$/, () => ({ body }));
    const gap = gaps.find(({ source }) => source.method === 'Connectors.Get');
    expect([gap?.reason, gap?.detail]).toEqual(['invalid-response', 'the answer is larger than 16 MiB']);
  });

  it('with log entries of 256 KB each is read, and shown short', async () => {
    const entries = Array.from({ length: 40 }, (_, n) => ({
      insertId: `i${n}`,
      timestamp: '2025-03-10T11:30:00Z',
      severity: 'ERROR',
      resource: revisionLabels('web-2'),
      logName: `projects/${project}/logs/run.googleapis.com%2Fstderr`,
      textPayload: `ValueError: ${'ab '.repeat(85_000)}${n}`,
    }));
    const { observations } = await readFrom(/entries:list$/, () => ({ body: JSON.stringify({ entries }) }));
    expect(observations.find(({ signal }) => signal === 'log.errors')?.value).toBe('40');
    const texts = observations.flatMap(({ text }) => text ?? []);
    expect(texts.length).toBeGreaterThan(0);
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(1_000);
  });

  it('of 10,000 revisions is read up to the cap of pages, the newest first', async () => {
    const { observations, changes } = await readFrom(/\/revisions$/, ({ query }) => {
      const from = 10_000 - Number(query.get('pageToken') ?? 0);
      const revisions = Array.from({ length: 500 }, (_, n) => revision(from - n));
      return { body: JSON.stringify({ revisions, nextPageToken: String(10_000 - from + 500) }) };
    });
    expect(raw?.requests.filter(({ path }) => path.endsWith('/revisions'))).toHaveLength(4);
    expect(observations.find(({ signal }) => signal === signals.deployedAt)?.revision).toBe(
      revisionName(10_000),
    );
    expect(changes.length).toBeLessThanOrEqual(20);
  });
});

const many = (count: number): Configuration => ({
  ...configuration,
  components: Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `c${n}`,
      { type: 'cloud-run' as const, service: `a-service-with-a-long-name-${n}`, depends_on: [] },
    ]),
  ),
});
const filters = () =>
  (world?.google.requests ?? [])
    .filter(({ api }) => api === 'monitoring.googleapis.com')
    .map(({ query }) => /(?:^|&)filter=(.*?)&interval/.exec(query)?.[1] ?? '');

/** So many names take a busy machine a while. */
const unhurried = { collectorMs: 25_000, budgetMs: 25_000 };

describe('very many names', () => {
  it('of a metric are spread over queries that the API takes, each name once', async () => {
    world = await startWorld();
    await collect({ configuration: many(200), ...unhurried }, world.deps);
    const latency = filters().filter((filter) => filter.includes('request_latencies'));
    expect(latency.length).toBeGreaterThan(1);
    expect(Math.max(...filters().map(({ length }) => length))).toBeLessThanOrEqual(2_048);
    const names = latency.flatMap((filter) =>
      [...filter.matchAll(/a-service-with-a-long-name-\d+/g)].map(String),
    );
    expect(names).toHaveLength(200);
    expect(new Set(names).size).toBe(200);
    expect(world.google.refusals).toEqual([]);
  });

  it('that would take too many queries are all of the region', async () => {
    world = await startWorld();
    const { gaps } = await collect({ configuration: many(800), ...unhurried }, world.deps);
    expect(filters().every((filter) => !filter.includes('a-service-with'))).toBe(true);
    expect(gaps.every(({ reason }) => reason === 'no-data' || reason === 'not-found')).toBe(true);
    expect(world.google.refusals).toEqual([]);
  });

  it('do not stand in the source of each gap', async () => {
    world = await startWorld();
    world.google.inject({ api: 'monitoring.googleapis.com', kind: 'denied' });
    world.google.inject({ api: 'logging.googleapis.com', kind: 'denied' });
    const { gaps } = await collect({ configuration: many(200), ...unhurried }, world.deps);
    const denied = gaps.filter(({ reason }) => reason === 'denied');
    expect(denied.length).toBeGreaterThanOrEqual(200);
    expect(Math.max(...denied.map(({ source }) => JSON.stringify(source).length))).toBeLessThan(3_000);
  });
});

describe('a clock that is wrong', () => {
  const noon = Date.parse('2025-03-10T12:00:00Z');

  it.each([-10, 10])(
    'by %i minutes: what is said to be asked is what was asked, and nothing is made up',
    async (minutes) => {
      world = await startWorld();
      const now = new Date(noon + minutes * 60_000);
      const snapshot = await collect({ configuration }, { ...world.deps, now: () => now });
      expect(snapshot.takenAt).toBe(now.toISOString());
      expect(snapshot.window.to).toBe(now.toISOString());
      expect(new Set(snapshot.observations.map(({ at }) => at))).toEqual(new Set([now.toISOString()]));
      // Every query ends where the snapshot says that its window ends.
      const asked = world.google.requests.filter(({ query }) => query.includes('interval.endTime'));
      expect(asked.every(({ query }) => query.includes(`interval.endTime=${now.toISOString()}`))).toBe(true);
      // What happened in the hour that was asked for is there, and dated by Google.
      const requests = snapshot.observations.find(
        ({ signal, window }) => signal === 'requests' && window?.to === snapshot.window.to,
      );
      expect(Number(requests?.value)).toBeGreaterThan(0);
      // A metric whose last point is ten minutes old says nothing of now.
      expect(snapshot.gaps.filter(({ component }) => component !== 'queue')).toEqual([]);
      expect(world.google.refusals).toEqual([]);
    },
  );

  it('that is ahead makes counts of a window that is not over lower bounds', async () => {
    world = await startWorld();
    const ahead = new Date(noon + 3 * 3_600_000);
    const { observations } = await collect({ configuration }, { ...world.deps, now: () => ahead });
    // The hour that was asked for lies wholly in Google's future: no error in it is known, not none.
    const errors = observations.filter(({ signal }) => signal === signals.logErrors);
    expect(errors.map(({ value, partial }) => [value, partial])).toEqual([['0', true]]);
    world.google.requests.length = 0;
    const right = await collect({ configuration }, world.deps);
    expect(right.observations.filter(({ partial }) => partial === true)).toEqual([]);
  });
});
