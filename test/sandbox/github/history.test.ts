import { describe, expect, test } from 'vitest';
import { scenarioSchema } from '../../../sandbox/scenario/schema.ts';
import { client, installationToken, repository, scenario, start } from './start.ts';

/** The closed issues of a repository, as an App reads its history. */

const day = (number: number) => `2025-08-${String(number).padStart(2, '0')}T10:00:00Z`;

/** Incidents 101 to 112, of which every third is open, and a merged pull request that carries their label. */
const past = scenarioSchema.parse({
  ...scenario,
  issues: [
    ...scenario.issues,
    ...Array.from({ length: 12 }, (_, index) => ({
      number: 101 + index,
      title: `Outage ${String(index + 1)}`,
      by: 'will',
      at: day(index + 1),
      labels: index % 2 === 0 ? ['incident', 'P0'] : ['incident'],
      ...(index % 3 !== 2 && { state: 'closed', closed_at: day(20 - index) }),
    })),
  ],
  pull_requests: [
    {
      number: 120,
      title: 'Raise the pool',
      by: 'mona',
      merged_at: '2025-09-15T12:00:00Z',
      sha: 'b'.repeat(40),
      labels: ['incident'],
    },
  ],
});

async function listed(query: Record<string, unknown>): Promise<number[]> {
  const github = await start({ scenario: past });
  const octokit = client(github, await installationToken(github));
  const all = await octokit.paginate(octokit.rest.issues.listForRepo, {
    ...repository,
    state: 'closed',
    labels: 'incident',
    per_page: 3,
    ...query,
  });
  expect(github.refusals).toEqual([]);
  return all.map(({ number }) => number);
}

describe('closed issues with a label', () => {
  test.each<[string, Record<string, unknown>, number[]]>([
    ['newest first, over all pages', {}, [120, 111, 110, 108, 107, 105, 104, 102, 101]],
    ['oldest first', { direction: 'asc' }, [101, 102, 104, 105, 107, 108, 110, 111, 120]],
    ['by their last change', { sort: 'updated' }, [120, 101, 102, 104, 105, 107, 108, 110, 111]],
    ['changed since a day', { since: day(16) }, [120, 105, 104, 102, 101]],
    ['with a second label', { labels: 'incident,p0' }, [111, 107, 105, 101]],
    ['with one that nothing has', { labels: 'incident,P9' }, []],
  ])('%s', async (_what, query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });
});

test('a pull request is an issue that says that it is one', async () => {
  const github = await start({ scenario: past });
  const octokit = client(github, await installationToken(github));
  const { data } = await octokit.rest.issues.listForRepo({ ...repository, state: 'closed', per_page: 2 });
  expect(data.map((issue) => [issue.number, issue.pull_request?.merged_at ?? null])).toEqual([
    [120, '2025-09-15T12:00:00Z'],
    [3, null],
  ]);
  const single = await octokit.rest.issues.get({ ...repository, issue_number: 120 });
  expect(single.data).toEqual(data[0]);
  expect(data[0]?.html_url).toBe('https://github.com/octo-org/shop/pull/120');
  expect(github.refusals).toEqual([]);
});
