import { expect, test } from 'vitest';
import { RetryLater } from '../../src/core/retry-later.ts';
import { withinBudget } from '../../src/publish/within-budget.ts';

const comment = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const reaction = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';
const label = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
const read = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';

function client(options: { waitMs?: number; fails?: Error } = {}) {
  const did: string[] = [];
  const request = withinBudget(
    (route) => {
      did.push(`sent ${route}`);
      if (options.fails !== undefined) return Promise.reject(options.fails);
      return Promise.resolve({ status: 200, data: null, headers: {} });
    },
    {
      take: (courtesy) => {
        did.push(courtesy ? 'courtesy' : 'comment');
        return Promise.resolve(options.waitMs ?? 0);
      },
      pause: (milliseconds) => Promise.resolve(void did.push(`pause ${String(milliseconds)}`)),
    },
  );
  return { did, request };
}

test.each([
  [comment, ['comment', `sent ${comment}`]],
  [reaction, ['courtesy', `sent ${reaction}`]],
  [label, ['courtesy', `sent ${label}`]],
  [read, [`sent ${read}`]],
])('%s', async (route, expected) => {
  const { did, request } = client();
  await request(route, {});
  expect(did).toEqual(expected);
});

test('a write that does not fit is not sent', async () => {
  const { did, request } = client({ waitMs: 1_500 });
  await expect(request(comment, {})).rejects.toMatchObject({ name: 'RetryLater', afterMs: 1_500 });
  expect(did).toEqual(['comment']);
});

test('a limit of GitHub pauses the installation, for reads too', async () => {
  const limit = Object.assign(new Error('wait'), {
    status: 429,
    response: { headers: { 'retry-after': '9' } },
  });
  const { did, request } = client({ fails: limit });
  await expect(request(read, {})).rejects.toMatchObject({ name: 'RetryLater', afterMs: 9_000, cause: limit });
  expect(did).toEqual([`sent ${read}`, 'pause 9000']);
});

test('any other failure stays what it is', async () => {
  const refused = Object.assign(new Error('no'), { status: 403 });
  const { did, request } = client({ fails: refused });
  const failure = await request(comment, {}).catch((error: unknown) => error);
  expect(failure).toBe(refused);
  expect(failure).not.toBeInstanceOf(RetryLater);
  expect(did).toEqual(['comment', `sent ${comment}`]);
});
