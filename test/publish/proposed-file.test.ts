import { describe, expect, test } from 'vitest';
import type { GitHubRequest } from '../../src/core/github-request.ts';
import { RetryLater } from '../../src/core/retry-later.ts';
import { proposeFile } from '../../src/publish/proposed-file.ts';

/** A file that is proposed to a repository; how GitHub's real answers look is tested end to end. */

const repository = { owner: 'netra-systems', name: 'netra-apex' };
const file = {
  branch: 'sitrep/postmortem-1278',
  path: 'docs/postmortems/2025-09-15-1278.md',
  text: 'text\n',
  message: 'docs: postmortem',
  title: 'Postmortem of #1278',
  body: 'body',
};
const content = Buffer.from(file.text).toString('base64');
const failure = (status: number) => Object.assign(new Error(`status ${String(status)}`), { status });

const routes = {
  repository: 'GET /repos/{owner}/{repo}',
  ref: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
  makeRef: 'POST /repos/{owner}/{repo}/git/refs',
  read: 'GET /repos/{owner}/{repo}/contents/{path}',
  write: 'PUT /repos/{owner}/{repo}/contents/{path}',
  list: 'GET /repos/{owner}/{repo}/pulls',
  open: 'POST /repos/{owner}/{repo}/pulls',
};

type Answers = Partial<Record<keyof typeof routes, unknown>>;

/** A repository as it is at first, but for the answers that are given; an error is thrown. Keeps what was written. */
function github(answers: Answers = {}): { request: GitHubRequest; sent: string[] } {
  const sent: string[] = [];
  const usual: Answers = {
    repository: { default_branch: 'main' },
    makeRef: {},
    read: failure(404),
    write: {},
    list: [],
    open: { number: 12, html_url: 'https://github.com/netra-systems/netra-apex/pull/12' },
    ...answers,
  };
  return {
    sent,
    request: (route, parameters) => {
      const [name] = Object.entries(routes).find(([, known]) => known === route) ?? [''];
      if (!route.startsWith('GET ')) sent.push(name);
      const isBase = name === 'ref' && parameters['ref'] === 'heads/main';
      const answer = isBase
        ? { object: { sha: 'a1' } }
        : Object.hasOwn(usual, name)
          ? new Map<string, unknown>(Object.entries(usual)).get(name)
          : failure(404);
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ status: 200, data: answer, headers: {} });
    },
  };
}

const pull = { number: 12, url: 'https://github.com/netra-systems/netra-apex/pull/12' };

describe('a proposed file', () => {
  test.each<[string, Answers, string[]]>([
    ['anew', {}, ['makeRef', 'write', 'open']],
    ['on a branch that is there', { ref: { object: { sha: 'b1' } } }, ['write', 'open']],
    [
      'on a branch that somebody makes at the same time',
      { makeRef: failure(422) },
      ['makeRef', 'write', 'open'],
    ],
    [
      'a second time',
      {
        ref: { object: { sha: 'b1' } },
        read: { sha: 'f1', content: 'b3RoZXI=' },
        list: [{ number: 12, html_url: pull.url }],
      },
      ['write'],
    ],
    [
      'with the same text',
      {
        ref: { object: { sha: 'b1' } },
        read: { sha: 'f1', content: `${content.slice(0, 4)}\n${content.slice(4)}\n` },
        list: [{ number: 12, html_url: pull.url }],
      },
      [],
    ],
  ])('%s', async (_how, answers, written) => {
    const { request, sent } = github(answers);
    expect(await proposeFile(request, repository, file)).toEqual({ pull });
    expect(sent).toEqual(written);
  });

  test.each<[string, Answers, RegExp]>([
    [
      'makeRef',
      { makeRef: failure(403) },
      /^GitHub answered 403 when the branch was made\. The App needs write access/,
    ],
    ['write', { write: failure(409) }, /^GitHub answered 409 when the file was written\.$/],
    ['write', { write: failure(422) }, /^GitHub answered 422 when the file was written\.$/],
    ['open', { open: failure(422) }, /^GitHub answered 422 when the pull request was opened\.$/],
    [
      'open',
      { open: new Error('socket hang up') },
      /^GitHub gave no answer that could be used when the pull/,
    ],
    ['open', { open: { number: 'twelve' } }, /^GitHub gave no answer that could be used when the pull/],
    ['repository', { repository: failure(502) }, /^GitHub answered 502 when the repository was asked for\.$/],
  ])('that cannot be, at the step %s, is told and not thrown', async (_step, answers, reason) => {
    const proposal = await proposeFile(github(answers).request, repository, file);
    expect('failure' in proposal && proposal.failure).toMatch(reason);
  });

  test('waits where GitHub asks for a pause', async () => {
    const { request } = github({ write: new RetryLater('the budget is used up', 1_000) });
    await expect(proposeFile(request, repository, file)).rejects.toThrow(RetryLater);
  });
});
