import { request } from 'node:http';
import { sign } from '@octokit/webhooks-methods';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startIntake, type IntakeServer } from '../../src/intake/server.ts';
import type { AcceptedDelivery } from '../../src/intake/webhook.ts';
import { commentPayload, issuePayload } from './payload.ts';

const secret = 'the secret now';
const previousSecret = 'the secret before';

let intake: IntakeServer;
let accepted: AcceptedDelivery[];
let logged: string[];
let storeFails: boolean;
/** A minute after the payloads' comment. */
const now = new Date('2025-09-15T18:06:00Z');
const appId = 1_278_300;

beforeEach(async () => {
  accepted = [];
  logged = [];
  storeFails = false;
  intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    secret,
    previousSecret,
    appId,
    now: () => now,
    randomId: () => 'an-id',
    accept: (delivery) => {
      if (storeFails) return Promise.reject(new Error('the database is away'));
      const known = accepted.some((earlier) => earlier.guid === delivery.guid);
      if (!known) accepted.push(delivery);
      return Promise.resolve(known ? 'duplicate' : 'new');
    },
    log: {
      info: (fields, message) => logged.push(JSON.stringify({ ...fields, message })),
      error: (fields, message) => logged.push(JSON.stringify({ ...fields, message })),
    },
  });
});
afterEach(() => intake.close(1_000));

/** The form of a signature, of nothing. */
const noSignature = `sha256=${'0'.repeat(64)}`;

interface Sent {
  body?: string;
  secret?: string;
  headers?: Record<string, string | undefined>;
  method?: string;
}

/** Sends a signed delivery; `headers` overrides, undefined leaves one out. */
async function deliver(sent: Sent): Promise<{ status: number; text: string }> {
  const body = sent.body ?? JSON.stringify(commentPayload());
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': body === '' ? noSignature : await sign(sent.secret ?? secret, body),
    ...sent.headers,
  };
  const response = await fetch(`${intake.url}/api/github/webhooks`, {
    method: sent.method ?? 'POST',
    headers: Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] satisfies [string, string]],
    ),
    ...(sent.method === 'GET' ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

describe('a delivery that is for us', () => {
  test('is stored, trimmed to what is read, and answered 202', async () => {
    expect((await deliver({})).status).toBe(202);
    expect(accepted).toHaveLength(1);
    expect(accepted[0]).toMatchObject({
      guid: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      event: 'issue_comment',
      action: 'created',
      installationId: 41,
      repository: 'acme/shop',
      comment: { id: 501, updatedAt: '2025-09-15T18:05:00Z' },
    });
    expect(JSON.stringify(accepted[0]?.payload)).not.toContain('filler');
  });

  test('is accepted under the secret before, while it is rotated', async () => {
    expect((await deliver({ secret: previousSecret })).status).toBe(202);
  });

  test('is answered 202 a second time, and stored once', async () => {
    await deliver({});
    expect((await deliver({})).status).toBe(202);
    expect(accepted).toHaveLength(1);
  });

  test('is answered 503 while it cannot be stored, so that GitHub shows it as failed', async () => {
    storeFails = true;
    const answer = await deliver({});
    expect(answer.status).toBe(503);
    expect(answer.text).toBe('not stored, deliver again (an-id)\n');
    expect(logged.join()).toContain('"id":"an-id"');
  });
});

const ofIssues = { 'x-github-event': 'issues' };
const issues = (changes: Parameters<typeof issuePayload>[0]): Sent => ({
  headers: ofIssues,
  body: JSON.stringify(issuePayload(changes)),
});
const bot = { login: 'ci[bot]', type: 'Bot' };
const living = '- [x] Read the log\nmore\n\n<!-- sitrep:cd2893ed-fc22-5863-9f62-ceaf0e169f97 -->';

/** A person edited a comment by `user`. */
function edited(body: string, user: object = bot): Sent {
  const payload = commentPayload({ action: 'edited', body });
  return { body: JSON.stringify({ ...payload, comment: { ...payload.comment, user } }) };
}

describe('what people do with an issue', () => {
  test.each(['opened', 'labeled', 'unlabeled', 'closed', 'reopened', 'unlocked', 'transferred', 'deleted'])(
    '%s is stored, and known again under another GUID by what it tells',
    async (action) => {
      expect((await deliver(issues({ action }))).status).toBe(202);
      expect(accepted).toMatchObject([
        {
          event: 'issues',
          action,
          issue: 12,
          comment: null,
          subject: '77 P0 2025-09-15T17:16:00Z',
          payload: { label: { name: 'P0' }, sender: { login: 'carol' } },
        },
      ]);
      expect(JSON.stringify(accepted[0]?.payload)).not.toContain('filler');
    },
  );

  test('fits into 2 kB, with the shortest of many labels', async () => {
    const labels = Array.from({ length: 100 }, (_, index) => ({
      name: `${'long '.repeat(9)}${String(index)}`,
    }));
    const issue = { title: 'T'.repeat(256), labels: [...labels, { name: 'P0' }] };
    expect((await deliver(issues({ issue }))).status).toBe(202);
    const stored = JSON.stringify(accepted[0]?.payload);
    expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(2_048);
    expect(accepted[0]?.payload).toMatchObject({ label: { name: 'P0' } });
    expect(stored).toContain('{"name":"P0"}');
  });
});

describe('our own comment that a person edited', () => {
  test('is stored with its boxes', async () => {
    expect((await deliver(edited(`${living}\nwritten behind it`))).status).toBe(202);
    expect(accepted).toMatchObject([
      { action: 'edited', payload: { comment: { body: '- [x] Read the log' } } },
    ]);
  });
});

describe('a delivery that is not for us leaves nothing behind', () => {
  test.each<[what: string, sent: Sent]>([
    ['a label that a bot set', issues({ sender: bot })],
    ['a label on a pull request', issues({ issue: { pull_request: { url: 'x' } } })],
    ['a new issue without labels', issues({ action: 'opened', label: null, issue: { labels: [] } })],
    ['another action of issues', issues({ action: 'milestoned' })],
    ['an edited comment of somebody', edited(living, { login: 'carol', type: 'User' })],
    ['an edited comment of another bot', edited('- [x] done')],
    ['a comment of ours that was deleted', { body: JSON.stringify(commentPayload({ action: 'deleted' })) }],
    ['another event', { headers: { 'x-github-event': 'ping' } }],
    ['an edited comment', { body: JSON.stringify(commentPayload({ action: 'edited' })) }],
    ['no command in it', { body: JSON.stringify(commentPayload({ body: 'Is it up again?' })) }],
    ["another bot's command", { body: JSON.stringify(commentPayload({ body: '/retest' })) }],
    [
      'written by a bot',
      { body: JSON.stringify(commentPayload({ sender: { login: 'ci[bot]', type: 'Bot' } })) },
    ],
    [
      'on a pull request',
      { body: JSON.stringify(commentPayload({ issue: { pull_request: { url: 'x' } } })) },
    ],
  ])('%s', async (_what, sent) => {
    expect((await deliver(sent)).status).toBe(200);
    expect(accepted).toEqual([]);
    expect(logged).toEqual([]);
  });
});

describe('a request that is refused', () => {
  const body = JSON.stringify(commentPayload({ body: '/status hunter2' }));
  test.each<[what: string, sent: Sent, status: number]>([
    ['wrong signature', { body, secret: 'guessed' }, 401],
    ['signature of the default secret', { body, secret: 'development' }, 401],
    ['signature that is none', { body, headers: { 'x-hub-signature-256': 'hunter2' } }, 401],
    ['no signature', { body, headers: { 'x-hub-signature-256': undefined } }, 400],
    [
      'only the old SHA-1 signature',
      { body, headers: { 'x-hub-signature-256': undefined, 'x-hub-signature': 'sha1=0' } },
      400,
    ],
    ['no event', { body, headers: { 'x-github-event': undefined } }, 400],
    ['no GUID', { body, headers: { 'x-github-delivery': undefined } }, 400],
    ['a GUID that is text', { body, headers: { 'x-github-delivery': 'hunter2 "}\t' } }, 400],
    ['a GUID that is a word', { body, headers: { 'x-github-delivery': 'hunter2' } }, 400],
    ['a GUID without end', { body, headers: { 'x-github-delivery': 'a'.repeat(2_000) } }, 400],
    ['a type that only begins like JSON', { body, headers: { 'content-type': 'application/jsonp' } }, 415],
    ['the webhook of another App', { body, headers: hookOf('integration', '99') }, 400],
    ['the webhook of a repository', { body, headers: hookOf('repository', '9') }, 400],
    [
      'the webhook of a repository with our number',
      { body, headers: hookOf('repository', String(appId)) },
      400,
    ],
    ['an App without its kind', { body, headers: { 'x-github-hook-installation-target-id': '99' } }, 400],
    [
      'a repository’s own webhook, which names no installation',
      { body: JSON.stringify({ ...commentPayload(), installation: undefined }) },
      400,
    ],
    [
      'a time that is none',
      { body: JSON.stringify(issuePayload({ issue: { updated_at: 'now' } })), headers: ofIssues },
      400,
    ],
    ['form instead of JSON', { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['null', { body: 'null' }, 400],
    ['a number', { body: '5' }, 400],
    ['a list', { body: '[]' }, 400],
    ['half an object', { body: '{"action":' }, 400],
    ['empty', { body: '' }, 400],
    ['a payload of another event', { body: JSON.stringify({ action: 'created', zen: 'hunter2' }) }, 400],
    [
      'a payload of comments as one of issues',
      { body: JSON.stringify(commentPayload()), headers: ofIssues },
      400,
    ],
    [
      'a comment that was deleted as an issue that was',
      {
        body: JSON.stringify({ ...commentPayload(), ...issuePayload({ action: 'deleted' }) }),
        headers: ofIssues,
      },
      400,
    ],
    ['a comment without its issue', { body: JSON.stringify({ ...commentPayload(), issue: undefined }) }, 400],
    ['GET', { method: 'GET' }, 405],
  ])('%s', async (_what, sent, status) => {
    const answer = await deliver(sent);
    expect(answer.status).toBe(status);
    expect(accepted).toEqual([]);
    expect(logged.join('\n')).not.toContain('hunter2');
    expect(logged.join('\n').length).toBeLessThanOrEqual(500);
  });

  test.each<[what: string, headers: Record<string, string>]>([
    ['announced above 25 MB: before a byte is read', { 'content-length': String(25 * 1024 * 1024 + 1) }],
    ['grown above 25 MB without announcing it', { 'transfer-encoding': 'chunked' }],
  ])('%s', async (_what, headers) => {
    expect(await sendTooMuch(headers)).toBe(413);
    expect(accepted).toEqual([]);
  });
});

function hookOf(type: string, id: string): Record<string, string> {
  return { 'x-github-hook-installation-target-type': type, 'x-github-hook-installation-target-id': id };
}

const hoursAgo = (hours: number): string => new Date(now.getTime() - hours * 3_600_000).toISOString();

/** A delivery of what happened so many hours before now. */
function at(hours: number, kind: 'comment' | 'edit' | 'issue', action = 'closed'): Sent {
  const updatedAt = hoursAgo(hours);
  if (kind === 'issue') return issues({ action, issue: { updated_at: updatedAt } });
  const { comment, ...payload } = commentPayload(kind === 'edit' ? { action: 'edited', body: living } : {});
  const by = kind === 'edit' ? { user: bot } : {};
  return { body: JSON.stringify({ ...payload, comment: { ...comment, updated_at: updatedAt, ...by } }) };
}

describe('what happened long ago is carried out no more, since its GUID may be forgotten', () => {
  test.each<[what: string, sent: Sent, status: number, taken: boolean]>([
    ['a comment of three days, which GitHub may send again', at(73, 'comment'), 202, true],
    ['a comment just within the bound', at(95.9, 'comment'), 202, true],
    ['a comment beyond it', at(96.1, 'comment'), 200, false],
    ['an edit beyond it', at(96.1, 'edit'), 200, false],
    ['a closing beyond it', at(96.1, 'issue'), 200, false],
    ['a label of last year', at(9_000, 'issue', 'labeled'), 200, false],
    ['a deletion, of which no second has an effect', at(9_000, 'issue', 'deleted'), 202, true],
    ['a transfer, likewise', at(9_000, 'issue', 'transferred'), 202, true],
    ['a comment of a clock some hours ahead', at(-23, 'comment'), 202, true],
    ['a comment of a day that has not come: this clock must be wrong', at(-25, 'comment'), 503, false],
  ])('%s', async (_what, sent, status, taken) => {
    expect((await deliver(sent)).status).toBe(status);
    expect(accepted).toHaveLength(taken ? 1 : 0);
    expect(logged).toHaveLength(taken ? 0 : 1);
  });
});

/** Sends up to 26 MB, or only the headers where they announce it; gives the status answered. */
async function sendTooMuch(headers: Record<string, string>): Promise<number> {
  const upload = request(`${intake.url}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': noSignature,
      ...headers,
    },
  });
  const status = new Promise<number>((resolve, reject) => {
    upload.on('response', (response) => resolve(response.statusCode ?? 0));
    upload.on('error', reject);
  });
  upload.flushHeaders();
  if ('transfer-encoding' in headers) {
    for (let megabyte = 0; megabyte < 26; megabyte++) upload.write(Buffer.alloc(1024 * 1024, 'x'));
  }
  const answered = await status;
  upload.destroy();
  return answered;
}

test('other paths are told where webhooks go; /healthz says that the process lives', async () => {
  const other = await fetch(`${intake.url}/`);
  expect(other.status).toBe(404);
  expect(await other.text()).toContain('/api/github/webhooks');
  expect((await fetch(`${intake.url}/healthz`)).status).toBe(200);
});

test('an answer that fails is an id, which the log has too, and not the error', async () => {
  const errors: string[] = [];
  const broken = await startIntake({
    host: '127.0.0.1',
    port: 0,
    secret,
    previousSecret,
    appId,
    now: () => now,
    randomId: () => 'an-id',
    accept: () => Promise.resolve('new'),
    log: {
      info: () => {
        throw new Error('hunter2');
      },
      error: (fields, message) => errors.push(JSON.stringify({ ...fields, message })),
    },
  });
  const answer = await fetch(`${broken.url}/api/github/webhooks`, { method: 'POST' });
  expect(answer.status).toBe(500);
  expect(await answer.text()).toBe('failed (an-id)\n');
  expect(errors).toEqual([expect.stringContaining('"id":"an-id"')]);
  await broken.close(1_000);
});
