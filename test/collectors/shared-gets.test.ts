import { expect, it } from 'vitest';
import type { GoogleAccess } from '../../src/collectors/google-access.ts';
import { sharedGets } from '../../src/collectors/shared-gets.ts';

const { signal } = new AbortController();
const call = (path: string, query: Record<string, string> = {}) => ({
  host: 'a.example',
  path,
  query,
  signal,
});

const never = () => Promise.reject(new Error('not asked here'));

/** Access that counts what it is asked, and fails as often as it is told to. */
function counting(failures = 0): { google: GoogleAccess; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    google: {
      get: ({ host, path, query }) => {
        asked.push(`${host}${path} ${JSON.stringify(query)}`);
        return asked.length > failures ? Promise.resolve(asked.length) : Promise.reject(new Error('no'));
      },
      post: never,
      getPublic: never,
      cloudRun: { listServices: never, listRevisions: never },
    },
  };
}

it('the same is asked once, and what differs in anything is asked for itself', async () => {
  const { google, asked } = counting();
  const shared = sharedGets(google);
  const answers = await Promise.all([
    shared.get(call('/x')),
    shared.get(call('/x')),
    shared.get(call('/x', { alt: 'media' })),
    shared.get({ ...call('/x'), host: 'b.example' }),
  ]);
  expect(answers).toEqual([1, 1, 2, 3]);
  expect(asked.length).toBe(3);
});

it('a failure is that of all who wait for it, and of nobody who asks later', async () => {
  const { google, asked } = counting(1);
  const shared = sharedGets(google);
  const both = await Promise.allSettled([shared.get(call('/x')), shared.get(call('/x'))]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await shared.get(call('/x'))).toBe(2);
  expect(asked.length).toBe(2);
});
