import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { logEntries } from '../../../sandbox/google/logs/entries.ts';
import { project, scenarioWith, startWorld } from './start.ts';
import type { Google } from './start.ts';

/** Reading of logs: which entries a filter keeps, in which order, on which page. */

const web = { type: 'cloud_run_revision', labels: { service_name: 'web', revision_name: 'web-2' } };
const mail = { type: 'cloud_run_revision', labels: { service_name: 'mail', revision_name: 'mail-1' } };
const sql = { type: 'cloudsql_database', labels: { database_id: 'demo:main' } };
const stderr = `projects/${project}/logs/run.googleapis.com%2Fstderr`;
const system = `projects/${project}/logs/run.googleapis.com%2Fvarlog%2Fsystem`;

/** One entry each, at 11:00, 11:10 …; the filters below name them by their letters. */
const entries: Record<string, object> = {
  a: {
    logName: stderr,
    severity: 'ERROR',
    resource: web,
    textPayload: 'Connection to the DATABASE timed out',
  },
  b: { logName: system, severity: 'WARNING', resource: web, textPayload: 'Container called exit(3).' },
  c: { logName: system, severity: 'INFO', resource: web, textPayload: 'Container called exit(0).' },
  d: {
    logName: stderr,
    severity: 'CRITICAL',
    resource: mail,
    jsonPayload: { message: 'Out of Memory', attempt: 3, tags: ['x', 'y'], at: { step: 'send' } },
  },
  e: { logName: stderr, resource: mail, textPayload: 'no severity', labels: { 'k8s/app': 'mail' } },
  f: { logName: stderr, severity: 'ERROR', resource: sql, httpRequest: { status: 503, requestUrl: '/pay' } },
};
const from = Date.parse('2025-03-10T11:00:00Z');
const at = (index: number) => new Date(from + index * 600_000).toISOString();

let google: Google;
beforeAll(async () => {
  const logs = Object.entries(entries).map(([letter, entry], index) => ({
    at: at(index),
    entry: { ...entry, trace: letter },
  }));
  google = await startWorld(scenarioWith({ google: { logs } }));
});
afterAll(async () => {
  await google.close();
});

const answer = z.object({
  entries: z.array(z.object({ trace: z.string().default(''), timestamp: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});

async function read(body: object) {
  const { body: got } = await google.post('/v2/entries:list', {
    resourceNames: [`projects/${project}`],
    ...body,
  });
  return answer.parse(got);
}

test.each([
  ['', 'abcdef'],
  ['   \n  -- only a comment\n', 'abcdef'],
  // fields
  ['resource.type="cloud_run_revision"', 'abcde'],
  ['resource.type=cloud_run_revision', 'abcde'],
  ['resource.labels.service_name="mail"', 'de'],
  ['labels."k8s/app"="mail"', 'e'],
  [`logName="${system}"`, 'bc'],
  ['httpRequest.status=503', 'f'],
  ['httpRequest.status>=500', 'f'],
  ['httpRequest.status>503', ''],
  ['jsonPayload.attempt=3', 'd'],
  ['jsonPayload.attempt>2 jsonPayload.attempt<=3', 'd'],
  ['jsonPayload.at.step="send"', 'd'],
  ['jsonPayload.tags="y"', 'd'],
  ['jsonPayload.missing="y"', ''],
  // severity is ordered; an entry without one has DEFAULT
  ['severity>=ERROR', 'adf'],
  ['severity="ERROR"', 'af'],
  ['severity=error', 'af'],
  ['severity>=500', 'adf'],
  ['severity<WARNING', 'ce'],
  ['severity=DEFAULT', 'e'],
  ['severity=("INFO" OR "WARNING")', 'bc'],
  // time
  ['timestamp>="2025-03-10T11:30:00Z"', 'def'],
  ['timestamp>"2025-03-10T11:30:00Z"', 'ef'],
  ['timestamp<"2025-03-10T11:10:00Z"', 'a'],
  ['timestamp<="2025-03-10T12:10:00+01:00"', 'ab'],
  // text: = and : do not mind the case, =~ does
  ['textPayload:"exit"', 'bc'],
  ['textPayload:"database TIMED"', 'a'],
  ['textPayload="container called EXIT(3)."', 'b'],
  ['textPayload="Container called"', ''],
  ['textPayload=~"Container called exit\\([1-9]"', 'b'],
  ['textPayload=~"Container called exit\\\\([1-9]"', 'b'],
  ['textPayload=~"^connection"', ''],
  ['textPayload=~"(?i)^connection"', 'a'],
  ['textPayload=~"timed out$"', 'a'],
  ['jsonPayload:"memory"', 'd'],
  ['jsonPayload.message:"memory"', 'd'],
  ['textPayload:"\\x74imed\\u0020out"', 'a'],
  ['textPayload:*', 'abce'],
  ['textPayload:("timed" OR "exit(0)")', 'ac'],
  ['textPayload:("called" AND NOT "(0)")', 'b'],
  // combinations: NOT before OR before AND; a space and a line break are AND
  ['severity=ERROR resource.type="cloud_run_revision"', 'a'],
  ['severity=ERROR\nresource.type="cloud_run_revision"', 'a'],
  ['severity=ERROR AND resource.type="cloud_run_revision"', 'a'],
  ['severity=CRITICAL OR severity=INFO', 'cd'],
  ['severity=CRITICAL OR severity=INFO AND resource.labels.service_name="web"', 'c'],
  ['severity=CRITICAL OR (severity=INFO AND resource.labels.service_name="mail")', 'd'],
  ['NOT severity>=WARNING', 'ce'],
  ['-severity>=WARNING', 'ce'],
  ['NOT (severity=ERROR OR severity=INFO)', 'bde'],
  ['NOT textPayload:"exit"', 'adef'],
  ['resource.labels.service_name="web" AND NOT textPayload:"exit" -- the rest', 'a'],
])('the filter %j keeps %j', async (filter, letters) => {
  const before = google.refusals.length;
  expect((await read({ filter })).entries.map(({ trace }) => trace).join('')).toBe(letters);
  expect(google.refusals).toHaveLength(before);
});

test('entries come oldest first, or newest first where asked', async () => {
  expect((await read({})).entries.map(({ trace }) => trace).join('')).toBe('abcdef');
  expect((await read({ orderBy: 'timestamp desc' })).entries.map(({ trace }) => trace).join('')).toBe(
    'fedcba',
  );
});

test('pages go on where the one before ended', async () => {
  const pages: string[] = [];
  let pageToken: string | undefined;
  do {
    const { entries: found, nextPageToken } = await read({
      pageSize: 4,
      pageToken,
      filter: 'severity>=DEFAULT',
    });
    pages.push(found.map(({ trace }) => trace).join(''));
    pageToken = nextPageToken;
  } while (pageToken !== undefined);
  expect(pages).toEqual(['abcd', 'ef']);
});

test('another project has none of them', async () => {
  expect((await read({ resourceNames: ['projects/other'] })).entries).toEqual([]);
  expect((await read({ resourceNames: ['projects/other', `projects/${project}`] })).entries).toHaveLength(6);
});

test('entries of the future are not there yet; later pages show what the first one did', async () => {
  const later = ['2025-03-10T11:58:00Z', '2025-03-10T11:59:00Z', '2025-03-10T12:01:00Z'];
  const logs = later.map((time) => ({
    at: time,
    entry: { logName: stderr, resource: web, textPayload: 'x' },
  }));
  const own = await startWorld(scenarioWith({ google: { logs } }));
  try {
    const list = (body: object) =>
      own.post('/v2/entries:list', { resourceNames: [`projects/${project}`], ...body });
    const first = answer.parse((await list({ pageSize: 1 })).body);
    own.clock.advance(120_000);
    const second = answer.parse((await list({ pageSize: 1, pageToken: first.nextPageToken })).body);
    expect(second.entries.map(({ timestamp }) => timestamp)).toEqual(['2025-03-10T11:59:00Z']);
    expect(second.nextPageToken).toBeUndefined();
    expect(answer.parse((await list({})).body).entries).toHaveLength(3);
  } finally {
    await own.close();
  }
});

test('50 entries are a page where nobody asks for more, and 1,000 the most', async () => {
  const run = { from: '2025-03-10T11:00:00Z', to: '2025-03-10T11:50:00Z', count: 1_200 };
  const logs = [{ ...run, entry: { logName: stderr, resource: web, textPayload: '{{n}}' } }];
  const own = await startWorld(scenarioWith({ google: { logs } }));
  try {
    const list = async (body: object) =>
      answer.parse(
        (await own.post('/v2/entries:list', { resourceNames: [`projects/${project}`], ...body })).body,
      );
    expect((await list({})).entries).toHaveLength(50);
    const most = await list({ pageSize: 1000 });
    expect(most.entries).toHaveLength(1000);
    expect((await list({ pageSize: 1000, pageToken: most.nextPageToken })).entries).toHaveLength(200);
  } finally {
    await own.close();
  }
});

test('a run is spread evenly from its first to its last time, with running and seeded numbers', () => {
  const run = {
    from: '2025-03-10T11:00:00Z',
    to: '2025-03-10T11:30:00Z',
    count: 4,
    entry: {
      logName: stderr,
      jsonPayload: { text: 'attempt {{n}} after {{rand 22 31}} s, {{rand 0.5 0.9}}' },
    },
  };
  const written = logEntries([run]);
  expect(written.map(({ body }) => body['timestamp'])).toEqual([
    '2025-03-10T11:00:00Z',
    '2025-03-10T11:10:00Z',
    '2025-03-10T11:20:00Z',
    '2025-03-10T11:30:00Z',
  ]);
  const texts = written.map(({ body }) => z.object({ text: z.string() }).parse(body['jsonPayload']).text);
  for (const [index, text] of texts.entries()) {
    const [, n, seconds, share] = /^attempt (\d) after (\d+) s, (0\.\d)$/.exec(text) ?? [];
    expect(n).toBe(String(index + 1));
    expect(Number(seconds)).toBeGreaterThanOrEqual(22);
    expect(Number(seconds)).toBeLessThanOrEqual(31);
    expect(['0.5', '0.6', '0.7', '0.8', '0.9']).toContain(share);
  }
  expect(logEntries([run])).toEqual(written);
  expect(new Set(written.map(({ insertId }) => insertId)).size).toBe(4);
  for (const { body } of written) {
    expect(Date.parse(String(body['receiveTimestamp']))).toBeGreaterThan(
      Date.parse(String(body['timestamp'])),
    );
  }
});

test('random numbers differ from entry to entry and reach both bounds', () => {
  const run = {
    from: '2025-03-10T11:00:00Z',
    to: '2025-03-10T11:30:00Z',
    count: 200,
    entry: { trace: '{{rand 1 4}}' },
  };
  const drawn = logEntries([run]).map(({ body }) => String(body['trace']));
  expect([...new Set(drawn)].sort()).toEqual(['1', '2', '3', '4']);
});
