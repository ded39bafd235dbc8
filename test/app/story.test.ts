import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadScenario } from '../../sandbox/scenario/load.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** What is told of an incident: timeline, handoff, postmortem, follow-ups; the real app between the stand-ins. */

/** Each opens the whole app, and several of them collect. */
vi.setConfig({ testTimeout: 120_000 });

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

async function open(options?: PlayOptions): Promise<Play> {
  play = await openPlay(options);
  return play;
}

const minute = 60_000;

describe('the timeline', () => {
  test('tells of changes, detections, commands and updates, and reads nothing', async () => {
    const { say, clock, google, github } = await open();
    await say('carol', '/status');
    clock.advance(5 * minute);
    await say('carol', '/sitrep ack');
    const read = google.requests.length;
    const { replies, reactions } = await say('carol', '/sitrep timeline all');
    expect(google.requests.length).toBe(read);
    expect(reactions).toContain('rocket');
    const [text = ''] = replies;
    expect(text).toMatch(/\| 17:12, recorded 18:05 \| \S+ \| `backend`: revision `00750-69k` changed/u);
    expect(text).toMatch(/\| Sitrep \| \*\*The failure began\*\*, as the readings tell \| E\d+/u);
    expect(text).toContain('Cause found, **confirmed**: VPC connector saturated (`connector`)');
    expect(text).toMatch(/\| 18:10 \| `carol` \| Acknowledged \| \[comment\]/u);
    expect(text).toContain('| Update posted: status |');
    expect(github.refusals).toEqual([]);
  });

  test('can be cut to a time and a kind, and says what it does not understand', async () => {
    const { say, clock } = await open();
    await say('carol', '/status');
    clock.advance(30 * minute);
    await say('carol', '/sitrep ack');
    const [recent = ''] = (await say('carol', '/sitrep timeline 10m')).replies;
    expect(recent).toContain('Acknowledged');
    expect(recent).not.toContain('revision');
    const [changes = ''] = (await say('carol', '/sitrep timeline changes')).replies;
    expect(changes).toContain('revision');
    expect(changes).not.toContain('Acknowledged |');
    expect((await say('carol', '/sitrep timeline soon')).reactions).toContain('confused');
    expect((await say('mallory', '/sitrep timeline')).reactions).toContain('-1');
  });
});

const issue = 1278;
const { configuration } = await loadScenario('connector-saturated');
const manifest = z
  .object({ default_permissions: z.record(z.string(), z.string()), default_events: z.array(z.string()) })
  .parse(parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8')));
/** As an operator grants it where postmortems are to be pull requests. */
const mayPropose = {
  ...manifest,
  default_permissions: { ...manifest.default_permissions, contents: 'write', pull_requests: 'write' },
};
const proposing = `${configuration}\npostmortem: { pull_request: true }\n`;
const path = 'docs/postmortems/2025-09-15-1278-p0-staging-is-down';

describe('a postmortem', () => {
  test('is a comment with what was found, a draft until the incident is resolved, and says what is new', async () => {
    const { say, clock, google, github, rest } = await open();
    await say('carol', '/status');
    // Later nothing of the failure is left to be seen; the postmortem tells of it all the same.
    clock.advance(5 * minute);
    // The sample that is due by now reads, and is not the postmortem's.
    await rest();
    const read = google.requests.length;
    const { replies, reactions } = await say('bob', '/sitrep postmortem');
    expect(reactions).toContain('rocket');
    const [text = ''] = replies;
    expect(text).toMatch(/^# Postmortem: #1278, /u);
    expect(text).toContain('**Draft**: the incident is not resolved; its stage is investigating.');
    expect(text).toMatch(/\*\*Cause, [^*]+:\*\* .*\(E\d+/u);
    expect(text).toContain('| Detected (declared) | 2025-09-15 17:15 | 6 min after it began |');
    expect(text).toMatch(/- \[ \] Prevention: .*; owner \*\*nobody\*\*.*configured \(sitrep\.yml\)/u);
    const [again = ''] = (await say('bob', '/sitrep postmortem')).replies;
    expect(again).toContain('Since the one of 2025-09-15 18:10: 0 new entries on record');
    expect(google.requests.length).toBe(read);
    expect(github.refusals).toEqual([]);
  });

  test('is a pull request where that is configured; a second time its file is brought up to date', async () => {
    const { say, github, clock } = await open({ configuration: proposing, manifest: mayPropose });
    await say('carol', '/status');
    const [first = ''] = (await say('bob', '/sitrep postmortem')).replies;
    const number = /pull request (\d+)\]/u.exec(first)?.[1] ?? '';
    expect(first).toMatch(/^### 📄 Draft of the postmortem of #1278: \[pull request \d+\]\(https:/u);
    expect(first).toContain(`File: ${path}`);
    clock.advance(5 * minute);
    const [second = ''] = (await say('bob', '/sitrep postmortem')).replies;
    expect(second).toContain(`[pull request ${number}]`);
    const sent = github.requests
      .filter(({ write, status }) => write && status !== null)
      .map(({ route }) => route);
    const of = (route: string) => sent.filter((one) => one.includes(route)).length;
    expect([of('/git/refs'), of('/contents/'), of('/pulls')]).toEqual([1, 2, 1]);
    expect(github.refusals).toEqual([]);
  });

  test('is the comment where the App may not propose it, which fails nothing', async () => {
    const { say, github } = await open({ configuration: proposing });
    await say('carol', '/status');
    const { replies, reactions } = await say('bob', '/sitrep postmortem');
    expect(reactions).toContain('rocket');
    expect(replies[0]).toMatch(
      /\*\*No pull request:\*\* GitHub answered 403 when the branch was made\. The App needs write access/u,
    );
    expect(replies[0]).toContain('## What went wrong');
    expect(
      github.requests.some(
        ({ route, status }) => route === 'POST /repos/{owner}/{repo}/git/refs' && status === 403,
      ),
    ).toBe(true);
  });

  test('needs write, and an incident', async () => {
    const { say } = await open();
    expect((await say('carol', '/sitrep postmortem')).reactions).toContain('-1');
    expect((await say('bob', '/sitrep postmortem')).replies[0]).toContain('This issue is no incident');
    expect((await say('bob', '/sitrep postmortem now')).reactions).toContain('confused');
  });
});

describe('follow-ups', () => {
  test('are issues of their own, once each, and are linked from the postmortem', async () => {
    const { say, github } = await open();
    await say('carol', '/status');
    const [first = ''] = (await say('bob', '/sitrep postmortem followups')).replies;
    const numbers = [...first.matchAll(/^- #(\d+) /gmu)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(0);
    expect(first).toContain(
      `Follow-ups of #1278: ${String(numbers.length)}, ${String(numbers.length)} of them new`,
    );
    const opened = github.issue(numbers[0] ?? 0);
    expect(opened.title).toMatch(/^Follow-up of #1278: /u);
    expect(opened.body).toContain('**Incident:** #1278');
    expect(opened.body).toMatch(/\*\*Cause, [^*]+:\*\* .*\(E\d+/u);
    const [again = ''] = (await say('bob', '/sitrep postmortem follow-ups')).replies;
    expect(again).toContain(`Follow-ups of #1278: ${String(numbers.length)}, 0 of them new`);
    expect((await say('bob', '/sitrep postmortem')).replies[0]).toContain(`follow-up #${String(numbers[0])}`);
    expect(github.refusals).toEqual([]);
  });

  test('are opened once also where GitHub’s answer is lost', async () => {
    const { say, github } = await open();
    await say('carol', '/status');
    github.inject({ kind: 'commit-then-drop', method: 'POST', pathIncludes: '/issues' });
    const [list = ''] = (await say('bob', '/sitrep postmortem followups')).replies;
    const numbers = [...list.matchAll(/^- #(\d+) /gmu)].map(([, number]) => Number(number));
    const titles = numbers.map((number) => github.issue(number).title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(() => github.issue(Math.max(...numbers) + 1)).toThrow('has no issue');
    expect(github.issue(issue).state).toBe('open');
  });
});

describe('a handoff', () => {
  test('is open until whoever is meant accepts it; then they lead and are assigned', async () => {
    const { say, github } = await open();
    await say('carol', '/status');
    const { replies, reactions } = await say('alice', '/sitrep handoff @bob');
    expect(reactions).toContain('rocket');
    expect(replies[0]).toMatch(
      /^### 🤝 Handoff to `bob`, 18:05 UTC: P0 investigating\n`alice` hands over to @bob\./u,
    );
    expect((await say('bob', '/sitrep accept')).reactions).toContain('rocket');
    expect(github.issue(issue).assignees).toContain('bob');
    const again = await say('bob', '/sitrep accept');
    expect(again.reactions).toContain('-1');
    expect(again.replies[0]).toContain('No handoff is open');
    expect(github.refusals).toEqual([]);
  });

  test('is accepted by nobody else, but for a maintainer in their place', async () => {
    const { say, github } = await open();
    await say('carol', '/status');
    expect((await say('alice', '/sitrep handoff @alice')).reactions).toContain('-1');
    expect((await say('alice', '/sitrep handoff @carol')).replies[0]).toContain('needs the role **write**');
    expect((await say('alice', '/sitrep handoff @bob @erin')).reactions).toContain('confused');
    github.setRole('frank', 'write');
    await say('alice', '/sitrep handoff @frank');
    const stranger = await say('bob', '/sitrep accept');
    expect(stranger.replies[0]).toContain('meant for @frank');
    expect((await say('erin', '/sitrep accept')).reactions).toContain('rocket');
    expect(github.issue(issue).assignees).toContain('frank');
  });

  test('needs an incident and the role write', async () => {
    const { say } = await open({
      change: ({ issues }) => {
        for (const one of issues) one.labels = [];
      },
    });
    expect((await say('carol', '/sitrep handoff @bob')).reactions).toContain('-1');
    expect((await say('alice', '/sitrep handoff @bob')).replies[0]).toContain('This issue is no incident');
  });
});
