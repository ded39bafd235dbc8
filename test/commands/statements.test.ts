import { afterEach, describe, expect, test } from 'vitest';
import { askGitHub } from '../../src/commands/ask-github.ts';
import { readStatements } from '../../src/commands/statements.ts';
import { openGitHub } from '../../src/cli/github.ts';
import { startRepository, type RepositoryWorld } from '../collectors/repository.ts';

/** The comments of an issue come with the one answer of GitHub, or by themselves where it fails. */

let world: RepositoryWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

const repository = { owner: 'acme', name: 'shop' };
const number = 1;
const comment = (minute: number, body: string, by = 'bob') => ({
  by,
  at: `2025-03-10T11:${String(minute)}:00Z`,
  body,
});

/** What was said on an issue with these comments; `before` since an update at that time. */
async function statements(
  comments: ReturnType<typeof comment>[],
  {
    before = null,
    prepare,
  }: { before?: string | null; prepare?: (github: RepositoryWorld['github']) => void } = {},
) {
  world ??= await startRepository({
    issues: [{ number, title: 'The shop is down', by: 'alice', at: '2025-03-10T11:20:00Z', comments }],
    pull_requests: [],
  });
  prepare?.(world.github);
  const { request } = openGitHub('ghp_alice', `${world.github.url}/api/v3`);
  const github = askGitHub(
    { request, now: () => new Date('2025-03-10T12:00:00Z') },
    {
      repository,
      issue: {
        number,
        url: `https://github.com/acme/shop/issues/${String(number)}`,
        openedAt: '2025-03-10T11:20:00Z',
      },
    },
    { state: { declared: null, regression: null }, update: before === null ? null : {} },
  );
  const said = await readStatements(
    { request, redact: (text) => Promise.resolve(text), github },
    repository,
    { number, comments: comments.length },
    before === null ? null : { at: before, statements: [] },
  );
  return said.map(({ by, text }) => `${by}: ${text}`);
}

const routes = () => world?.github.requests.map(({ route }) => route);

test('people’s comments come with the one answer, the oldest first, without those of Apps', async () => {
  const said = await statements([
    comment(30, 'It began at 11:07.'),
    comment(31, 'A report', 'other[bot]'),
    comment(32, 'I look at it.', 'carol'),
  ]);
  expect(said).toEqual(['bob: It began at 11:07.', 'carol: I look at it.']);
  expect(routes()).toEqual(['POST /graphql']);
});

test('of an issue that was updated before, only what is new', async () => {
  const said = await statements([comment(30, 'old'), comment(45, 'new')], {
    before: '2025-03-10T11:40:00.000Z',
  });
  expect(said).toEqual(['bob: new']);
});

test('an older comment that was changed since is new', async () => {
  const said = await statements([comment(30, 'old')], {
    before: '2025-03-10T11:40:00.000Z',
    prepare: (github) => {
      const [first] = github.thread(number);
      void github.editComment('bob', first?.id ?? 0, 'changed');
    },
  });
  expect(said).toEqual(['bob: changed']);
});

describe('the comments are read by themselves', () => {
  test.each(['denied', 'unavailable', 'html-502', 'drop', 'lie'] as const)(
    'where the answer is %s',
    async (kind) => {
      const said = await statements([comment(30, 'still here')], {
        prepare: (github) => github.inject({ kind, pathIncludes: '/graphql' }),
      });
      expect(said).toEqual(['bob: still here']);
      expect(routes()?.at(-1)).toBe('GET /repos/{owner}/{repo}/issues/{issue_number}/comments');
    },
  );

  test('where there are more new ones than the answer holds', async () => {
    const many = Array.from({ length: 25 }, (_, index) => comment(31 + index, `new ${String(index)}`));
    const said = await statements(many, { before: '2025-03-10T11:30:00.000Z' });
    expect(said).toHaveLength(25);
  });
});

test('of a long comment the first 16,000 characters are kept', async () => {
  const [text] = await statements([comment(30, 'x'.repeat(20_000))]);
  expect(text).toBe(`bob: ${'x'.repeat(16_000)}`);
});
