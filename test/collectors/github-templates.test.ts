import { expect, test } from 'vitest';
import { openGitHubAnswers } from '../../src/collectors/github-answers.ts';
import { foundTemplates } from '../../src/collectors/github-templates.ts';
import { RetryLater } from '../../src/core/retry-later.ts';

/** What GitHub tells of a folder, and what counts as a template of it. */

function answering(data: unknown, errors?: object[]) {
  return openGitHubAnswers(
    () => Promise.resolve({ status: 200, headers: {}, data: { data, ...(errors && { errors }) } }),
    { owner: 'a', name: 'b', issue: null, since: '', earlier: [], comments: 0, page: '' },
  );
}

const blob = (text: string | null, more: object = {}) => ({
  byteSize: Buffer.byteLength(text ?? ''),
  isBinary: false,
  isTruncated: false,
  text,
  ...more,
});
const entry = (name: string, object: object | null, more: object = {}) => ({
  name,
  type: 'blob',
  mode: 0o100644,
  object,
  ...more,
});

test('files with the ending, of both folders', async () => {
  const kinds = {
    entries: [
      entry('status.hbs', blob('s')),
      entry('README.md', blob('r')),
      entry('run.hbs', blob('x'), { mode: 0o100755 }),
    ],
  };
  const partials = { entries: [entry('footer.hbs', blob('f'))] };
  expect(await foundTemplates(answering({ templates: { kinds, partials } }))).toEqual([
    { path: 'status.hbs', size: 1, text: 's' },
    { path: 'run.hbs', size: 1, text: 'x' },
    { path: 'partials/footer.hbs', size: 1, text: 'f' },
  ]);
});

test.each<[what: string, entry: object]>([
  ['binary', entry('a.hbs', blob(null, { isBinary: true }))],
  ['cut off', entry('a.hbs', blob('x', { isTruncated: true }))],
  ['mended by GitHub', entry('a.hbs', blob('x\uFFFD'))],
  ['a link', entry('a.hbs', blob('../secret'), { mode: 0o120000 })],
])('one that is %s counts as no text', async (_what, one) => {
  const answer = answering({ templates: { kinds: { entries: [one] }, partials: null } });
  expect(await foundTemplates(answer)).toEqual([expect.objectContaining({ path: 'a.hbs', text: null })]);
});

test.each<[what: string, kinds: object | null]>([
  ['no folder', null],
  ['a file in its place', {}],
  [
    'folders and submodules with the ending',
    { entries: [entry('a.hbs', {}, { type: 'tree' }), entry('b.hbs', null, { type: 'commit' })] },
  ],
])('%s: none', async (_what, kinds) => {
  expect(await foundTemplates(answering({ templates: { kinds, partials: null } }))).toEqual([]);
});

test('where GitHub does not tell, nothing is known', async () => {
  const path = ['templates'];
  expect(
    await foundTemplates(answering({ templates: null }, [{ message: 'm', type: 'FORBIDDEN', path }])),
  ).toBeNull();
  expect(await foundTemplates(answering({ code: {} }))).toBeNull();
  expect(
    await foundTemplates(answering({ templates: { kinds: { entries: 1 }, partials: null } })),
  ).toBeNull();
});

test('a pause that GitHub asks for is kept', async () => {
  const paused = openGitHubAnswers(() => Promise.reject(new RetryLater('paused', 1_000)), {
    owner: 'a',
    name: 'b',
    issue: null,
    since: '',
    earlier: [],
    comments: 0,
    page: '',
  });
  await expect(foundTemplates(paused)).rejects.toBeInstanceOf(RetryLater);
});
