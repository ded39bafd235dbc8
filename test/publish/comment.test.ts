import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RetryLater } from '../../src/core/retry-later.ts';
import { PostingRefused, publishComment, type Claim, type Outbox } from '../../src/publish/comment.ts';

const { request } = new Octokit({ baseUrl: 'https://github.example' });
const path = '/repos/acme/shop/issues/12/comments';
const id = '48353821-b4cd-53a0-89eb-a2f0e5ee778b';

let settled: string[];
beforeEach(() => {
  settled = [];
  nock.disableNetConnect();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
});

/** The App that posts, and the pause between two looks for a comment. */
const options = { settleMs: 10_000, appId: 99 };

/** An outbox that gives this claim and notes how it was settled; the comment was first looked for in vain so long ago. */
function outbox(claimed: Awaited<ReturnType<Outbox['claim']>>, unseenMs = 0): Outbox {
  return {
    claim: () => Promise.resolve(claimed),
    sent: (_claim, comment) =>
      Promise.resolve(void settled.push(`sent ${String(comment.id)} ${comment.url}`)),
    failed: (_claim, reason) => Promise.resolve(void settled.push(`failed: ${reason}`)),
    released: (_claim, reason, certain) =>
      Promise.resolve(void settled.push(`${certain ? 'released' : 'released, perhaps out'}: ${reason}`)),
    unseen: () => Promise.resolve(unseenMs),
  };
}

function claim(readBack = false): Claim {
  return {
    id,
    owner: 'acme',
    repo: 'shop',
    issue: 12,
    body: 'All is well.',
    fence: 1,
    readBack,
    firstAttemptAt: new Date('2025-09-15T18:05:00Z'),
  };
}

function commented(number: number, body: string, type = 'Bot', app = options.appId) {
  return {
    id: number,
    node_id: `IC_${String(number)}`,
    html_url: `https://github.example/c/${String(number)}`,
    body,
    user: { type },
    performed_via_github_app: type === 'Bot' ? { id: app } : null,
  };
}

const marked = `All is well.\n\n<!-- sitrep:${id} -->`;

test('the first attempt posts at once, with the hidden marker', async () => {
  nock('https://github.example').post(path, { body: marked }).reply(201, commented(7, marked));
  await publishComment(request, outbox(claim()), id, options);
  expect(settled).toEqual(['sent 7 https://github.example/c/7']);
});

const list = (page: number) => ({ since: '2025-09-15T16:05:00.000Z', per_page: '100', page: String(page) });

describe('an attempt after one that may be out looks first', () => {
  test('and adopts the comment that an earlier one left', async () => {
    nock('https://github.example')
      .get(path)
      .query(list(1))
      .reply(200, [commented(6, 'hello', 'User'), commented(7, marked)]);
    await publishComment(request, outbox(claim(true)), id, options);
    expect(settled).toEqual(['sent 7 https://github.example/c/7']);
  });

  test('on every page', async () => {
    const full = Array.from({ length: 100 }, (_, index) => commented(index + 1, 'chatter', 'User'));
    nock('https://github.example').get(path).query(list(1)).reply(200, full);
    nock('https://github.example')
      .get(path)
      .query(list(2))
      .reply(200, [commented(107, marked)]);
    await publishComment(request, outbox(claim(true)), id, options);
    expect(settled).toEqual(['sent 107 https://github.example/c/107']);
  });

  test('and takes the lowest of doubles', async () => {
    nock('https://github.example')
      .get(path)
      .query(list(1))
      .reply(200, [commented(9, marked), commented(7, marked)]);
    await publishComment(request, outbox(claim(true)), id, options);
    expect(settled).toEqual(['sent 7 https://github.example/c/7']);
  });

  const copies = [commented(5, marked, 'Bot', 1), commented(6, marked, 'User')];

  test('and waits where it finds none, since the list lags behind; a copied marker does not count', async () => {
    nock('https://github.example').get(path).query(list(1)).reply(200, copies);
    const later = publishComment(request, outbox(claim(true), 4_000), id, options);
    await expect(later).rejects.toMatchObject({ name: 'RetryLater', afterMs: 6_001 });
    expect(settled).toEqual(['released: whether the comment is out will show later']);
  });

  test('and posts where it finds none a second time, long enough after the first', async () => {
    nock('https://github.example').get(path).query(list(1)).reply(200, copies);
    nock('https://github.example').post(path).reply(201, commented(8, marked));
    await publishComment(request, outbox(claim(true), 10_000), id, options);
    expect(settled).toEqual(['sent 8 https://github.example/c/8']);
  });
});

describe('what GitHub refuses for good ends the posting', () => {
  test.each([403, 404, 410, 422])('%i', async (status) => {
    nock('https://github.example').post(path).reply(status, { message: 'no' });
    await expect(publishComment(request, outbox(claim()), id, options)).rejects.toBeInstanceOf(
      PostingRefused,
    );
    expect(settled).toEqual([`failed: GitHub answered ${String(status)}`]);
  });
});

describe('what may pass is given back', () => {
  test.each<[what: string, status: number, headers: Record<string, string>]>([
    ['server error', 502, {}],
    ['unavailable', 503, {}],
    ['secondary limit as 403', 403, { 'retry-after': '60' }],
    ['primary limit as 403', 403, { 'x-ratelimit-remaining': '0' }],
    ['a limit that only its text tells', 403, {}],
    ['429', 429, { 'retry-after': '60' }],
    ['revoked token', 401, {}],
  ])('%s', async (what, status, headers) => {
    nock('https://github.example')
      .post(path)
      .reply(
        status,
        { message: what.includes('text') ? 'You have exceeded a secondary rate limit.' : 'later' },
        headers,
      );
    await expect(publishComment(request, outbox(claim()), id, options)).rejects.toMatchObject({ status });
    const known = status < 500 ? 'released' : 'released, perhaps out';
    expect(settled).toEqual([`${known}: GitHub answered ${String(status)}`]);
  });

  test('a connection that breaks', async () => {
    nock('https://github.example').post(path).replyWithError('socket hang up');
    await expect(publishComment(request, outbox(claim()), id, options)).rejects.toThrow('socket hang up');
    expect(settled).toHaveLength(1);
    expect(settled[0]).toMatch(/^released, perhaps out: /u);
  });
});

describe('what is settled or held is left alone', () => {
  test('sent', async () => {
    await publishComment(request, outbox('sent'), id, options);
    expect(settled).toEqual([]);
  });
  test('given up before', async () => {
    await expect(publishComment(request, outbox('failed'), id, options)).rejects.toBeInstanceOf(
      PostingRefused,
    );
  });
  test('under way elsewhere', async () => {
    const later = publishComment(request, outbox({ busyMs: 700 }), id, options);
    await expect(later).rejects.toEqual(new RetryLater('another attempt has time left', 701));
  });
});
