import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { foundIn, privateOf, strangeNumerals } from './public-text.ts';
import { openPublicPlay, type PublicPlay } from './public-thread.ts';
import { report } from './trials.ts';

/**
 * Whole incidents of public repositories through the real app: everything that it writes, also by itself, is read again and
 * searched for everything that it read.
 */

const patience = 300_000;
/** Kinds that show nothing that was read. */
const quiet: ReadonlySet<string> = new Set(['notice', 'refusal', 'help', 'followups']);
const april2 = (time: string) => `2026-04-02T${time}:00Z`;
const counts = { comments: 0, strings: 0 };

/** What must hold of all that was written. */
async function expectNothingPrivate(play: PublicPlay): Promise<void> {
  const secrets = privateOf(play.looks(), play.configuration, play.open());
  expect(secrets.length).toBeGreaterThan(30);
  counts.strings += secrets.length;
  for (const { kind, text } of await play.written()) {
    counts.comments += 1;
    expect(foundIn(text, secrets), kind).toEqual([]);
    expect(strangeNumerals(text, play.open()), kind).toEqual([]);
    expect(text, kind).not.toMatch(/```bash|\bgcloud\b|\b(?:\d{1,3}\.){3}\d{1,3}\b|\(empty\)/u);
  }
}

/** That it is no empty update that shows nothing. */
async function expectToldAll(play: PublicPlay): Promise<void> {
  for (const { kind, text } of await play.written()) {
    if (quiet.has(kind)) continue;
    expect(text, kind).toContain('redacted: the repository is public');
    expect(text, kind).toMatch(/\bE\d+/u);
    expect(text, kind).toMatch(/\b\d\d:\d\d\b/u);
  }
}

describe('the life of an incident', { timeout: patience, shuffle: false }, () => {
  const issue = 151;
  let play: PublicPlay;
  beforeAll(async () => {
    play = await openPublicPlay({ scenario: 'test/fixtures/life' });
  }, patience);
  afterAll(() => play.close());
  const kinds = async () => new Set((await play.written()).map(({ kind }) => kind));
  const last = async (kind: string) =>
    (await play.written()).findLast((one) => one.kind === kind)?.text ?? '';

  test('it is declared by its label, and its configured labels are set', async () => {
    await play.github.label('sara', issue, { add: 'P0' });
    await play.github.label('sara', issue, { add: 'incident' });
    await play.rest();
    const update = await last('declare');
    expect(update).toContain('P0 declared 09:35 UTC: production “Pay by card” down since 09:20');
    expect(update).toContain('**Cause, confirmed:** `psp-key`: A secret, or the version of it in use');
    expect(play.github.issue(issue).labels).toEqual(
      expect.arrayContaining(['golden-path-blocked', 'secret-issue', 'stage: investigating']),
    );
    expect(await last('living')).toContain('**Lead:** **nobody**');
  });

  test('people lead, ask and note; the living comment and the checkpoints come by themselves', async () => {
    for (const [by, body] of [
      ['luis', '/sitrep lead'],
      ['luis', '/sitrep ack'],
      ['luis', '/sitrep impact Nobody can buy anything'],
      ['luis', '/sitrep action add Enable version 6 again @luis by 10:30'],
      ['sara', '/sitrep whys'],
      ['sara', '/sitrep timeline'],
    ] as const)
      expect(await play.write(by, body), body).toContain('rocket');
    await play.until(april2('09:45'));
    expect(await last('living')).toContain('**09:45 UTC**');
    expect(await last('living')).toContain('Enable version 6 again');
    await play.until(april2('11:35'));
    expect(await last('checkpoint')).toContain('11:35 UTC · 2 h checkpoint');
    expect(await last('escalation')).toContain('Escalation to Platform team');
    await play.until(april2('13:35'));
    expect(await last('checkpoint')).toContain('no material change since');
    // The first is of the repository's plan.
    expect(await last('checkpoint')).toContain(
      '**Stalled:** action 1, due 10:35, 3 h late, no owner; action 2, due 10:30, 3 h 5 min late, `luis`.',
    );
  });

  test('it is refused to be resolved, asked to be confirmed, resolved, and fails again', async () => {
    expect(await play.write('luis', '/sitrep resolve')).toContain('-1');
    expect(await last('resolution')).toContain('❌ **All endpoints answer as they should:** failing');
    await play.until(april2('18:02'));
    await play.until(april2('18:40'), true);
    expect([...(await play.written())].some(({ text }) => text.includes('@luis, confirm'))).toBe(true);
    expect(await play.write('luis', '/sitrep resolve')).toContain('rocket');
    expect(await last('resolution')).toMatch(/P0 resolved after 9 h/u);
    expect(play.github.issue(issue).state).toBe('closed');
    expect(await play.write('anna', '/sitrep postmortem')).toContain('rocket');
    expect(await last('postmortem')).toContain('15 min after it began');
    await play.until(april2('20:08'));
    await play.until(april2('20:16'), true);
    expect(await last('resolution')).toContain('Relapse');
    expect(await last('resolution')).toContain('failing again');
    expect(play.github.issue(issue).state).toBe('open');
  });

  test('every kind was posted, and none of it shows a name, an address, a setting, a log line or a figure', async () => {
    expect([...(await kinds())].toSorted()).toEqual(
      expect.arrayContaining([
        'checkpoint',
        'declare',
        'escalation',
        'five-whys',
        'living',
        'postmortem',
        'resolution',
        'timeline',
      ]),
    );
    await expectNothingPrivate(play);
    await expectToldAll(play);
    expect([...play.github.refusals, ...play.google.refusals]).toEqual([]);
  });
});

describe('an incident with much that is private', { timeout: patience, shuffle: false }, () => {
  const issue = 1278;
  let play: PublicPlay;
  beforeAll(async () => {
    const { configuration } = await loadScenario('connector-saturated');
    const manifest = z
      .object({ default_permissions: z.record(z.string(), z.string()), default_events: z.array(z.string()) })
      .parse(parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8')));
    play = await openPublicPlay({
      configuration: `${configuration}\npostmortem: { pull_request: true }\n`,
      // As an operator grants it where postmortems are to be pull requests.
      manifest: {
        ...manifest,
        default_permissions: { ...manifest.default_permissions, contents: 'write', pull_requests: 'write' },
      },
    });
  }, patience);
  afterAll(() => play.close());

  test('people ask for every part', async () => {
    for (const body of [
      '/status',
      '/sitrep lead',
      '/sitrep brief',
      '/sitrep criteria',
      '/sitrep diff',
      '/sitrep evidence E62',
      '/sitrep evidence all',
      '/sitrep note the tickets come from one customer',
      '/sitrep escalate google-support The connector does not recover',
      '/sitrep handoff @bob',
    ])
      expect(await play.write('alice', body), body).toContain('rocket');
    await play.until('2025-09-15T18:15:00Z');
    expect(await play.write('alice', '/sitrep resolve --override it was tested by hand')).toContain('rocket');
    expect(await play.write('alice', '/sitrep postmortem')).toContain('rocket');
    expect(await play.write('alice', '/sitrep postmortem followups')).toContain('rocket');
    expect(play.github.issue(issue).labels).toContain('vpc-connector-issue');
  });

  test('every kind was posted, and none of it shows a name, an address, a setting, a log line or a figure', async () => {
    const kinds = new Set((await play.written()).map(({ kind }) => kind));
    for (const kind of [
      'status',
      'brief',
      'criteria',
      'diff',
      'evidence',
      'evidence-all',
      'escalation',
      'handoff',
    ])
      expect(kinds, kind).toContain(kind);
    await expectNothingPrivate(play);
    await expectToldAll(play);
  });

  test('nor does the file of the pull request, its words, or an issue that was opened', async () => {
    const secrets = privateOf(play.looks(), play.configuration, play.open());
    const file = play.github.fileOn(
      'sitrep/postmortem-1278',
      'docs/postmortems/2025-09-15-1278-p0-staging-is-down-no-login-and-no-chat.md',
    );
    expect(file).toContain('# Postmortem: #1278');
    expect(file).toContain('redacted: the repository is public');
    const list = (await play.written()).findLast(({ kind }) => kind === 'followups')?.text ?? '';
    const opened = [...list.matchAll(/- #(\d+)/gu)].map(([, number]) => play.github.issue(Number(number)));
    expect(opened.length).toBeGreaterThan(1);
    for (const text of [file ?? '', ...opened.flatMap(({ title, body }) => [title, body])]) {
      expect(foundIn(text, secrets)).toEqual([]);
      expect(strangeNumerals(text, play.open())).toEqual([]);
    }
  });

  test('who has no role is refused, and nothing is read for them', async () => {
    const before = play.google.requests.length;
    expect(await play.write('mallory', '/status')).toContain('-1');
    expect(await play.write('mallory', '/sitrep evidence E62')).toContain('-1');
    expect(play.google.requests).toHaveLength(before);
  });
});

afterAll(() => report('public lives', counts));
