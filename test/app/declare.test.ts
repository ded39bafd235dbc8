import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { post, signatures } from '../../sandbox/github/webhooks/send.ts';
import { openPlay, type Play, type PlayOptions } from './play.ts';

/** How an incident begins, end to end: the real app over HTTP between the stand-ins. */

let play: Play | null = null;
afterEach(async () => {
  await play?.close();
  play = null;
});

const configuration = `
version: 1
environment: staging
labels:
  incident: [incident, P0]
  severity: { P0: [P0, P0-critical], P1: [P1] }
components:
  api: { type: http, url: "https://api.staging.netra.ai/health" }
checkpoints: [2h, 4h]
plan:
  - { phase: Look, window: 0h-1h, actions: [{ title: Read the log, run: tail log }, { title: Ask around }] }
  - { phase: Mend, actions: [{ title: Mend it }] }
`;

async function open(options: PlayOptions = {}): Promise<Play> {
  play = await openPlay({ configuration, ...options });
  return play;
}

const minute = 60_000;
const repository = 'netra-systems/netra-apex';

/** Bodies of what Sitrep said on an issue, beside the living comment. */
const said = ({ github }: Play, issue: number) =>
  github.thread(issue).flatMap(({ bot, pinned, body }) => (bot && !pinned ? [body] : []));
const declarations = (at: Play, issue: number) =>
  said(at, issue).filter((body) => /^### \S+ (?:P\d|Incident) declared /u.test(body));
const labelsOf = ({ github }: Play, issue: number) => github.issue(issue).labels.toSorted();

/** Writes on an issue, and waits until all is done; gives the reactions and what was said after it. */
async function write(at: Play, by: string, issue: number, body: string) {
  const before = said(at, issue).length;
  const { commentId } = await at.github.comment(by, issue, body);
  await at.rest();
  const comment = at.github.thread(issue).find(({ id }) => id === commentId);
  return { reactions: comment?.reactions ?? [], replies: said(at, issue).slice(before) };
}

/** Opens an issue of which the App hears nothing yet; gives its number and the GUIDs of its webhooks by action. */
async function unheard(at: Play, labels: string[]) {
  at.github.deliverTo('http://127.0.0.1:9/');
  const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels });
  at.github.deliverTo(`${at.app.url}/api/github/webhooks`);
  const guids = at.github.deliveries
    .filter(({ payload }) => JSON.stringify(payload).includes(`/issues/${String(number)}"`))
    .map(({ guid }) => guid);
  return { number, guids };
}

describe('an incident is declared once', () => {
  test('by the label with which its issue was opened: the update, labels, plan and checkpoints', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels: ['P0'] });
    await at.rest();
    const [update = '', ...more] = said(at, number);
    expect(more).toEqual([]);
    expect(update).toContain('P0 declared 18:05 UTC: staging `api` failing');
    expect(update).toContain('**Lead:** **nobody**. `/sitrep lead` takes it');
    expect(update).toContain('**Next:** board 18:15; comment 20:05 or on change');
    expect(update.split('\n\n')[0]?.split('\n').length).toBeLessThanOrEqual(12);
    expect(labelsOf(at, number)).toEqual(['P0', 'stage: investigating']);
    at.clock.advance(120 * minute);
    await at.rest();
    expect(said(at, number)).toHaveLength(2);
    expect(at.github.refusals).toEqual([]);
  });

  test('by a label that is set later: it counts from then', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('mallory', { title: 'Chat is down' });
    at.clock.advance(30 * minute);
    await at.github.label('carol', number, { add: 'incident' });
    await at.rest();
    expect(said(at, number)).toHaveLength(1);
    expect(said(at, number)[0]).toContain('Incident declared 18:35 UTC');
  });

  test.each([
    ['opened, labeled, labeled', [0, 1, 2]],
    ['labeled, labeled, opened', [1, 2, 0]],
    ['labeled, opened, labeled', [2, 0, 1]],
    ['each of them three times', [1, 1, 2, 0, 2, 0, 1, 2, 0]],
    ['one of them only', [2]],
  ])('whatever comes, and in whatever order: %s', async (_what, order) => {
    const at = await open();
    const { number, guids } = await unheard(at, ['incident', 'P0']);
    expect(guids).toHaveLength(3);
    for (const place of order) await at.github.redeliver(guids[place] ?? '');
    await at.rest();
    expect(declarations(at, number)).toHaveLength(1);
    expect(said(at, number)).toHaveLength(1);
    expect(said(at, number)[0]).toContain('P0 declared 18:05 UTC');
  });

  test('with a status between them that declares it, no other update follows', async () => {
    const at = await open();
    const { number, guids } = await unheard(at, ['P0']);
    const { replies } = await write(at, 'carol', number, '/status');
    expect(replies).toHaveLength(1);
    for (const guid of guids) await at.github.redeliver(guid);
    await at.rest();
    expect(said(at, number)).toHaveLength(1);
  });

  test('where two hooks point here, and tell it under two GUIDs', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels: ['P0'] });
    const { payload } = at.github.deliveries.at(-1) ?? {};
    const body = JSON.stringify(payload);
    const { answer } = await postWebhook(at, body);
    expect(answer).toBe('accepted before\n');
    await at.rest();
    expect(said(at, number)).toHaveLength(1);
  });

  test('by the command, with a severity and the labels for it', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('mallory', { title: 'Chat is down' });
    const { reactions, replies } = await write(at, 'bob', number, '/sitrep declare p1');
    expect(reactions).toEqual(['eyes', 'rocket']);
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain('P1 declared 18:05 UTC');
    expect(labelsOf(at, number)).toEqual(['P1', 'incident', 'stage: investigating']);
    expect(at.github.refusals).toEqual([]);
  });
});

/** Sends a webhook of issues under a GUID of its own. */
async function postWebhook(at: Play, body: string) {
  const sent = await post(
    `${at.app.url}/api/github/webhooks`,
    {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': randomUUID(),
      ...signatures(at.github.app.webhookSecret, body),
    },
    body,
    new AbortController().signal,
  );
  return { answer: 'answer' in sent ? sent.answer.body : sent.failure };
}

describe('/sitrep declare', () => {
  test('on what is declared already says since when; another severity is taken over', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels: ['incident'] });
    await at.rest();
    const again = await write(at, 'bob', number, '/sitrep declare');
    expect(again.replies[0]).toContain('### Declared already, by `alice` at 18:05 UTC');
    const graver = await write(at, 'bob', number, '/sitrep declare P0');
    expect(graver).toEqual({ reactions: ['eyes', 'rocket'], replies: [] });
    expect(labelsOf(at, number)).toEqual(['P0', 'incident', 'stage: investigating']);
    await write(at, 'bob', number, '/sitrep declare P1');
    expect(labelsOf(at, number)).toEqual(['P1', 'incident', 'stage: investigating']);
  });

  test('is refused to those who may not, on a closed issue, and with a word that is no severity', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('mallory', { title: 'Chat is down' });
    expect((await write(at, 'carol', number, '/sitrep declare')).reactions).toEqual(['-1']);
    expect((await write(at, 'bob', number, '/sitrep declare now')).reactions).toEqual(['confused']);
    await at.github.closeIssue('alice', number);
    const closed = await write(at, 'bob', number, '/sitrep declare');
    expect(closed.reactions).toEqual(['eyes', '-1']);
    expect(closed.replies[0]).toContain('This issue is closed');
    expect(await at.app.lastUpdate(repository, number)).toBeNull();
  });

  test('without a configuration answers with what is missing', async () => {
    const at = await open({ configuration: null });
    const { number } = await at.github.openIssue('mallory', { title: 'Chat is down' });
    const { replies } = await write(at, 'bob', number, '/sitrep declare');
    expect(replies[0]).toContain('1 error in `.github/sitrep.yml`');
    expect(labelsOf(at, number)).toEqual([]);
  });
});

describe('a configuration with errors', () => {
  test('is used as far as it can be, and the update says so', async () => {
    const at = await open({ configuration: `${configuration}\nescalation: [{ id: x }]\n` });
    const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels: ['P0'] });
    await at.rest();
    expect(declarations(at, number)).toHaveLength(1);
    expect(said(at, number)[0]).toMatch(/\*\*Configuration:\*\* \d+ errors? in/u);
  });

  test('of which nothing can be used keeps no incident from being declared', async () => {
    const at = await open({ configuration: 'version: [1\n' });
    const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels: ['incident'] });
    await at.rest();
    expect(said(at, number)).toHaveLength(1);
    expect(said(at, number)[0]).toContain('**The incident is declared.** Nothing was read');
    at.github.putFile('.github/sitrep.yml', configuration);
    at.clock.advance(120 * minute);
    await at.rest();
    expect(said(at, number)[1]).toContain('2 h checkpoint');
  });

  test('that is missing: the repository does not use Sitrep, and hears nothing', async () => {
    const at = await open({ configuration: null });
    const { number } = await at.github.openIssue('alice', { title: 'Chat is down', labels: ['incident'] });
    await at.rest();
    expect(said(at, number)).toEqual([]);
    expect(at.logged.join('\n')).toContain('there is no configuration');
  });
});

describe('declares nothing', () => {
  test('a label of a template on the issue of somebody without a role', async () => {
    const at = await open();
    const { number, guids } = await unheard(at, ['P0']);
    at.github.setRole('alice', 'read');
    const reads = at.google.requests.length;
    for (const guid of guids) await at.github.redeliver(guid);
    await at.rest();
    expect(said(at, number)).toEqual([]);
    expect(at.google.requests).toHaveLength(reads);
  });

  test('a label that is gone when its webhook comes', async () => {
    const at = await open();
    const { number, guids } = await unheard(at, ['P0']);
    await at.github.label('alice', number, { remove: 'P0' });
    for (const guid of guids) await at.github.redeliver(guid);
    await at.rest();
    expect(said(at, number)).toEqual([]);
  });

  test('a label on an issue that is closed, or one that means nothing', async () => {
    const at = await open();
    const { number } = await at.github.openIssue('alice', { title: 'A question', labels: ['regression'] });
    await at.github.closeIssue('alice', number);
    await at.github.label('alice', number, { add: 'P0' });
    await at.rest();
    expect(said(at, number)).toEqual([]);
  });
});
