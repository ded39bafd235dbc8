import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { declaredMetrics, metrics } from '../../src/composition/metrics/catalogue.ts';
import { readinessChecks } from '../../src/composition/readiness.ts';
import { startPostgres } from '../store/postgres-server.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** Health and metrics of the real app, as an operator's tools ask for them. */

const token = '0123456789abcdef0123456789abcdef';

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options: PlayOptions = {}): Promise<Play> {
  play = await openPlay({ variables: { SITREP_METRICS_TOKEN: token }, ...options });
  return play;
}

async function ask({ app }: Play, path: string) {
  const response = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, text: await response.text() };
}

interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const line = /^(\w+)(?:\{((?:\w+="[^"\\]*"(?:,|(?=\})))*)\})? (\S+)$/u;

/** Reads a page in the text format of Prometheus, strictly. */
function seriesIn(page: string): Series[] {
  return page
    .split('\n')
    .filter((text) => text !== '' && !/^# (?:HELP|TYPE) /u.test(text))
    .map((text) => {
      const [, name, labels = '', value = ''] = line.exec(text) ?? [];
      if (name === undefined) throw new Error(`not of the format: ${text}`);
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/gu)].map(([, label = '', of = '']) => [label, of]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** The sum of the series that have these labels among theirs. */
function valueOf(series: readonly Series[], name: string, labels: Record<string, string> = {}): number {
  return series
    .filter((one) => one.name === name && Object.entries(labels).every(([key, of]) => one.labels[key] === of))
    .reduce((sum, { value }) => sum + value, 0);
}

const isDeclared = (name: string): boolean =>
  name in metrics || name.replace(/_(?:bucket|sum|count)$/u, '') in metrics;

test('a /status leaves its trace in the metrics, and no word of anybody', async () => {
  const { say, github, google } = await open();
  if (play === null) return;
  google.inject({ api: 'sqladmin.googleapis.com', kind: 'denied' });
  expect(await ask(play, '/readyz')).toEqual({ status: 200, text: 'ready\n' });
  await say('carol', '/status');
  const guid = github.deliveries.find(({ event }) => event === 'issue_comment')?.guid ?? '';
  await github.redeliver(guid);
  await play.rest();

  const { status, text } = await ask(play, '/metrics');
  expect(status).toBe(200);
  const series = seriesIn(text);
  expect(valueOf(series, 'sitrep_deliveries_total', { outcome: 'accepted', reason: 'new' })).toBeGreaterThan(
    0,
  );
  expect(valueOf(series, 'sitrep_deliveries_total', { outcome: 'duplicate' })).toBe(1);
  expect(valueOf(series, 'sitrep_deliveries_total', { outcome: 'refused' })).toBe(0);
  expect(valueOf(series, 'sitrep_ack_seconds_count')).toBeGreaterThan(1);
  expect(valueOf(series, 'sitrep_jobs_total', { queue: 'commands', outcome: 'done' })).toBeGreaterThan(0);
  expect(valueOf(series, 'sitrep_jobs_total', { outcome: 'failed' })).toBe(0);
  expect(valueOf(series, 'sitrep_publications_total', { outcome: 'posted' })).toBe(
    github.thread(1278).filter(({ bot }) => bot).length,
  );
  expect(
    valueOf(series, 'sitrep_collector_seconds_count', { collector: 'cloud-run-services' }),
  ).toBeGreaterThan(0);
  expect(valueOf(series, 'sitrep_gaps_total', { reason: 'denied' })).toBeGreaterThan(0);
  expect(valueOf(series, 'sitrep_github_requests_total', { outcome: 'answered' })).toBeGreaterThan(5);
  const left = valueOf(series, 'sitrep_github_requests_left', { resource: 'core' });
  expect(left).toBeLessThan(5_000);
  expect(left).toBeGreaterThan(4_900);
  expect(valueOf(series, 'sitrep_github_writes_left')).toBeLessThan(100_000);
  expect(valueOf(series, 'sitrep_queue_jobs', { queue: 'commands', state: 'waiting' })).toBe(0);
  expect(valueOf(series, 'sitrep_ready')).toBe(readinessChecks.length);

  expect(series.filter(({ name }) => !isDeclared(name))).toEqual([]);
  const shown = new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gmu)].map(([, name, kind]) => `${name ?? ''} ${kind ?? ''}`),
  );
  // Of the others, what has not happened has no series yet.
  for (const [name] of declaredMetrics().filter(([, { kind }]) => kind === 'gauge'))
    expect(shown).toContain(`${name} gauge`);
  for (const [name, { labels }] of declaredMetrics()) {
    for (const { labels: found } of series.filter((one) => one.name === name))
      for (const [label, value] of Object.entries(found)) expect(labels[label]).toContain(value);
  }
  expect(text).not.toMatch(/netra|1278|carol/u);
});

test('a late checkpoint and a posting that is refused are counted', async () => {
  const { say, clock, github, rest } = await open();
  if (play === null) return;
  await say('carol', '/status');
  clock.advance(2 * 3_600_000);
  await rest();
  github.inject({
    kind: 'other-answer',
    method: 'POST',
    pathIncludes: '/issues/1278/comments',
    answer: { status: 410, headers: { 'content-type': 'application/json' }, body: '{"message":"Gone"}' },
  });
  await say('carol', '/sitrep help');
  await rest();
  const series = seriesIn((await ask(play, '/metrics')).text);
  expect(valueOf(series, 'sitrep_checkpoint_late_seconds_count')).toBe(1);
  expect(valueOf(series, 'sitrep_publications_total', { outcome: 'refused' })).toBe(1);
});

test('a database that is away: not ready, metrics without what it would tell, and ready when it is back', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.stop());
  const { url } = await postgres.createDatabase();
  const opened = await open({ databaseUrl: url });
  const { app } = opened;
  await untilReadyz(opened, 200, /^ready\n$/u);
  await postgres.halt();
  await untilReadyz(opened, 503, /^not ready: database(?:, queue)?\n$/u);
  const { status, text } = await ask(opened, '/metrics');
  expect(status).toBe(200);
  expect(text).toContain('sitrep_ready{check="database"} 0');
  expect(text).toMatch(/sitrep_queue_jobs\{queue="commands",state="waiting"\} NaN/u);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  await postgres.resume();
  await untilReadyz(opened, 200, /^ready\n$/u);
  const client = new Client(url);
  await client.connect();
  await client.query(`insert into kysely_migration (name, timestamp) values ('9999_of_the_future', '')`);
  await client.end();
  await untilReadyz(opened, 503, /^not ready: migrations\n$/u);
  await opened.close();
  play = null;
});

/** Waits for an answer of `/readyz`; the test's own time ends it. */
async function untilReadyz(of: Play, status: number, text: RegExp): Promise<void> {
  for (;;) {
    const answer = await ask(of, '/readyz');
    if (answer.status === status && text.test(answer.text)) return;
    await pause(100);
  }
}

test('without a token nothing of the SDK is loaded', async () => {
  const script = `await import('./src/index.ts');
    const { createRequire } = await import('node:module');
    console.log(JSON.stringify(Object.keys(createRequire(process.cwd() + '/').cache)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: new URL('../..', import.meta.url),
  });
  const loaded = stdout.match(/@opentelemetry\/[\w-]+/gu) ?? [];
  expect([...new Set(loaded)]).toEqual(['@opentelemetry/api']);
});
