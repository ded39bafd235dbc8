import { afterAll, beforeAll, expect, test } from 'vitest';
import { parent, project, scenarioWith, startWorld } from './start.ts';
import type { Answer, Google } from './start.ts';

/** Mistakes that a caller could make: each is answered as Google answers it, and recorded. */

let google: Google;
beforeAll(async () => {
  google = await startWorld(scenarioWith());
});
afterAll(async () => {
  await google.close();
});

const services = `/v2/${parent}/services`;
const timeSeries = `/v3/projects/${project}/timeSeries`;
const requestCount = 'metric.type = "run.googleapis.com/request_count"';
const interval = { 'interval.startTime': '2025-03-10T11:00:00Z', 'interval.endTime': '2025-03-10T12:00:00Z' };
const aligned = { ...interval, 'aggregation.alignmentPeriod': '60s' };
const logs = { resourceNames: [`projects/${project}`] };

type Call = () => Promise<Answer>;
const get =
  (path: string, query: Record<string, string> = {}): Call =>
  () =>
    google.get(path, query);
const series = (query: Record<string, string>): Call =>
  get(timeSeries, { filter: requestCount, ...interval, ...query });
const entries =
  (body: object): Call =>
  () =>
    google.post('/v2/entries:list', { ...logs, ...body });
const filtered = (filter: string): Call => entries({ filter });

const mistakes: [name: string, call: Call, said: RegExp][] = [
  ['a path that no API has', get('/v2/projects/demo/services'), /No method of the stand-in answers GET/],
  ['a version that the API does not have', get(`/v3/${parent}/services`), /No method/],
  ['a verb at the end of a name', get(`${services}/web:getIamPolicy`), /No method/],
  ['a write', () => google.post(services, {}), /No method of the stand-in answers POST/],
  ['an empty name', get(`${services}/`), /No method/],
  ['an unknown query parameter', get(services, { filter: 'x' }), /Unknown name "filter": Cannot bind query/],
  ['a query parameter that the path holds already', get(services, { parent: 'x' }), /Unknown name "parent"/],
  [
    'a query parameter twice',
    () =>
      google.get(services, [
        ['pageSize', '1'],
        ['page_size', '2'],
      ]),
    /given twice/,
  ],
  ['a whole message as a query parameter', series({ interval: '1h' }), /Unknown name "interval"/],
  ['a number that is none', get(services, { pageSize: 'ten' }), /pageSize: expected int32/],
  ['a number out of range', get(services, { pageSize: '3000000000' }), /pageSize: out of the range of int32/],
  ['a negative page size', get(services, { pageSize: '-1' }), /page size -1 is negative/],
  ['a truth value that is none', get(services, { showDeleted: 'yes' }), /showDeleted: expected bool/],
  [
    'a form of answer that is not JSON',
    get(services, { alt: 'proto' }),
    /Invalid value "proto" for the parameter alt/,
  ],
  [
    'a wildcard for the region',
    get(`/v2/projects/${project}/locations/-/services`),
    /wildcard "-" is not allowed/,
  ],
  [
    'a filter of instances, which the stand-in lacks',
    get(`/v1/projects/${project}/instances`, { filter: 'state:RUNNABLE' }),
    /knows no filter/,
  ],
  [
    'an unknown field in the body',
    entries({ pagesize: 5 }),
    /pagesize: google.logging.v2.ListLogEntriesRequest has no such field/,
  ],
  ['a field of another JSON type', entries({ filter: 7 }), /filter: expected string/],
  ['a text for a list', entries({ resourceNames: 'projects/demo' }), /resourceNames: expected a list/],
  [
    'a query where the body has all',
    () => google.post('/v2/entries:list?pageSize=5', logs),
    /Unknown name "pageSize"/,
  ],
  ['no project to read logs of', entries({ resourceNames: [] }), /resource_names is missing/],
  [
    'a bucket, which the stand-in lacks',
    entries({ resourceNames: ['projects/demo/locations/global/buckets/b/views/v'] }),
    /reads projects\/PROJECT only/,
  ],
  ['more entries than a page holds', entries({ pageSize: 1001 }), /at most 1000/],
  ['an unknown order of entries', entries({ orderBy: 'severity desc' }), /order_by is/],
  ['an unknown field in a filter', filtered('resource.kind="x"'), /Field not found: 'resource.kind'/],
  ['a misspelt field in a filter', filtered('serverity>=ERROR'), /Field not found: 'serverity'/],
  ['an unknown severity', filtered('severity>=FATAL'), /Invalid severity: 'FATAL'/],
  ['a time that is none', filtered('timestamp>="an hour ago"'), /Invalid timestamp/],
  ['a function in a filter', filtered('SEARCH("timeout")'), /knows no function SEARCH\(\)/],
  ['a function as a value', filtered('logName=log_id("x")'), /knows no function log_id\(\)/],
  ['a search in all fields', filtered('"timed out"'), /searches no "timed out" in all fields/],
  ['an operator that the stand-in lacks', filtered('severity!=ERROR'), /knows no !=: write NOT field=value/],
  ['a broken regular expression', filtered('textPayload=~"exit("'), /Invalid regular expression/],
  ['a regular expression that RE2 lacks', filtered('textPayload=~"(?=x)"'), /RE2 knows no/],
  ['a filter that ends too early', filtered('severity>=ERROR AND'), /is expected/],
  ['a parenthesis that is left open', filtered('(severity>=ERROR'), /'\)' is expected/],
  ['a text that is left open', filtered('textPayload:"exit'), /syntax error at column 13/],
  [
    'an unquoted value with a colon',
    filtered('timestamp>=2025-03-10T11:00:00Z'),
    /where the name of a field is expected/,
  ],
  [
    'no metric',
    series({ filter: 'resource.type = "cloud_run_revision"' }),
    /must specify a single metric type/,
  ],
  [
    'two metrics',
    series({ filter: `${requestCount} AND metric.type = "x"` }),
    /must specify a single metric type/,
  ],
  [
    'a label that the metric does not have',
    series({ filter: `${requestCount} AND metric.labels.code = "503"` }),
    /valid combination/,
  ],
  [
    'a label that the resource does not have',
    series({ filter: `${requestCount} AND resource.labels.service = "web"` }),
    /valid combination/,
  ],
  [
    'a resource that does not have the metric',
    series({ filter: `${requestCount} AND resource.type = "gce_instance"` }),
    /valid combination/,
  ],
  [
    'a function in a filter of metrics',
    series({ filter: `${requestCount} AND resource.labels.service_name = starts_with("w")` }),
    /knows no function starts_with/,
  ],
  ['no end of the interval', get(timeSeries, { filter: requestCount }), /interval.endTime is required/],
  [
    'an interval that ends before it begins',
    series({ 'interval.startTime': '2025-03-10T13:00:00Z' }),
    /later than the end time/,
  ],
  [
    'a time without a zone',
    series({ 'interval.endTime': '2025-03-10T12:00:00' }),
    /interval.endTime: expected Timestamp/,
  ],
  [
    'a duration without a unit',
    series({ 'aggregation.alignmentPeriod': '60' }),
    /alignmentPeriod: expected Duration/,
  ],
  [
    'an unknown aligner',
    series({ ...aligned, 'aggregation.perSeriesAligner': 'ALIGN_AVERAGE' }),
    /"ALIGN_AVERAGE" is no value of .*Aligner/,
  ],
  [
    'an aligner that the stand-in lacks',
    series({ ...aligned, 'aggregation.perSeriesAligner': 'ALIGN_STDDEV' }),
    /does not calculate ALIGN_STDDEV/,
  ],
  [
    'an aligner for another value type',
    series({ ...aligned, 'aggregation.perSeriesAligner': 'ALIGN_PERCENTILE_95' }),
    /cannot be applied to metrics with kind DELTA and value type INT64/,
  ],
  [
    'an aligner without a period',
    series({ 'aggregation.perSeriesAligner': 'ALIGN_DELTA' }),
    /at least 60 seconds/,
  ],
  [
    'a reducer without an aligner',
    series({ ...aligned, 'aggregation.crossSeriesReducer': 'REDUCE_SUM' }),
    /required where there is a cross-series reducer/,
  ],
  ['an unknown view', series({ view: 'BASIC' }), /"BASIC" is no value of .*TimeSeriesView/],
  ['an order of series', series({ orderBy: 'timestamp' }), /must be left blank/],
  [
    'a second aggregation',
    series({ 'secondaryAggregation.perSeriesAligner': 'ALIGN_MAX' }),
    /no secondary aggregation/,
  ],
  ['a made-up page token', get(services, { pageToken: 'abc.def' }), /not one that was given out/],
];

test.each(mistakes)('%s is refused with 400 and recorded', async (_, call, said) => {
  const before = google.refusals.length;
  const { status, body } = await call();
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: {
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: expect.stringMatching(said),
      details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest' }],
    },
  });
  expect(google.refusals).toHaveLength(before + 1);
  expect(google.refusals.at(-1)).toMatch(said);
});

test('an aligner that does not fit a gauge is refused even where the metric has no data', async () => {
  const { status, text } = await google.get(timeSeries, {
    filter: 'metric.type = "vpcaccess.googleapis.com/connector/instances"',
    ...aligned,
    'aggregation.perSeriesAligner': 'ALIGN_DELTA',
  });
  expect(status).toBe(400);
  expect(text).toContain('kind GAUGE and value type INT64');
});

test('an unknown metric is 404, as in the real API, and recorded', async () => {
  const before = google.refusals.length;
  const { status, text } = await google.get(timeSeries, {
    filter: 'metric.type = "run.googleapis.com/requests_count"',
    ...interval,
  });
  expect(status).toBe(404);
  expect(text).toContain('Cannot find metric(s) that match type');
  expect(google.refusals).toHaveLength(before + 1);
});

test('a known metric without data is an empty answer and no mistake', async () => {
  const before = google.refusals.length;
  expect(await google.get(timeSeries, { filter: requestCount, ...interval })).toMatchObject({
    status: 200,
    body: {},
  });
  expect(google.refusals).toHaveLength(before);
});

test('a page token of another list is refused, also of the same list with other parameters', async () => {
  const first = await google.get(`/v2/${parent}/services/-/revisions`, { pageSize: '1' });
  const pageToken = String(first.body['nextPageToken']);
  const foreign = [
    google.get(`/v2/${parent}/services/web/revisions`, { pageSize: '1', pageToken }),
    google.get(`/v2/${parent}/services/-/revisions`, { showDeleted: 'true', pageToken }),
    google.get(`/v1/projects/${project}/operations`, { pageToken }),
  ];
  for (const { status, text } of await Promise.all(foreign)) {
    expect(status).toBe(400);
    expect(text).toContain('The page token belongs to a request with other parameters.');
  }
  const next = await google.get(`/v2/${parent}/services/-/revisions`, { pageSize: '2', pageToken });
  expect(next.body['revisions']).toHaveLength(2);
});

test.each([
  ['no token', {}],
  ['a token of somebody else', { authorization: 'Bearer ya29.of-somebody-else' }],
  ['a token that is no bearer token', { authorization: 'Basic YTpi' }],
])('%s is 401 and recorded', async (_, headers) => {
  const before = google.refusals.length;
  const response = await fetch(`${google.url}${services}`, { headers });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
  expect(google.refusals).toHaveLength(before + 1);
});

test('a token of another stand-in is 401', async () => {
  const other = await startWorld();
  try {
    const response = await fetch(`${google.url}${services}`, {
      headers: { authorization: `Bearer ${other.token}` },
    });
    expect(response.status).toBe(401);
  } finally {
    await other.close();
  }
});

test.each([
  ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
  ['no grant', {}, 'unsupported_grant_type'],
  [
    'a refresh without its token',
    { grant_type: 'refresh_token', client_id: 'a', client_secret: 'b' },
    'invalid_request',
  ],
  [
    'an assertion that is no JWT',
    { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'x' },
    'invalid_grant',
  ],
])('the token endpoint refuses %s', async (_, form, error) => {
  const before = google.refusals.length;
  const response = await fetch(`${google.url}/token`, {
    method: 'POST',
    body: new URLSearchParams(Object.entries(form)),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error });
  expect(google.refusals).toHaveLength(before + 1);
});

test('a body that is no JSON is refused', async () => {
  const headers = { authorization: `Bearer ${google.token}` };
  const response = await fetch(`${google.url}/v2/entries:list`, {
    method: 'POST',
    headers,
    body: '{"filter":',
  });
  expect(response.status).toBe(400);
});
