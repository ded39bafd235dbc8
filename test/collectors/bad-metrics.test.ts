import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../src/collectors/collect.ts';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import { addressOf } from './address.ts';
import { configuration, parent, startWorld } from './world.ts';
import type { World } from './world.ts';

/** What becomes of values that no metric should have: never an exception, never a zero in place of "not known". */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

type Raw = Record<string, unknown>;

/** A collection in which some requests are answered otherwise; `answer` gives null for the honest answer. */
async function collected(answer: (url: URL) => Raw | null): Promise<Snapshot> {
  const google = createGoogleAccess({
    endpoint: world.google.url,
    fetch: (url, init) => {
      const raw = answer(new URL(addressOf(url)));
      return raw ? Promise.resolve(Response.json(raw)) : fetch(url, init);
    },
  });
  // No time limit is tested here.
  const snapshot = await collect(
    { configuration, budgetMs: 60_000, collectorMs: 60_000 },
    { ...world.deps, google },
  );
  expect(() => snapshotSchema.parse(snapshot)).not.toThrow();
  return snapshot;
}

/** One series of a metric, whose points are these values, minute by minute, the last one ending at a time. */
function series(metric: string, resource: Raw, values: Raw[], end = '2025-03-10T11:58:00Z') {
  const points = values.toReversed().map((value, back) => {
    const at = Date.parse(end) - back * 60_000;
    const interval = { startTime: new Date(at - 60_000).toISOString(), endTime: new Date(at).toISOString() };
    return { interval, value };
  });
  return (url: URL): Raw | null =>
    url.searchParams.get('filter')?.includes(`"${metric}"`)
      ? { timeSeries: [{ metric: { labels: { response_code_class: '5xx' } }, resource, points }] }
      : null;
}

const web = { type: 'cloud_run_revision', labels: { service_name: 'web', revision_name: 'web-2' } };
const link = { type: 'vpc_access_connector', labels: { connector_name: 'link' } };
const main = { type: 'cloudsql_database', labels: { database_id: 'shop:main' } };
const run = 'run.googleapis.com';
const sql = 'cloudsql.googleapis.com';
const ints = (...values: unknown[]) => values.map((int64Value) => ({ int64Value }));
const doubles = (...values: unknown[]) => values.map((doubleValue) => ({ doubleValue }));

/** Values of a signal in the window; a lower bound with a +, a gap by its reason. */
function told({ observations, gaps, window }: Snapshot, component: string, signal: string): string[] {
  const found = observations.filter(
    (seen) => seen.component === component && seen.signal === signal && seen.window?.to === window.to,
  );
  const missing = gaps.filter(
    (gap) => gap.component === component && (gap.signal === signal || gap.signal === '*'),
  );
  return [
    ...found.map(({ value, partial }) => `${value}${partial ? '+' : ''}`),
    ...missing.map(({ reason }) => reason),
  ];
}

describe('a metric', () => {
  const requests = `${run}/request_count`;
  const received = 'vpcaccess.googleapis.com/connector/received_bytes_count';
  const table: [
    what: string,
    answer: (url: URL) => Raw | null,
    component: string,
    signal: string,
    of: string[],
  ][] = [
    [
      'that restarts is a lower bound',
      series(requests, web, ints('5', '-900', '7')),
      'web',
      'requests',
      ['12+'],
    ],
    [
      'that restarts is a lower bound of 5xx too',
      series(requests, web, ints('5', '-900', '7')),
      'web',
      'requests.5xx',
      ['12+'],
    ],
    ['that only restarts is not known', series(requests, web, ints('-900')), 'web', 'requests', ['no-data']],
    [
      'that restarts is a lower bound of bytes',
      series(received, link, ints('6000', '-1')),
      'link',
      'received_bytes',
      ['6000+'],
    ],
    [
      'that restarts is a lower bound of the throughput',
      series(received, link, ints('7500000000', '-1')),
      'link',
      'throughput',
      ['1000+'],
    ],
    ['without points is not known', series(requests, web, []), 'web', 'requests', ['no-data']],
    [
      'whose points have no value is not known',
      series(requests, web, [{}, {}]),
      'web',
      'requests',
      ['no-data'],
    ],
    [
      'of the future is not known',
      series(requests, web, ints('5'), '2025-03-10T12:30:00Z'),
      'web',
      'requests',
      ['no-data'],
    ],
    [
      'of yesterday is not known now',
      series(requests, web, ints('5'), '2025-03-09T09:00:00Z'),
      'web',
      'requests',
      ['no-data'],
    ],
    [
      'that is a text is an answer that does not fit',
      series(requests, web, ints('many')),
      'web',
      'requests',
      ['invalid-response'],
    ],
    [
      'that is no number is left out',
      series(`${sql}/database/cpu/utilization`, main, doubles('NaN', 0.34)),
      'main',
      'cpu',
      ['34'],
    ],
    [
      'that is only NaN is not known',
      series(`${sql}/database/cpu/utilization`, main, doubles('NaN')),
      'main',
      'cpu',
      ['no-data'],
    ],
    [
      'that is infinite is not known',
      series(`${sql}/database/disk/utilization`, main, doubles('Infinity')),
      'main',
      'disk',
      ['no-data'],
    ],
    [
      'of another type is an answer that does not fit',
      series(`${sql}/database/disk/utilization`, main, doubles({})),
      'main',
      'disk',
      ['invalid-response'],
    ],
    [
      'of another component is not ours',
      series(requests, { ...web, labels: { service_name: 'x' } }, ints('5')),
      'web',
      'requests',
      ['no-data'],
    ],
    [
      'without starts has no start-up latency',
      series(`${run}/container/startup_latencies`, web, [{ distributionValue: { count: '0' } }]),
      'web',
      'startup.p95',
      [],
    ],
    [
      'with a distribution that counts less than nothing has none either',
      series(`${run}/container/startup_latencies`, web, [{ distributionValue: { count: '-4', mean: 9 } }]),
      'web',
      'startup.p95',
      [],
    ],
  ];

  it.each(table)('%s', async (_what, answer, component, signal, of) => {
    expect(told(await collected(answer), component, signal)).toEqual(of);
  });
});

const revision = (index: number) => ({
  name: `${parent}/services/web/revisions/web-${index}`,
  service: 'web',
  createTime: new Date(Date.parse('2025-03-10T11:00:00Z') - index * 60_000).toISOString(),
  containers: [{ image: `web:${index}`, env: [{ name: 'N', value: String(index) }] }],
});

describe('10,000 revisions', () => {
  it('are read up to a cap; what has traffic and is beyond it is a gap', async () => {
    let asked = 0;
    const snapshot = await collected((url) => {
      if (!url.pathname.endsWith('/services/-/revisions')) return null;
      const from = Number(url.searchParams.get('pageToken') ?? 10);
      asked += 1;
      const revisions = Array.from({ length: 500 }, (_, index) => revision(from + index));
      return { revisions, ...(from < 9_510 ? { nextPageToken: String(from + 500) } : {}) };
    });
    expect(asked).toBe(4);
    expect(told(snapshot, 'web', 'deployed')).toContain('no-data');
    expect(snapshot.gaps.map(({ detail }) => detail)).toContain(
      'web-2 has traffic and is not in the list of revisions',
    );
    // The newest of them is shown; changes are capped.
    expect(snapshot.observations.filter(({ signal }) => signal === 'image').length).toBeLessThanOrEqual(5);
    expect(snapshot.changes.filter(({ kind }) => kind === 'revision').length).toBeLessThanOrEqual(20);
  });
});
