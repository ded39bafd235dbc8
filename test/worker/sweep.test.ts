import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweepMissed } from '../../src/worker/sweep.ts';

const { request } = new Octokit({ baseUrl: 'https://github.example' });
const now = new Date('2025-09-15T18:05:00Z');

let seen: Date | null;
let recorded: Set<string>;
let attempts: Map<string, number>;
let logged: string[];
let ids: number;

beforeEach(() => {
  seen = null;
  recorded = new Set();
  attempts = new Map();
  logged = [];
  ids = 0;
  nock.disableNetConnect();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
});

const sweep = () =>
  sweepMissed({
    request,
    handled: ['issue_comment.created'],
    now: () => now,
    seenUntil: () => Promise.resolve(seen),
    markSeen: (until) => Promise.resolve(void (seen = until)),
    recorded: () => Promise.resolve(recorded),
    attempts: (guids) => Promise.resolve(new Map(guids.map((guid) => [guid, attempts.get(guid) ?? 0]))),
    noteAttempt: (guid) => Promise.resolve(void attempts.set(guid, (attempts.get(guid) ?? 0) + 1)),
    log: {
      info: (_fields, message) => logged.push(message),
      warn: (_fields, message) => logged.push(message),
    },
  });

interface Listed {
  guid: string;
  at?: string;
  code?: number;
  event?: string;
  action?: string | null;
}

/** A delivery as GitHub lists it; its id is the number of those made before it. */
function listed({
  guid,
  at = '2025-09-15T18:00:00Z',
  code = 502,
  event = 'issue_comment',
  action = 'created',
}: Listed) {
  ids += 1;
  return { id: ids, guid, delivered_at: at, status_code: code, event, action };
}

function linkTo(cursor: string): Record<string, string> {
  return { link: `<https://github.example/app/hook/deliveries?per_page=100&cursor=${cursor}>; rel="next"` };
}

function page(deliveries: object[], cursor?: string, next?: string): void {
  nock('https://github.example')
    .get('/app/hook/deliveries')
    .query({ per_page: '100', ...(cursor === undefined ? {} : { cursor }) })
    .reply(200, deliveries, next === undefined ? {} : linkTo(next));
}

function asksFor(id: number, status = 202): void {
  nock('https://github.example')
    .post(`/app/hook/deliveries/${String(id)}/attempts`)
    .reply(status, {});
}

test('what was never taken is asked for once, by its last attempt', async () => {
  page([
    listed({ guid: 'failed twice', at: '2025-09-15T18:01:00Z' }),
    listed({ guid: 'failed twice' }),
    listed({ guid: 'taken at last', code: 202 }),
    listed({ guid: 'taken at last' }),
    listed({ guid: 'not ours', event: 'push', action: null }),
    listed({ guid: 'no handler', action: 'edited' }),
    listed({ guid: 'recorded' }),
  ]);
  recorded.add('recorded');
  asksFor(1);
  await sweep();
  expect(attempts).toEqual(new Map([['failed twice', 1]]));
  expect(seen).toEqual(new Date('2025-09-15T18:01:00Z'));
});

test('all pages are read, back to an hour before what was seen, and no further', async () => {
  seen = new Date('2025-09-15T17:00:00Z');
  page([listed({ guid: 'a' })], undefined, 'two');
  page([listed({ guid: 'b', at: '2025-09-15T16:00:00Z' })], 'two', 'three');
  page([listed({ guid: 'c', at: '2025-09-15T15:59:59Z' })], 'three', 'four');
  asksFor(2);
  asksFor(1);
  await sweep();
  expect([...attempts.keys()]).toEqual(['b', 'a']);
});

test('the first sweep looks at the last hour, and remembers now where there is nothing', async () => {
  page([]);
  await sweep();
  expect(seen).toEqual(now);
});

test('five times in vain is enough', async () => {
  attempts.set('a', 5).set('b', 4);
  page([listed({ guid: 'a' }), listed({ guid: 'b' })]);
  asksFor(2);
  await sweep();
  expect(attempts).toEqual(
    new Map([
      ['a', 5],
      ['b', 5],
    ]),
  );
  expect(logged.join()).toContain('given up');
});

test('what could not be asked for is looked at again', async () => {
  page([listed({ guid: 'a' }), listed({ guid: 'b' })]);
  asksFor(2, 503);
  asksFor(1);
  await sweep();
  expect(seen).toBeNull();
  expect(attempts.get('a')).toBe(1);
});

test('a list that cannot be read is an error, and nothing counts as seen', async () => {
  nock('https://github.example').get('/app/hook/deliveries').query(true).reply(503, {});
  await expect(sweep()).rejects.toMatchObject({ status: 503 });
  expect(seen).toBeNull();
});
