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

beforeEach(async () => {
  accepted = [];
  logged = [];
  storeFails = false;
  intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    secret,
    previousSecret,
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
    'x-hub-signature-256': body === '' ? 'sha256=00' : await sign(sent.secret ?? secret, body),
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
    expect(answer.text).not.toContain('database is away');
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

/** Sends up to 26 MB, or only the headers where they announce it; gives the status answered. */
async function sendTooMuch(headers: Record<string, string>): Promise<number> {
  const upload = request(`${intake.url}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': 'a',
      'x-hub-signature-256': 'sha256=00',
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
