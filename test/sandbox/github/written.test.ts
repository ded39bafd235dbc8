import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GitHubStandIn } from '../../../sandbox/github/types.ts';
import { caught, commit } from './mistake.ts';
import { client, installationToken, manifest, open, repository, scenario, send, start } from './start.ts';

/** What an App makes anew: issues, and a file on a branch with a pull request. */

const shop = `/repos/${repository.owner}/${repository.repo}`;
const head = 'b'.repeat(40);
const branch = 'sitrep/postmortem-7';
const path = 'docs/postmortems/7.md';

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The App's manifest where it may also write files and open pull requests. */
const writing = {
  ...manifest,
  default_permissions: { ...manifest.default_permissions, contents: 'write', pull_requests: 'write' },
};

describe('an issue', () => {
  test('is created with its labels and assignees, by the App', async () => {
    const github = await start();
    const octokit = client(github, await installationToken(github));
    const { data, headers } = await octokit.rest.issues.create({
      ...repository,
      title: 'Alert on the pool',
      body: 'Follow-up of #7',
      labels: ['follow-up', 'P0'],
      assignees: ['will', 'nobody'],
    });
    expect(headers.location).toBe(data.url);
    expect(data).toMatchObject({
      number: 8,
      state: 'open',
      user: { login: 'sitrep[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'sitrep' },
    });
    expect(github.issue(8)).toMatchObject({
      title: 'Alert on the pool',
      body: 'Follow-up of #7',
      labels: ['follow-up', 'P0'],
      assignees: ['will'],
      by: 'sitrep[bot]',
    });
    expect(github.refusals).toEqual([]);
  });

  test('needs issues: write', async () => {
    const permissions = { ...manifest.default_permissions, issues: 'read' };
    const github = await start({ manifest: { ...manifest, default_permissions: permissions } });
    const token = await installationToken(github);
    const sending = { body: { title: 'x' } };
    const answer = await commit(github, { path: `${shop}/issues`, sending }, token);
    expect(answer).toMatchObject(caught(403, /issues: write/));
    expect(answer.body).toMatchObject({ message: 'Resource not accessible by integration' });
  });

  test('counts with the pull requests', async () => {
    const pull = { number: 12, title: 'x', by: 'will', fork: false, mentions: [], closes: [], labels: [] };
    const github = await start({ scenario: { ...scenario, pull_requests: [pull] } });
    expect((await github.openIssue('will', { title: 'x' })).number).toBe(13);
  });

  test('is closed and reopened by the App, with the reason', async () => {
    const github = await start();
    const octokit = client(github, await installationToken(github));
    const issue = { ...repository, issue_number: 7 };
    const closed = await octokit.rest.issues.update({
      ...issue,
      state: 'closed',
      state_reason: 'not_planned',
    });
    expect(closed.data).toMatchObject({
      state: 'closed',
      state_reason: 'not_planned',
      closed_by: { login: 'sitrep[bot]' },
      closed_at: '2025-09-15T17:00:00Z',
    });
    const opened = await octokit.rest.issues.update({ ...issue, state: 'open', state_reason: 'reopened' });
    expect(opened.data).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null });
    expect(github.refusals).toEqual([]);
  });
});

test('who may be assigned is 204, everybody else 404', async () => {
  const github = await start();
  const octokit = client(github, await installationToken(github));
  const asked = (assignee: string) => octokit.rest.issues.checkUserCanBeAssigned({ ...repository, assignee });
  expect((await asked('WILL')).status).toBe(204);
  await expect(asked('nobody')).rejects.toMatchObject({ status: 404 });
  await expect(asked('a-stranger')).rejects.toMatchObject({ status: 404 });
  expect(github.refusals).toEqual([]);
});

describe('a file on a branch of its own, and a pull request', () => {
  test('are made where the App may', async () => {
    const github = await start({ manifest: writing });
    const octokit = client(github, await installationToken(github));
    const main = await octokit.rest.git.getRef({ ...repository, ref: 'heads/main' });
    expect(main.data).toMatchObject({ ref: 'refs/heads/main', object: { type: 'commit', sha: head } });
    const missing = octokit.rest.git.getRef({ ...repository, ref: `heads/${branch}` });
    await expect(missing).rejects.toMatchObject({ status: 404 });

    const made = await octokit.rest.git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha: head });
    expect(made.data.object.sha).toBe(head);
    const text = '# Postmortem ☂\n';
    const file = { ...repository, path, branch, message: 'docs: postmortem of #7' };
    const written = await octokit.rest.repos.createOrUpdateFileContents({ ...file, content: base64(text) });
    expect(written).toMatchObject({
      status: 201,
      data: { content: { path }, commit: { message: 'docs: postmortem of #7', parents: [{ sha: head }] } },
    });
    const read = (ref: string) =>
      octokit.rest.repos.getContent({ ...repository, path, ref, mediaType: { format: 'raw' } });
    expect((await read(branch)).data).toBe(text);
    await expect(read('main')).rejects.toMatchObject({ status: 404 });

    const again = await octokit.rest.repos.createOrUpdateFileContents({
      ...file,
      content: base64('# Postmortem, revised\n'),
      sha: written.data.content?.sha ?? '',
    });
    expect(again.status).toBe(200);
    const commits = await octokit.rest.repos.listCommits({ ...repository, sha: branch });
    expect(commits.data.map(({ author }) => author?.login)).toEqual([
      'sitrep[bot]',
      'sitrep[bot]',
      'mona',
      'will',
    ]);
    const ref = await octokit.rest.git.getRef({ ...repository, ref: `heads/${branch}` });
    expect(ref.data.object.sha).toBe(again.data.commit.sha);
    expect((await octokit.rest.repos.listCommits(repository)).data).toHaveLength(2);

    const wanted = { ...repository, title: 'Postmortem of #7', head: branch, base: 'main', body: 'Of #7' };
    const { data: pull } = await octokit.rest.pulls.create(wanted);
    expect(pull).toMatchObject({
      number: 8,
      html_url: 'https://github.com/octo-org/shop/pull/8',
      state: 'open',
      head: { label: `octo-org:${branch}`, sha: again.data.commit.sha },
      base: { ref: 'main', sha: head },
      user: { login: 'sitrep[bot]' },
      commits: 2,
      changed_files: 1,
    });
    const found = await octokit.rest.pulls.list({ ...repository, head: `octo-org:${branch}` });
    expect(found.data.map(({ number }) => number)).toEqual([8]);
    expect((await octokit.rest.pulls.list({ ...repository, state: 'closed' })).data).toEqual([]);
    expect((await octokit.rest.pulls.get({ ...repository, pull_number: 8 })).data).toEqual(pull);
    expect(github.refusals).toEqual([]);
  });

  test('a second try is told what is there already, and that is no mistake', async () => {
    const github = await start({ manifest: writing });
    const token = await installationToken(github);
    const post = (to: string, body: object) => send(github, `${shop}${to}`, { method: 'POST', token, body });
    const put = (body: object) =>
      send(github, `${shop}/contents/${path}`, {
        method: 'PUT',
        token,
        body: { message: 'x', branch, ...body },
      });
    const ref = { ref: `refs/heads/${branch}`, sha: head };
    expect((await post('/git/refs', ref)).status).toBe(201);
    const second = await post('/git/refs', ref);
    expect([second.status, second.body]).toMatchObject([422, { message: 'Reference already exists' }]);
    expect((await put({ content: base64('one') })).status).toBe(201);
    const stale = await put({ content: base64('two'), sha: 'c'.repeat(40) });
    expect([stale.status, stale.body]).toMatchObject([
      409,
      { message: expect.stringContaining('does not match') },
    ]);
    const pull = { title: 'Postmortem', head: `octo-org:${branch}`, base: 'main' };
    expect((await post('/pulls', pull)).status).toBe(201);
    const there = await post('/pulls', pull);
    expect([there.status, there.body]).toMatchObject([
      422,
      { errors: [{ message: `A pull request already exists for octo-org:${branch}.` }] },
    ]);
    expect(github.refusals).toEqual([]);
  });

  test.each([
    [
      'a branch',
      { path: `${shop}/git/refs`, sending: { body: { ref: `refs/heads/x`, sha: head } } },
      'contents',
    ],
    [
      'a file',
      {
        path: `${shop}/contents/${path}`,
        sending: { method: 'PUT', body: { message: 'x', content: base64('x') } },
      },
      'contents',
    ],
    [
      'a pull request',
      { path: `${shop}/pulls`, sending: { body: { title: 'x', head: 'x', base: 'main' } } },
      'pull_requests',
    ],
  ])('%s is refused to the App as it is registered', async (_what, request, permission) => {
    const github = await start({ manifest });
    const answer = await commit(github, request, await installationToken(github));
    expect(answer).toMatchObject(caught(403, new RegExp(`${permission}: write is needed`, 'u')));
    expect(answer.body).toMatchObject({ message: 'Resource not accessible by integration' });
  });
});

describe('mistakes in what is made', () => {
  let github: GitHubStandIn;
  let token: string;
  beforeAll(async () => {
    github = await open({ manifest: writing });
    token = await installationToken(github);
  });
  afterAll(() => github.close());

  const put = (body: object, to = path) => ({
    path: `${shop}/contents/${to}`,
    sending: { method: 'PUT', body: { message: 'x', content: base64('x'), ...body } },
  });
  const post = (to: string, body: object) => ({ path: `${shop}${to}`, sending: { body } });
  const patch = (body: object) => ({ path: `${shop}/issues/7`, sending: { method: 'PATCH', body } });

  test.each([
    ['an issue without a title', post('/issues', { body: 'x' }), 422, /'title'/],
    ['an issue with an empty title', post('/issues', { title: ' ' }), 422, /title can't be blank/],
    ['an issue with an unknown field', post('/issues', { title: 'x', label: ['x'] }), 422, /label/],
    [
      'an issue with a field that is not modelled',
      post('/issues', { title: 'x', milestone: 1 }),
      422,
      /milestone/,
    ],
    ['a reason without a state', patch({ state_reason: 'completed' }), 422, /GitHub ignores it/],
    [
      'a reason of another state',
      patch({ state: 'closed', state_reason: 'reopened' }),
      422,
      /GitHub ignores/,
    ],
    ['a reason that there is not', patch({ state: 'closed', state_reason: 'fixed' }), 422, /not_planned/],
    ['a ref without its prefix', post('/git/refs', { ref: branch, sha: head }), 422, /no branch/],
    [
      'a ref that git does not allow',
      post('/git/refs', { ref: 'refs/heads/a b', sha: head }),
      422,
      /no such name/,
    ],
    [
      'a ref at no commit',
      post('/git/refs', { ref: 'refs/heads/a', sha: 'd'.repeat(40) }),
      422,
      /this commit/,
    ],
    ['a ref read with its prefix', { path: `${shop}/git/ref/refs/heads/main` }, 404, /after refs/],
    ['a file that is there, without its sha', put({}, 'README.md'), 422, /sha is needed/],
    ['a sha of no file', put({ sha: head }), 422, /no such file/],
    ['a file on no branch', put({ branch: 'gone' }), 404, /there is none/],
    ['a text that is no base64', put({ content: 'ü' }), 422, /no base64/],
    ['a path with an empty part', put({}, 'docs//x.md'), 422, /no path of a file/],
    ['a workflow', put({}, '.github/workflows/x.yml'), 403, /workflows: write/],
    ['a pull request without a title', post('/pulls', { head: 'main', base: 'main' }), 422, /title/],
    [
      'a pull request from no branch',
      post('/pulls', { title: 'x', head: 'gone', base: 'main' }),
      422,
      /head/,
    ],
    [
      'a pull request with nothing new',
      post('/pulls', { title: 'x', head: 'main', base: 'main' }),
      422,
      /lacks/,
    ],
    ['a head without its owner', { path: `${shop}/pulls?head=${branch}` }, 422, /without an owner/],
  ])('%s', async (_what, mistake, status, refusal) => {
    expect(await commit(github, mistake, token)).toMatchObject(caught(status, refusal));
  });
});
