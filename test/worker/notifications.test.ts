import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Channel } from '../../src/config/notify.ts';
import { notificationsOf, type Notification } from '../../src/core/notification.ts';
import type { EventBody } from '../../src/core/incident/events.ts';
import { RetryLater } from '../../src/core/retry-later.ts';
import { sendNotification } from '../../src/publish/notify.ts';
import { workNotification, type WaitingNotification } from '../../src/worker/notifications.ts';
import { openReceiver, type Receiver } from '../publish/receiver.ts';

/** What goes out to people beside GitHub, against a server on loopback. */

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

const id = 'b7f0a5a4-2f0c-5a3e-9a55-0d6c6f1a2b3c';
const now = new Date();
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const notification: Notification = {
  kind: 'escalated',
  at: '2025-09-15T19:15:00.000Z',
  repository: 'o/n',
  issue: 7,
  issueUrl: 'https://github.com/o/n/issues/7',
  contact: 'infra',
  severity: 'P0',
  stage: 'investigating',
  headline: 'P0 escalated: <!channel> & chat down',
};
const updateUrl = 'https://github.com/o/n/issues/7#issuecomment-9';
const webhook = (): Channel => ({ kind: 'webhook', url: `${receiver.url}/hook`, secret });

interface Ended {
  state: 'sent' | 'given up' | 'again';
  reason: string | null;
  pauseMs: number | null;
}

/** One run of the worker. */
async function work(
  channel: Channel,
  more: Partial<WaitingNotification> & { timeoutMs?: number } = {},
): Promise<Ended> {
  const ended: Ended = { state: 'again', reason: null, pauseMs: null };
  const { timeoutMs = 2_000, ...changed } = more;
  try {
    await workNotification(
      {
        load: async () => ({
          id,
          attempts: 0,
          createdAt: now,
          update: { url: updateUrl, state: 'sent' },
          ...changed,
        }),
        send: async ({ update }) =>
          await sendNotification(
            channel,
            { id, notification, updateUrl: update?.url ?? null },
            { now, timeoutMs },
          ),
        noteTry: async (_id, reason) => {
          ended.reason = reason;
        },
        settle: async (_id, reason) => {
          ended.state = reason === null ? 'sent' : 'given up';
          ended.reason = reason;
        },
        now: () => now,
        log: { warn: () => undefined },
      },
      { data: { id } },
    );
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    ended.pauseMs = error.afterMs;
  }
  return ended;
}

describe('a webhook', () => {
  test('is signed as Standard Webhooks asks, and holds the brief and links', async () => {
    expect(await work(webhook())).toMatchObject({ state: 'sent' });
    const [got] = receiver.got;
    const headers = z.record(z.string(), z.string()).parse(got?.headers);
    expect(new Webhook(secret).verify(got?.body ?? '', headers)).toEqual({
      type: 'incident.escalated',
      timestamp: '2025-09-15T19:15:00.000Z',
      data: {
        repository: 'o/n',
        issue: 7,
        contact: 'infra',
        severity: 'P0',
        stage: 'investigating',
        headline: 'P0 escalated: <!channel> & chat down',
        issue_url: 'https://github.com/o/n/issues/7',
        update_url: updateUrl,
      },
    });
    expect(headers['webhook-id']).toBe(id);
    expect(() => new Webhook(secret).verify(`${got?.body ?? ''} `, headers)).toThrow('No matching signature');
  });

  test.each([500, 502, 408, 429])('answered with %i is tried again, later each time', async (status) => {
    receiver.answers.push(status, status);
    expect(await work(webhook())).toMatchObject({ state: 'again', pauseMs: 5_000 });
    expect(await work(webhook(), { attempts: 3 })).toMatchObject({ state: 'again', pauseMs: 40_000 });
    expect(await work(webhook(), { attempts: 4 })).toMatchObject({ state: 'sent' });
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test.each([400, 401, 404, 410])('answered with %i is given up', async (status) => {
    receiver.answers.push(status);
    expect(await work(webhook())).toEqual({
      state: 'given up',
      reason: `the receiver answered ${String(status)}`,
      pauseMs: null,
    });
  });

  test('that is redirected is given up, and the redirect is not followed', async () => {
    receiver.answers.push(302);
    expect(await work(webhook())).toMatchObject({ state: 'given up' });
    expect(receiver.got.map(({ path }) => path)).toEqual(['/hook']);
  });

  test('that nobody takes is tried again for a day', async () => {
    const gone: Channel = { kind: 'webhook', url: 'http://127.0.0.1:1/', secret };
    expect(await work(gone)).toMatchObject({ state: 'again', reason: 'no connection' });
    const yesterday = new Date(now.getTime() - 25 * 3_600_000);
    expect(await work(gone, { createdAt: yesterday })).toMatchObject({ state: 'given up' });
  });

  test('waits for the update that it links to, but not for long', async () => {
    const coming = { update: { url: null, state: 'pending' } };
    expect(await work(webhook(), coming)).toMatchObject({ state: 'again', pauseMs: 2_000 });
    expect(receiver.got).toEqual([]);
    const old = { ...coming, createdAt: new Date(now.getTime() - 61_000) };
    expect(await work(webhook(), old)).toMatchObject({ state: 'sent' });
    expect(receiver.got[0]?.body).toContain('"update_url":null');
  });
});

test('Slack takes no text of others for a mention or a link', async () => {
  expect(await work({ kind: 'slack', url: `${receiver.url}/services/T/B/x`, secret: null })).toMatchObject({
    state: 'sent',
  });
  expect(JSON.parse(receiver.got[0]?.body ?? '')).toEqual({
    text: `P0 escalated: &lt;!channel&gt; &amp; chat down · P0 investigating · <https://github.com/o/n/issues/7|o/n#7> · <${updateUrl}|update>`,
    unfurl_links: false,
  });
});

describe('who is told of what', () => {
  const incident = {
    repository: 'o/n',
    public: false,
    issue: 7,
    issueUrl: notification.issueUrl,
    title: 'Chat  is\ndown',
    severity: 'P0' as const,
    stage: 'investigating' as const,
  };
  const escalated = { kind: 'escalated', rule: 'r', contact: 'infra', reason: null, paged: true } as const;
  const told = (body: EventBody) =>
    notificationsOf({ body, at: notification.at }, incident, ['infra', 'support']).map(
      ({ contact, headline }) => [contact, headline],
    );

  test.each<[what: string, body: EventBody, told: [string, string][]]>([
    [
      'declared: all',
      { kind: 'declared', severity: 'P0', via: 'label' },
      [
        ['infra', 'P0 declared: Chat is down'],
        ['support', 'P0 declared: Chat is down'],
      ],
    ],
    ['escalated: that contact', escalated, [['infra', 'P0 escalated: Chat is down']]],
    ['escalated to who was told minutes before: nobody', { ...escalated, paged: false }, []],
    [
      'a relapse: all',
      { kind: 'reopened', because: 'relapse', what: 'api fails' },
      [
        ['infra', 'P0 failing again: Chat is down'],
        ['support', 'P0 failing again: Chat is down'],
      ],
    ],
    ['reopened by a person: nobody', { kind: 'reopened', because: 'command', what: '' }, []],
    ['a note: nobody', { kind: 'note', text: 'x' }, []],
  ])('%s', (_what, body, expected) => {
    expect(told(body)).toEqual(expected);
  });

  test('of a public repository links only', () => {
    const event = { body: escalated, at: notification.at };
    expect(notificationsOf(event, { ...incident, public: true }, ['infra'])).toEqual([
      { ...notification, severity: null, stage: null, headline: null },
    ]);
  });
});
