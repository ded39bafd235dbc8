import { describe, expect, test } from 'vitest';
import { RetryLater } from '../../src/core/retry-later.ts';
import { workHistory, type HistoryPlace, type OpenHistory } from '../../src/worker/history.ts';

interface Asked {
  found?: Awaited<ReturnType<Parameters<typeof workHistory<number>>[0]['load']>>;
  fails?: Error;
}

/** What the worker did with one job, in order. */
async function work({ found = null, fails }: Asked): Promise<string[]> {
  const did: string[] = [];
  const log = (level: string) => (_fields: object, message: string) => void did.push(`${level} ${message}`);
  await workHistory<number>(
    {
      load: () => (fails === undefined ? Promise.resolve(found) : Promise.reject(fails)),
      postpone: (_repository, milliseconds) =>
        Promise.resolve(void did.push(`again in ${String(milliseconds / 60_000)} min`)),
      refusal: (error) => (error instanceof Error && error.message === 'gone' ? 'GitHub answered 404' : null),
      log: { info: log('info'), warn: log('warn') },
    },
    { data: { repository: 7 } },
  );
  return did;
}

/** A repository with these issues on each page; what is done with it is written down. */
function history(
  did: string[],
  cursor: Partial<HistoryPlace>,
  page: { issues: number[]; last: boolean },
): OpenHistory<number> {
  return {
    repository: 'acme/shop',
    cursor: { label: 0, page: 1, since: null, ...cursor },
    labels: ['incident', 'P0'],
    list: (label) => Promise.resolve(void did.push(`list ${label}`)).then(() => page),
    changed: (issues) => Promise.resolve(issues.filter((issue) => issue % 2 === 1)),
    read: (issue) => Promise.resolve(void did.push(`read ${String(issue)}`)),
    advance: (next) =>
      Promise.resolve(
        void did.push(next === null ? 'done' : `next ${String(next.label)}/${String(next.page)}`),
      ),
  };
}

describe('a page of earlier incidents', () => {
  test.each([
    ['is followed by the next one', {}, false, ['list incident', 'read 1', 'read 3', 'next 0/2']],
    [
      'that is the last is followed by the next label',
      { page: 3 },
      true,
      ['list incident', 'read 1', 'read 3', 'next 1/1'],
    ],
    ['is the tenth at most', { page: 10 }, false, ['list incident', 'read 1', 'read 3', 'next 1/1']],
    [
      'that is the last of the last label ends the round',
      { label: 1 },
      true,
      ['list P0', 'read 1', 'read 3', 'done'],
    ],
    ['of a label that is configured no more ends the round', { label: 2 }, true, ['done']],
  ])('%s', async (_case, cursor, last, expected) => {
    const did: string[] = [];
    await work({ found: history(did, cursor, { issues: [1, 2, 3], last }) });
    expect(did).toEqual(expected);
  });

  test('that breaks off is tried again in an hour, and no job fails', async () => {
    const did: string[] = [];
    const found = {
      ...history(did, {}, { issues: [1, 3], last: true }),
      read: () => Promise.reject(new Error('away')),
    };
    expect(await work({ found })).toEqual([
      'warn earlier incidents could not be read; they are in an hour',
      'again in 60 min',
    ]);
    expect(did).toEqual(['list incident']);
  });

  test.each([
    ['GitHub’s limits put off', new RetryLater('limit', 5 * 60_000), ['again in 5 min']],
    [
      'GitHub refuses is looked at tomorrow',
      new Error('gone'),
      ['info earlier incidents are not read: GitHub answered 404', 'again in 1440 min'],
    ],
  ])('that %s', async (_case, fails, expected) => expect(await work({ fails })).toEqual(expected));

  test('without a usable configuration is looked at tomorrow', async () => {
    expect(
      await work({ found: { repository: 'acme/shop', reason: 'its configuration cannot be used' } }),
    ).toEqual(['info earlier incidents are not read: its configuration cannot be used', 'again in 1440 min']);
  });

  test('of a repository that is gone is none', async () => expect(await work({})).toEqual([]));
});
