import { describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { addressOf } from './address.ts';
import { configuration, count, metric, parent, resources, revisionLabels, startWorld } from './world.ts';
import type { Google } from './world.ts';

/** The last healthy revision as it is read: its figures, and what the serving one has otherwise. */

const { web } = configuration.components;
const onlyWeb = { ...configuration, components: web ? { web } : {} };

async function read(google: Google, denied?: string) {
  const world = await startWorld(google);
  const access = createGoogleAccess({
    endpoint: world.google.url,
    fetch: (url, init) =>
      denied !== undefined && new URL(addressOf(url)).pathname.endsWith(denied)
        ? Promise.resolve(new Response('{"error":{"message":"no"}}', { status: 403 }))
        : fetch(url, init),
  });
  const snapshot = await collect(
    { configuration: onlyWeb, budgetMs: 60_000, collectorMs: 60_000 },
    { ...world.deps, google: access },
  );
  await world.close();
  return {
    healthy: snapshot.observations
      .filter(({ signal }) => signal.startsWith('revision.healthy'))
      .map(({ signal, value, revision, last }) => [signal, value, revision, last?.slice(11, 16)]),
    drift: snapshot.changes
      .filter(({ kind }) => kind === 'drift')
      .map(({ revision, previousRevision, diff }) => ({ revision, previousRevision, diff })),
    snapshot,
  };
}

const served = (revision: string, of: string, from: string, to?: string) =>
  metric(
    'run.googleapis.com/request_count',
    { response_code: `${of.slice(0, 1)}00`, response_code_class: of },
    revisionLabels(revision),
    count,
    { from: `2025-03-10T${from}Z`, value: 5, ...(to ? { to: `2025-03-10T${to}Z` } : {}) },
  );

/** web-0 worked until 11:00; web-1, and after it web-2, which serves, failed from the start. */
const failedTwice = [
  served('web-0', '2xx', '08:00:00', '11:00:00'),
  served('web-1', '5xx', '11:00:00', '11:12:00'),
  served('web-2', '5xx', '11:12:00'),
];

describe('the last healthy revision', () => {
  it('is held against the serving one, past one that failed as well, with both values of each difference', async () => {
    const { healthy, drift } = await read({ metrics: failedTwice });
    expect(healthy).toEqual([
      ['revision.healthy', '900', 'web-0', '11:00'],
      ['revision.healthy.5xx', '0', 'web-0', '11:00'],
    ]);
    expect(drift).toEqual([
      {
        revision: 'web-2',
        previousRevision: 'web-0',
        diff: [
          { key: 'image', from: 'registry.example/web:web-0', to: 'registry.example/web:web-2' },
          { key: 'connector', from: 'none', to: 'link' },
          { key: 'env.DB_TIMEOUT', from: '45.0', to: '15.0' },
          { key: 'env.DB_PASSWORD', from: 'redacted', to: 'redacted, another value' },
          { key: 'vpc.network', from: 'shop-vpc/run', to: null },
          { key: 'sidecars', from: 'proxy (registry.example/proxy:1)', to: null },
        ],
      },
    ]);
  });

  it('without any difference is said to have none', async () => {
    const alike = resources.map((one) => {
      if (!one.path.endsWith('/revisions/web-0')) return one;
      const [newest] = resources.find(({ path }) => path.endsWith('/revisions/web-2'))?.states ?? [];
      const name = `${parent}/services/web/revisions/web-0`;
      const body = { ...newest?.body, name, createTime: '2025-02-01T09:00:00Z' };
      return { ...one, states: [{ body }] };
    });
    const { drift } = await read({ metrics: failedTwice, resources: alike });
    expect(drift).toEqual([{ revision: 'web-2', previousRevision: 'web-0', diff: [] }]);
  });

  it('that is the one before has its differences in the change that made the serving one', async () => {
    const { healthy, drift, snapshot } = await read({});
    expect(healthy[0]?.[2]).toBe('web-1');
    expect(drift).toEqual([]);
    expect(snapshot.changes).toContainEqual(
      expect.objectContaining({ kind: 'revision', revision: 'web-2', previousRevision: 'web-1' }),
    );
  });

  it('may be the serving one itself', async () => {
    const { healthy, drift } = await read({
      metrics: [served('web-2', '2xx', '08:00:00', '11:30:00'), served('web-2', '5xx', '11:30:00')],
    });
    expect(healthy[0]?.slice(2)).toEqual(['web-2', '11:30']);
    expect(drift).toEqual([]);
  });

  it('is not told where nothing served healthily', async () => {
    const { healthy, drift } = await read({ metrics: [served('web-2', '5xx', '08:00:00')] });
    expect([healthy, drift]).toEqual([[], []]);
  });

  it('is told, and compared with nothing, where revisions cannot be read', async () => {
    const { healthy, drift } = await read({ metrics: failedTwice }, '/revisions');
    expect(healthy).toHaveLength(2);
    expect(drift).toEqual([]);
  });
});
