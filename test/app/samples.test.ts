import { afterEach, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** Samples of an open incident: the real app between the stand-ins, whose clock is moved on. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const repository = 'netra-systems/netra-apex';
const issue = 1278;

async function lastSnapshot({ app }: Play): Promise<Snapshot> {
  const stored = await app.lastUpdate(repository, issue);
  if (stored === null) throw new Error('no update was recorded');
  return stored.snapshot;
}

/** The log's lines about the end of samples. */
const endings = ({ logged }: Play): string[] =>
  logged.flatMap((line) => /no more samples there: ([^"]*)/u.exec(line)?.[1] ?? []);

const endpoints = [
  'version: 1',
  'labels: { incident: [P0] }',
  'components: { web: { type: http, url: "https://staging.netra.ai/" } }',
  'success_criteria: [{ id: web, title: The page answers, when: "probes.all(p, p.status == 200)", for: 5m }]',
].join('\n');

/** The mark of the criterion in an update. */
function state(body = ''): string {
  return /^- (.) \*\*The page answers/mu.exec(body)?.[1] ?? 'no criterion';
}

// The play begins at 18:05.
describe('while an incident is open', { timeout: 120_000 }, () => {
  test('a sample is taken every minute, and the next update holds them as series with a source', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    await opened.play({ advance: '5m' });
    await opened.say('alice', '/status');
    const { series = [], samples = [], observations } = await lastSnapshot(opened);
    expect(samples.map(([at, pauseS]) => [at.slice(11, 16), pauseS])).toEqual([
      ['18:06', null],
      ['18:07', 60],
      ['18:08', 60],
      ['18:09', 60],
    ]);
    const kinds = series.map(({ component, signal, revision }) =>
      [component, signal, revision].join(' ').trim(),
    );
    for (const kind of [
      'api status',
      'web latency',
      'backend requests',
      'auth requests.5xx.recent',
      'db backends',
    ])
      expect(kinds).toContain(kind);
    expect(kinds.filter((kind) => /env|log\.|secret|image/u.test(kind))).toEqual([]);
    const status = series.find(({ component, signal }) => component === 'api' && signal === 'status');
    expect(status?.points.map(([, value]) => value)).toEqual([503, 503, 503, 503]);
    expect(status?.source.query).toBe('https://api.staging.netra.ai/health');
    const numbers = [...observations, ...series].map(({ id }) => id);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect([...opened.github.refusals, ...opened.google.refusals]).toEqual([]);
  });

  test('nothing is written to GitHub, and Google is asked for little', async () => {
    const opened = await open();
    await opened.say('carol', '/status');
    const github = opened.github.requests.length;
    const google = opened.google.requests.length;
    await opened.play({ advance: '9m' });
    const asked = opened.github.requests.slice(github);
    expect(asked.filter(({ write }) => write)).toEqual([]);
    // The closed incidents of the repository are read in the background.
    expect(asked.filter(({ route }) => !/\/(?:issues|comments|contents\/\{path\})$/u.test(route))).toEqual(
      [],
    );
    // Metrics: requests, instances, two of Cloud SQL; one log query. A token now and then.
    expect((opened.google.requests.length - google) / 9).toBeLessThanOrEqual(6);
  });

  test('a criterion with a time is met when it has held for that long, and not before', async () => {
    const opened = await open({ configuration: endpoints });
    expect(state((await opened.say('carol', '/status')).replies[0])).toBe('❔');
    await opened.play({ advance: '4m' });
    const [early] = (await opened.say('carol', '/status')).replies;
    expect(state(early)).toBe('❔');
    expect(early).toContain('it held for 3 min of 5 min: samples begin 18:06 UTC');
    await opened.play({ advance: '3m' });
    const [later] = (await opened.say('carol', '/status')).replies;
    expect(state(later)).toBe('✅');
    expect(later).toContain('holds now and at each of');
  });

  test('after a sleep there is one sample, and the hole is seen', async () => {
    const opened = await open({ configuration: endpoints });
    await opened.say('carol', '/status');
    await opened.play({ advance: '2m' });
    opened.clock.advance(10 * 60_000);
    await opened.rest();
    await opened.play({ advance: '1m' });
    const [update] = (await opened.say('carol', '/status')).replies;
    expect((await lastSnapshot(opened)).samples?.map(([at, pauseS]) => [at.slice(11, 16), pauseS])).toEqual([
      ['18:06', null],
      ['18:07', 60],
      ['18:17', 600],
    ]);
    expect(update).toContain('none was taken between 18:07 UTC and 18:17 UTC');
  });

  test('samples of another configuration are not compared', async () => {
    const opened = await open({ configuration: endpoints });
    await opened.say('carol', '/status');
    await opened.play({ advance: '6m' });
    opened.github.putFile(
      '.github/sitrep.yml',
      endpoints.replace('staging.netra.ai/', 'staging.netra.ai/new'),
    );
    await opened.say('carol', '/status');
    expect((await lastSnapshot(opened)).samples).toEqual([]);
  });
});

describe('samples end, with the reason in the log', { timeout: 120_000 }, () => {
  test.each<[name: string, change: (opened: Play) => unknown, reason: string]>([
    ['where the issue is closed', ({ github }) => github.closeIssue('alice', issue), 'the issue is closed'],
    [
      'where the App was uninstalled',
      ({ github }) => github.uninstall(),
      'GitHub answered 404: the issue, its repository or the installation is gone',
    ],
    [
      'where the configuration was taken away',
      ({ github }) => github.putFile('.github/sitrep.yml', null),
      'the configuration cannot be used: netra-systems/netra-apex has no .github/sitrep.yml on its default branch',
    ],
  ])('%s', async (_name, change, reason) => {
    const opened = await open();
    await opened.say('carol', '/status');
    await change(opened);
    opened.clock.advance(16 * 60_000);
    await opened.rest();
    expect(endings(opened)).toEqual([reason]);
    const google = opened.google.requests.length;
    await opened.play({ advance: '2m' });
    expect(opened.google.requests).toHaveLength(google);
  });

  test('where the policy grants nothing', async () => {
    const opened = await open({ policy: 'repositories: {}' });
    await opened.say('carol', '/status');
    await opened.play({ advance: '1m' });
    expect(endings(opened)).toEqual(['the policy lets nothing be read that samples hold']);
  });
});
