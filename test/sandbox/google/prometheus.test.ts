import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writingProblem } from '../../../sandbox/google/prometheus/writing.ts';
import { project, scenarioWith, startWorld } from './start.ts';
import type { Google } from './start.ts';

/** The stand-in of Cloud Monitoring's Prometheus API: what a scenario says of a query, and nothing else. */

let google: Google;
beforeAll(async () => {
  const scenario = scenarioWith({
    google: {
      prometheus: [
        {
          project,
          query: 'sum by (topic) (depth)',
          series: [
            {
              labels: { topic: 'orders' },
              levels: [
                { from: '2025-03-10T11:57:00Z', value: 4.5 },
                { from: '2025-03-10T11:59:00Z', value: 'NaN' },
              ],
            },
            {
              labels: { topic: 'mails' },
              levels: [{ from: '2025-03-10T11:00:00Z', to: '2025-03-10T11:58:00Z', value: '+Inf' }],
            },
            { labels: { topic: 'later' }, levels: [{ from: '2025-03-10T12:30:00Z', value: 1 }] },
          ],
        },
        { project, query: 'absent(depth)', series: [] },
      ],
    },
  });
  google = await startWorld(scenario);
});
afterAll(async () => {
  await google.close();
});

const path = `/v1/projects/${project}/location/global/prometheus/api/v1/query_range`;
const range = { start: '2025-03-10T11:56:00Z', end: '2025-03-10T13:00:00Z', step: '60s' };
const ask = (query: string, more: Record<string, string> = {}) =>
  google.get(path, { query, ...range, ...more });

test('a query of the scenario is answered in the documented format, up to the present', async () => {
  const { status, body } = await ask(' sum by (topic) (depth)\n');
  const noon = Date.parse('2025-03-10T12:00:00Z') / 1_000;
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { topic: 'orders' },
          values: [
            [noon - 180, '4.5'],
            [noon - 120, '4.5'],
            [noon - 60, 'NaN'],
            [noon, 'NaN'],
          ],
        },
        {
          metric: { topic: 'mails' },
          values: [
            [noon - 240, '+Inf'],
            [noon - 180, '+Inf'],
          ],
        },
      ],
    },
  });
  const nothing = await ask('absent(depth)');
  expect(nothing.status).toBe(200);
  expect(nothing.body).toEqual({
    status: 'success',
    data: { resultType: 'matrix', result: [] },
  });
});

test.each<[string, string, Record<string, string>, RegExp]>([
  ['no query', '', {}, /no expression found in input/],
  ['a bracket that is left open', 'sum(depth', {}, /1:4: parse error: unclosed \(/],
  ['a query that the scenario does not have', 'sum(depth)', {}, /does not say what sum\(depth\) gives/],
  ['a time that is none', 'absent(depth)', { start: 'noon' }, /"start": cannot parse "noon"/],
  ['an end before its start', 'absent(depth)', { end: '2025-03-10T11:00:00Z' }, /must not be before start/],
  ['a step of nothing', 'absent(depth)', { step: '0' }, /zero or negative query resolution/],
  ['a step that is none', 'absent(depth)', { step: 'often' }, /"step": cannot parse "often"/],
  ['too many points', 'absent(depth)', { step: '0.1' }, /maximum resolution of 11,000 points/],
])('%s is refused in the words and the form of Prometheus', async (_, query, more, said) => {
  const { status, body } = await ask(query, more);
  expect(status).toBe(400);
  expect(body).toEqual({ status: 'error', errorType: 'bad_data', error: expect.stringMatching(said) });
  expect(google.refusals.pop()).toMatch(said);
});

test.each<[string, string, RegExp]>([
  ['another location', path.replace('/global/', '/europe-west1/'), /The location is global/],
  ['an unknown parameter', `${path}?limit=1`, /Unknown name .{1,2}limit/],
])('%s is refused as Google refuses it', async (_, where, said) => {
  const [own = '', extra = ''] = where.split('?');
  const { status, text } = await google.get(own, {
    query: 'absent(depth)',
    ...range,
    ...Object.fromEntries(new URLSearchParams(extra)),
  });
  expect(status).toBe(400);
  expect(text).toMatch(said);
});

describe('of a query without an engine', () => {
  test.each([
    ['sum(rate(x{a="b)"}[5m])) by (c)', null],
    ["x{a=~'[(]'} # and (more", null],
    ['x{a="it\\"s"}', null],
    ['sum(x))', "1:7: parse error: unexpected character: ')'"],
    ['sum(x]', "1:6: parse error: unexpected character: ']'"],
    ['x{a="b}', '1:5: parse error: unterminated quoted string'],
    ['x[5m', '1:2: parse error: unclosed ['],
  ])('%s: %s', (query, problem) => {
    expect(writingProblem(query)).toBe(problem);
  });
});
