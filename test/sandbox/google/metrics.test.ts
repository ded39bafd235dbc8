import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { scenarioSchema } from '../../../sandbox/scenario/schema.ts';
import { project, scenarioWith, startWorld } from './start.ts';
import type { Google } from './start.ts';

/** Reading of metrics at 12:00. All expected figures are reckoned by hand from the levels. */

type MetricInput = NonNullable<NonNullable<z.input<typeof scenarioSchema>['google']>['metrics']>[number];
type Shape = Omit<MetricInput, 'resource' | 'levels'>;

const revision = (service_name: string) => ({
  type: 'cloud_run_revision',
  labels: { project_id: project, service_name, location: 'europe-west1' },
});
const connector = { type: 'vpc_access_connector', labels: { project_id: project, connector_name: 'link' } };
const database = { type: 'cloudsql_database', labels: { project_id: project, database_id: 'demo:main' } };
const time = (clock: string) => `2025-03-10T${clock}:00Z`;

const requests: Shape = {
  type: 'run.googleapis.com/request_count',
  kind: 'DELTA',
  value: 'INT64',
  delay_s: 0,
};
const latencies: Shape = {
  type: 'run.googleapis.com/request_latencies',
  kind: 'DELTA',
  value: 'DISTRIBUTION',
  unit: 'ms',
  delay_s: 0,
};

const metrics: MetricInput[] = [
  // 2 a minute for half an hour, then 6
  {
    ...requests,
    labels: { response_code: '503' },
    resource: revision('web'),
    levels: [
      { from: time('11:00'), value: 2 },
      { from: time('11:30'), value: 6 },
    ],
  },
  {
    ...requests,
    labels: { response_code: '200' },
    resource: revision('web'),
    levels: [{ from: time('11:00'), value: 10 }],
  },
  // for ten minutes only
  {
    ...requests,
    labels: { response_code: '503' },
    resource: revision('mail'),
    levels: [{ from: time('11:00'), to: time('11:10'), value: 1 }],
  },
  {
    ...latencies,
    resource: revision('web'),
    levels: [
      { from: time('11:00'), value: 100 },
      { from: time('11:45'), value: 22_000 },
    ],
  },
  { ...latencies, resource: revision('mail'), levels: [{ from: time('11:00'), value: 300 }] },
  {
    type: 'vpcaccess.googleapis.com/connector/instances',
    kind: 'GAUGE',
    value: 'INT64',
    delay_s: 0,
    resource: connector,
    levels: [
      { from: time('11:00'), value: 2 },
      { from: time('11:40'), value: 10 },
    ],
  },
  {
    type: 'cloudsql.googleapis.com/database/cpu/utilization',
    kind: 'GAUGE',
    value: 'DOUBLE',
    delay_s: 0,
    every_s: 300,
    resource: database,
    levels: [{ from: time('11:02'), value: 0.25 }],
  },
  {
    type: 'custom.googleapis.com/total',
    kind: 'CUMULATIVE',
    value: 'INT64',
    delay_s: 0,
    resource: revision('web'),
    levels: [{ from: time('11:00'), value: 3 }],
  },
  {
    type: 'custom.googleapis.com/ok',
    kind: 'GAUGE',
    value: 'BOOL',
    delay_s: 0,
    resource: revision('web'),
    levels: [
      { from: time('11:00'), value: 1 },
      { from: time('11:59'), value: 0 },
    ],
  },
  {
    type: 'cloudsql.googleapis.com/database/postgresql/num_backends',
    kind: 'GAUGE',
    value: 'INT64',
    delay_s: 165,
    labels: { database: 'shop' },
    resource: database,
    levels: [{ from: time('11:00'), value: 40 }],
  },
  ...[revision('web'), database].map((resource, index): MetricInput => ({
    type: 'logging.googleapis.com/log_entry_count',
    kind: 'DELTA',
    value: 'INT64',
    delay_s: 0,
    resource,
    levels: [{ from: time('11:00'), value: index + 1 }],
  })),
];

let google: Google;
beforeAll(async () => {
  google = await startWorld(scenarioWith({ google: { metrics } }));
});
afterAll(async () => {
  await google.close();
});

const value = z.union([
  z.strictObject({ int64Value: z.string() }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({
    distributionValue: z.object({
      count: z.string(),
      mean: z.number(),
      bucketCounts: z.array(z.string()),
      bucketOptions: z.object({
        exponentialBuckets: z.object({ scale: z.number(), growthFactor: z.number() }),
      }),
    }),
  }),
]);
const answer = z.object({
  timeSeries: z
    .array(
      z.object({
        metric: z.object({ type: z.string(), labels: z.record(z.string(), z.string()) }),
        resource: z.object({ type: z.string(), labels: z.record(z.string(), z.string()) }),
        metricKind: z.string(),
        valueType: z.string(),
        unit: z.string(),
        points: z
          .array(z.object({ interval: z.object({ startTime: z.string(), endTime: z.string() }), value }))
          .default([]),
      }),
    )
    .default([]),
  unit: z.string().optional(),
  nextPageToken: z.string().optional(),
});
type Point = z.infer<typeof answer>['timeSeries'][number]['points'][number];

const clockOf = (instant: string) => instant.slice(11, 16);
function figure({ value: given }: Point): unknown {
  const [only] = Object.values(given);
  return typeof only === 'string' ? Number(only) : only;
}
const figures = (points: Point[]) => points.map((point) => [clockOf(point.interval.endTime), figure(point)]);

const hour = { 'interval.startTime': time('11:00'), 'interval.endTime': time('12:00') };
async function list(filter: string, query: Record<string, string> | [string, string][] = {}) {
  const given = Array.isArray(query) ? query : Object.entries(query);
  const { status, body, text } = await google.get(`/v3/projects/${project}/timeSeries`, [
    ['filter', filter],
    ...given,
  ]);
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  return answer.parse(body);
}
const align = (aligner: string, period: string) => ({
  ...hour,
  'aggregation.perSeriesAligner': aligner,
  'aggregation.alignmentPeriod': period,
});

const errors =
  'metric.type="run.googleapis.com/request_count" AND metric.labels.response_code="503" AND resource.labels.service_name="web"';
const web = 'metric.type="run.googleapis.com/request_latencies" AND resource.labels.service_name="web"';
const instances = 'metric.type="vpcaccess.googleapis.com/connector/instances"';
const total = 'metric.type="custom.googleapis.com/total"';
const cpu = 'metric.type="cloudsql.googleapis.com/database/cpu/utilization"';
const ok = 'metric.type="custom.googleapis.com/ok"';

const everyTenMinutes = (...values: unknown[]) =>
  ['12:00', '11:50', '11:40', '11:30', '11:20', '11:10'].map((at, index) => [at, values[index]]);

test.each([
  // deltas: 30 × 2 and 30 × 6
  [errors, 'ALIGN_DELTA', '3600s', 'DELTA INT64', [['12:00', 240]]],
  [
    errors,
    'ALIGN_DELTA',
    '1800s',
    'DELTA INT64',
    [
      ['12:00', 180],
      ['11:30', 60],
    ],
  ],
  [errors, 'ALIGN_SUM', '3600s', 'DELTA INT64', [['12:00', 240]]],
  [
    errors,
    'ALIGN_RATE',
    '1800s',
    'GAUGE DOUBLE',
    [
      ['12:00', 0.1],
      ['11:30', 60 / 1800],
    ],
  ],
  [errors, 'ALIGN_MEAN', '3600s', 'GAUGE DOUBLE', [['12:00', 4]]],
  [errors, 'ALIGN_MAX', '3600s', 'GAUGE INT64', [['12:00', 6]]],
  [errors, 'ALIGN_MIN', '3600s', 'GAUGE INT64', [['12:00', 2]]],
  // a gauge of 2, from 11:40 on of 10: the sample of 11:40 ends the period from 11:30
  [instances, 'ALIGN_MAX', '600s', 'GAUGE INT64', everyTenMinutes(10, 10, 10, 2, 2, 2)],
  [instances, 'ALIGN_MIN', '600s', 'GAUGE INT64', everyTenMinutes(10, 10, 2, 2, 2, 2)],
  [instances, 'ALIGN_MEAN', '600s', 'GAUGE DOUBLE', everyTenMinutes(10, 10, 2.8, 2, 2, 2)],
  [instances, 'ALIGN_NEXT_OLDER', '600s', 'GAUGE INT64', everyTenMinutes(10, 10, 10, 2, 2, 2)],
  [instances, 'ALIGN_SUM', '3600s', 'GAUGE INT64', [['12:00', 39 * 2 + 21 * 10]]],
  // 45 values of 100 and 15 of 22,000: rank 30 is 100, ranks 57 and 60 are 22,000
  [web, 'ALIGN_PERCENTILE_50', '3600s', 'GAUGE DOUBLE', [['12:00', 100]]],
  [web, 'ALIGN_PERCENTILE_95', '3600s', 'GAUGE DOUBLE', [['12:00', 22_000]]],
  [web, 'ALIGN_PERCENTILE_99', '3600s', 'GAUGE DOUBLE', [['12:00', 22_000]]],
  [
    web,
    'ALIGN_PERCENTILE_99',
    '1800s',
    'GAUGE DOUBLE',
    [
      ['12:00', 22_000],
      ['11:30', 100],
    ],
  ],
  // a running total that grows by 3 a minute
  [
    total,
    'ALIGN_DELTA',
    '1800s',
    'DELTA INT64',
    [
      ['12:00', 90],
      ['11:30', 90],
    ],
  ],
  [total, 'ALIGN_RATE', '3600s', 'GAUGE DOUBLE', [['12:00', 0.05]]],
  // every five minutes from 11:05 on
  [cpu, 'ALIGN_SUM', '3600s', 'GAUGE DOUBLE', [['12:00', 3]]],
  [
    ok,
    'ALIGN_NEXT_OLDER',
    '1800s',
    'GAUGE BOOL',
    [
      ['12:00', false],
      ['11:30', true],
    ],
  ],
])('%s: %s over %s', async (filter, aligner, period, kindAndType, expected) => {
  const { timeSeries } = await list(filter, align(aligner, period));
  expect(timeSeries).toHaveLength(1);
  const [series] = timeSeries;
  expect(`${series?.metricKind} ${series?.valueType}`).toBe(kindAndType);
  expect(figures(series?.points ?? [])).toEqual(expected);
});

test('a delta covers its whole period, a gauge one moment', async () => {
  const [delta] = (await list(errors, align('ALIGN_DELTA', '1800s'))).timeSeries;
  expect(delta?.points[0]?.interval).toEqual({ startTime: time('11:30'), endTime: time('12:00') });
  const [gauge] = (await list(errors, align('ALIGN_RATE', '1800s'))).timeSeries;
  expect(gauge?.points[0]?.interval).toEqual({ startTime: time('12:00'), endTime: time('12:00') });
  expect(gauge?.unit).toBe('1/s');
});

test('periods are counted back from the end of the interval', async () => {
  const interval = {
    'interval.startTime': '2025-03-10T11:29:30Z',
    'interval.endTime': '2025-03-10T11:59:30Z',
  };
  const { timeSeries } = await list(errors, { ...align('ALIGN_DELTA', '600s'), ...interval });
  // The oldest holds the minute from 11:29 (2) and nine of 6.
  expect(figures(timeSeries[0]?.points ?? [])).toEqual([
    ['11:59', 60],
    ['11:49', 60],
    ['11:39', 56],
  ]);
});

test('a period that begins before the interval counts what is in the interval', async () => {
  const { timeSeries } = await list(errors, {
    ...align('ALIGN_DELTA', '1800s'),
    'interval.startTime': time('11:20'),
  });
  expect(figures(timeSeries[0]?.points ?? [])).toEqual([
    ['12:00', 180],
    ['11:30', 20],
  ]);
});

test('raw points come newest first; an interval has its end and not its start', async () => {
  const interval = { 'interval.startTime': time('11:38'), 'interval.endTime': time('11:42') };
  const gauge = await list(instances, interval);
  expect(figures(gauge.timeSeries[0]?.points ?? [])).toEqual([
    ['11:42', 10],
    ['11:41', 10],
    ['11:40', 10],
    ['11:39', 2],
  ]);
  const delta = await list(errors, {
    'interval.startTime': time('11:29'),
    'interval.endTime': time('11:31'),
  });
  expect(
    delta.timeSeries[0]?.points.map(({ interval: { startTime, endTime } }) => [
      clockOf(startTime),
      clockOf(endTime),
    ]),
  ).toEqual([
    ['11:30', '11:31'],
    ['11:29', '11:30'],
  ]);
  const moment = await list(instances, { 'interval.endTime': time('11:40') });
  expect(figures(moment.timeSeries[0]?.points ?? [])).toEqual([['11:40', 10]]);
});

test('a metric that has ended has no points after that, and no series where the interval lies later', async () => {
  const mail = errors.replace('"web"', '"mail"');
  expect(figures((await list(mail, align('ALIGN_DELTA', '600s'))).timeSeries[0]?.points ?? [])).toEqual([
    ['11:10', 10],
  ]);
  expect((await list(mail, { ...hour, 'interval.startTime': time('11:30') })).timeSeries).toEqual([]);
});

test('points become visible only after their delay', async () => {
  const backends = 'metric.type="cloudsql.googleapis.com/database/postgresql/num_backends"';
  const newest = async () => (await list(backends, hour)).timeSeries[0]?.points[0]?.interval.endTime;
  expect(await newest()).toBe(time('11:57'));
  const own = await startWorld(scenarioWith({ google: { metrics } }));
  try {
    own.clock.advance(44_000);
    const at = async () =>
      answer.parse((await own.get(`/v3/projects/${project}/timeSeries`, { filter: backends, ...hour })).body);
    expect((await at()).timeSeries[0]?.points[0]?.interval.endTime).toBe(time('11:57'));
    own.clock.advance(1_000);
    expect((await at()).timeSeries[0]?.points[0]?.interval.endTime).toBe(time('11:58'));
  } finally {
    await own.close();
  }
});

const all = 'metric.type="run.googleapis.com/request_count"';
const latency = 'metric.type="run.googleapis.com/request_latencies"';

// Over the hour: web 503 240, web 200 600, mail 503 10.
test.each([
  [all, 'ALIGN_DELTA', 'REDUCE_SUM', [], 'DELTA INT64', [['', 850]]],
  [all, 'ALIGN_DELTA', 'REDUCE_MAX', [], 'DELTA INT64', [['', 600]]],
  [all, 'ALIGN_DELTA', 'REDUCE_MIN', [], 'DELTA INT64', [['', 10]]],
  [all, 'ALIGN_DELTA', 'REDUCE_COUNT', [], 'GAUGE INT64', [['', 3]]],
  [all, 'ALIGN_DELTA', 'REDUCE_PERCENTILE_50', [], 'GAUGE DOUBLE', [['', 240]]],
  [all, 'ALIGN_DELTA', 'REDUCE_PERCENTILE_99', [], 'GAUGE DOUBLE', [['', 600]]],
  [
    all,
    'ALIGN_DELTA',
    'REDUCE_SUM',
    ['resource.labels.service_name'],
    'DELTA INT64',
    [
      ['web', 840],
      ['mail', 10],
    ],
  ],
  [
    all,
    'ALIGN_DELTA',
    'REDUCE_MEAN',
    ['resource.label."service_name"'],
    'DELTA DOUBLE',
    [
      ['web', 420],
      ['mail', 10],
    ],
  ],
  [
    all,
    'ALIGN_DELTA',
    'REDUCE_SUM',
    ['metric.labels.response_code'],
    'DELTA INT64',
    [
      ['503', 250],
      ['200', 600],
    ],
  ],
  [
    all,
    'ALIGN_DELTA',
    'REDUCE_SUM',
    ['resource.labels.service_name', 'metric.labels.response_code'],
    'DELTA INT64',
    [
      ['503 web', 240],
      ['200 web', 600],
      ['503 mail', 10],
    ],
  ],
  // 45 × 100, 15 × 22,000 and 60 × 300: rank 60 of 120 is 300, rank 114 is 22,000
  [latency, 'ALIGN_DELTA', 'REDUCE_PERCENTILE_50', [], 'GAUGE DOUBLE', [['', 300]]],
  [latency, 'ALIGN_SUM', 'REDUCE_PERCENTILE_95', [], 'GAUGE DOUBLE', [['', 22_000]]],
  [
    latency,
    'ALIGN_DELTA',
    'REDUCE_PERCENTILE_95',
    ['resource.labels.service_name'],
    'GAUGE DOUBLE',
    [
      ['web', 22_000],
      ['mail', 300],
    ],
  ],
  [latency, 'ALIGN_PERCENTILE_95', 'REDUCE_MAX', [], 'GAUGE DOUBLE', [['', 22_000]]],
])('%s: %s, %s by %j', async (filter, aligner, reducer, groupBy, kindAndType, expected) => {
  const { timeSeries } = await list(filter, [
    ...Object.entries(align(aligner, '3600s')),
    ['aggregation.crossSeriesReducer', reducer],
    ...groupBy.map((field): [string, string] => ['aggregation.groupByFields', field]),
  ]);
  const found = timeSeries.map(({ metric, resource, points }) => {
    const labels = [...Object.values(metric.labels), ...Object.values(resource.labels)].join(' ');
    return points.map((point) => [labels, figure(point)]);
  });
  expect(found.flat()).toEqual(expected);
  expect(new Set(timeSeries.map(({ metricKind, valueType }) => `${metricKind} ${valueType}`))).toEqual(
    new Set([kindAndType]),
  );
});

test('a percentile is the value at the nearest rank', async () => {
  // 15 values of 100 and 15 of 22,000: rank 15 is still 100.
  const half = { ...align('ALIGN_PERCENTILE_50', '1800s'), 'interval.startTime': time('11:30') };
  expect(figures((await list(web, half)).timeSeries[0]?.points ?? [])).toEqual([['12:00', 100]]);
});

test('series of two resource types are never reduced to one', async () => {
  const { timeSeries } = await list('metric.type="logging.googleapis.com/log_entry_count"', {
    ...align('ALIGN_DELTA', '3600s'),
    'aggregation.crossSeriesReducer': 'REDUCE_SUM',
  });
  expect(timeSeries.map(({ resource, points }) => [resource.type, points.map(figure)])).toEqual([
    ['cloud_run_revision', [60]],
    ['cloudsql_database', [120]],
  ]);
});

test('a distribution tells its count and mean, and has each value in its bucket', async () => {
  const { timeSeries, unit } = await list(web, align('ALIGN_DELTA', '3600s'));
  const given = timeSeries[0]?.points[0]?.value;
  expect(unit).toBe('ms');
  if (given === undefined || !('distributionValue' in given))
    throw new Error('The point has no distribution');
  const { count, mean, bucketCounts, bucketOptions } = given.distributionValue;
  // (45 × 100 + 15 × 22,000) ÷ 60
  expect([count, mean]).toEqual(['60', 5575]);
  const { scale, growthFactor } = bucketOptions.exponentialBuckets;
  const filled = bucketCounts.flatMap((held, index) => (held === '0' ? [] : [{ held, index }]));
  expect(filled.map(({ held }) => held)).toEqual(['45', '15']);
  for (const [position, measured] of [100, 22_000].entries()) {
    const index = filled[position]?.index ?? 0;
    expect(scale * growthFactor ** (index - 1)).toBeLessThanOrEqual(measured);
    expect(scale * growthFactor ** index).toBeGreaterThan(measured);
  }
});

test.each([
  ['resource.labels.service_name = "web"', ['web 503', 'web 200']],
  ['resource.label.service_name = "web"', ['web 503', 'web 200']],
  ['resource.labels.service_name = one_of("mail", "other")', ['mail 503']],
  ['resource.labels.service_name = ("mail" OR "web")', ['web 503', 'web 200', 'mail 503']],
  ['metric.labels.response_code != "503"', ['web 200']],
  ['NOT metric.labels.response_code = "503"', ['web 200']],
  ['(resource.labels.service_name = "mail" OR metric.labels.response_code = "200")', ['web 200', 'mail 503']],
  ['metric.labels.response_code = "503" resource.labels.service_name = "web"', ['web 503']],
  ['resource.type = "cloud_run_revision"', ['web 503', 'web 200', 'mail 503']],
  ['resource.labels.location = "us-east1"', []],
])('the filter %j keeps %j', async (filter, expected) => {
  const { timeSeries } = await list(`${all} AND ${filter}`, hour);
  expect(
    timeSeries.map(
      ({ metric, resource }) => `${resource.labels['service_name']} ${metric.labels['response_code']}`,
    ),
  ).toEqual(expected);
});

test('headers have no points', async () => {
  const { timeSeries } = await list(all, { ...hour, view: 'HEADERS', pageSize: '2' });
  expect(timeSeries.map(({ points }) => points)).toEqual([[], []]);
});

test('another project has none of it', async () => {
  expect((await google.get('/v3/projects/other/timeSeries', { filter: all, ...hour })).body).toEqual({});
});

test('a page holds so many points, of one series or several', async () => {
  const interval = { 'interval.startTime': time('11:07'), 'interval.endTime': time('11:10') };
  const pages: string[][] = [];
  let pageToken: string | undefined;
  do {
    const token: Record<string, string> = pageToken === undefined ? {} : { pageToken };
    const { timeSeries, nextPageToken } = await list(all, { ...interval, pageSize: '4', ...token });
    pages.push(
      timeSeries.map(
        ({ metric, resource, points }) =>
          `${resource.labels['service_name']} ${metric.labels['response_code']} ${points.map((point) => clockOf(point.interval.endTime)).join(' ')}`,
      ),
    );
    pageToken = nextPageToken;
  } while (pageToken !== undefined);
  expect(pages).toEqual([
    ['web 503 11:10 11:09 11:08', 'web 200 11:10'],
    ['web 200 11:09 11:08', 'mail 503 11:10 11:09'],
    ['mail 503 11:08'],
  ]);
});
