import { expect, test } from 'vitest';
import {
  appJwt,
  client,
  files,
  installationToken,
  receiver,
  repository,
  scenario,
  send,
  start,
} from './start.ts';

/** What is no longer there: installations, issues, names, open conversations, and comments that a list lacks. */

const shop = `/repos/${repository.owner}/${repository.repo}`;
const comments = `${shop}/issues/7/comments`;

test('a removed installation: no token, the tokens that there are do no more, and no webhook comes', async () => {
  const github = await start();
  const token = await installationToken(github);
  const { url, received } = await receiver();
  github.deliverTo(url);
  github.uninstall();
  const path = `/app/installations/${github.app.installationId}`;
  const app = appJwt(github);
  expect((await send(github, path, { token: app })).status).toBe(404);
  expect((await send(github, `${path}/access_tokens`, { method: 'POST', token: app })).body).toMatchObject({
    message: 'Not Found',
  });
  expect((await send(github, comments, { token })).body).toMatchObject({ message: 'Bad credentials' });
  expect((await send(github, '/app', { token: app })).body).toMatchObject({ installations_count: 0 });
  expect(await github.comment('will', 7, 'Anybody there?')).toMatchObject({ delivery: null });
  expect(received).toEqual([]);
  expect(() => github.uninstall()).toThrow('no installation');
});

test('another installation keeps its tokens when one is removed', async () => {
  const github = await start();
  const name = { ...scenario.repository, name: 'stock' };
  const other = github.install({ ...scenario, repository: name }, files);
  const token = await installationToken(github, other);
  github.uninstall();
  expect((await send(github, `/repos/octo-org/stock/issues/7`, { token })).status).toBe(200);
});

test('a deleted issue is 410 for reading, listing and commenting, its comments 404, its number not given again', async () => {
  const github = await start();
  const token = await installationToken(github);
  const { commentId } = await github.comment('will', 7, 'Look here');
  await expect(github.deleteIssue('will', 7)).rejects.toThrow('admin');
  await github.deleteIssue('alice', 7);
  const gone = { message: 'This issue was deleted', status: '410' };
  expect(await send(github, `${shop}/issues/7`, { token })).toMatchObject({ status: 410, body: gone });
  expect(await send(github, comments, { token })).toMatchObject({ status: 410, body: gone });
  const posted = await send(github, comments, { method: 'POST', token, body: { body: 'x' } });
  expect(posted).toMatchObject({ status: 410, body: gone });
  const reaction = { method: 'POST', token, body: { content: 'eyes' } };
  expect((await send(github, `${shop}/issues/comments/${commentId}/reactions`, reaction)).status).toBe(404);
  expect((await send(github, `${shop}/issues/99`, { token })).status).toBe(404);
  expect((await github.openIssue('will', { title: 'Next' })).number).toBe(8);
  expect(github.refusals).toEqual([]);
});

test('a transferred issue: reads and writes are redirected, and the real client finds it in its new place', async () => {
  const github = await start();
  const token = await installationToken(github);
  const octokit = client(github, token);
  const { data: old } = await octokit.rest.issues.get({ ...repository, issue_number: 7 });
  const { data: own } = await octokit.rest.issues.createComment({
    ...repository,
    issue_number: 7,
    body: 'Status',
  });
  const { number } = await github.transferIssue('will', 7, { name: 'stock' });
  expect(number).toBe(1);

  const { data: issue } = await octokit.rest.issues.get({ ...repository, issue_number: 7 });
  expect(issue).toMatchObject({ number, title: 'Login is down', comments: 2, labels: [] });
  expect(issue.repository_url).toMatch(/\/repos\/octo-org\/stock$/u);
  expect(issue.id).not.toBe(old.id);
  await octokit.rest.issues.createComment({ ...repository, issue_number: 7, body: 'and on' });
  const listed = await octokit.rest.issues.listComments({
    owner: 'octo-org',
    repo: 'stock',
    issue_number: number,
  });
  expect(listed.data.map(({ body }) => body)).toEqual(['Looking.', 'Status', 'and on']);

  const asked = (method: string, body: string | null = null) =>
    fetch(`${github.url}${comments}`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'test', 'content-type': 'application/json' },
      body,
    });
  expect((await asked('GET')).status).toBe(301);
  const write = await asked('POST', '{"body":"x"}');
  expect(write.status).toBe(307);
  expect(write.headers.get('location')).toMatch(/\/repositories\/\d+\/issues\/1\/comments$/u);
  expect((await send(github, `${shop}/issues/comments/${own.id}`, { token })).status).toBe(404);
  expect((await send(github, `${shop}/issues?state=all`, { token })).body).toMatchObject([{ number: 3 }]);
  expect((await github.openIssue('will', { title: 'Next' })).number).toBe(8);
  expect(github.refusals).toEqual([]);
});

test('an issue that went where the App is not installed is 404 for it, and no mistake', async () => {
  const github = await start();
  const token = await installationToken(github);
  await github.transferIssue('will', 7, { name: 'stock', installed: false });
  expect((await send(github, `${shop}/issues/7`, { token })).status).toBe(404);
  expect((await send(github, comments, { method: 'POST', token, body: { body: 'x' } })).status).toBe(404);
  expect((await send(github, `${shop}/issues/7`, { token: 'ghp_alice' })).body).toMatchObject({ number: 1 });
  expect(github.refusals).toEqual([]);
});

test('an issue keeps the labels that its new repository has, and those assignees who may be there', async () => {
  const github = await start();
  const there = { ...scenario, repository: { ...scenario.repository, name: 'stock' } };
  const people = { alice: { role: 'admin' as const }, mona: { role: 'read' as const } };
  const other = github.install({ ...there, people }, files);
  await github.label('alice', 7, { add: 'only here' });
  await github.assign('alice', 7, 'mona');
  await github.assign('alice', 7, 'will');
  await expect(github.transferIssue('will', 7, { name: 'stock' })).rejects.toThrow('needs write');
  const { number } = await github.transferIssue('alice', 7, { name: 'stock' });
  expect(number).toBe(8);
  const token = await installationToken(github, other);
  expect((await send(github, '/repos/octo-org/stock/issues/8', { token })).body).toMatchObject({
    labels: [{ name: 'bug' }],
    assignees: [{ login: 'mona' }],
  });
});

test('GitHub moves no issue from a private repository to a public one, nor within one', async () => {
  const github = await start();
  const open = { ...scenario.repository, name: 'open', private: false };
  github.install({ ...scenario, repository: open }, files);
  await expect(github.transferIssue('will', 7, { name: 'open' })).rejects.toThrow('shop is private');
  await expect(github.transferIssue('will', 7, { name: 'shop' })).rejects.toThrow('another repository');
});

test('a locked conversation: Apps neither comment, edit nor react; people with the role write do comment', async () => {
  const github = await start();
  const token = await installationToken(github);
  const octokit = client(github, token);
  const own = await octokit.rest.issues.createComment({ ...repository, issue_number: 7, body: 'Status' });
  const place = `${shop}/issues/comments/${own.data.id}`;
  await github.lock('will', 7);
  expect(await send(github, comments, { method: 'POST', token, body: { body: 'x' } })).toMatchObject({
    status: 403,
    body: { message: 'Unable to create comment because issue is locked.' },
  });
  expect(await send(github, place, { method: 'PATCH', token, body: { body: 'x' } })).toMatchObject({
    status: 403,
    body: { message: 'Unable to update comment because issue is locked.' },
  });
  const reaction = { method: 'POST', token, body: { content: 'eyes' } };
  expect((await send(github, `${place}/reactions`, reaction)).status).toBe(403);
  expect((await send(github, `${shop}/issues/7`, { token })).body).toMatchObject({ locked: true });
  await expect(github.comment('rhea', 7, 'me too')).rejects.toThrow('write');
  await github.comment('will', 7, 'closed for now');
  const personal = { method: 'POST', token: 'ghp_alice', body: { body: 'and from me' } };
  expect((await send(github, comments, personal)).status).toBe(201);
  expect((await send(github, comments, { ...personal, token: 'ghp_rhea' })).status).toBe(403);
  await github.unlock('will', 7);
  expect((await send(github, comments, { method: 'POST', token, body: { body: 'x' } })).status).toBe(201);
  expect(github.refusals).toEqual([]);
});

test('a renamed repository: reads are 301, writes 307, and the real client follows both', async () => {
  const github = await start();
  const token = await installationToken(github);
  const { id } = (await client(github, token).rest.repos.get(repository)).data;
  github.moveRepository({ name: 'store' });
  const place = `${github.url}/api/v3/repositories/${String(id)}`;
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'test' };
  const asked = (method: string, path: string, body?: string) =>
    fetch(`${github.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    });
  const read = await asked('GET', `${comments}?per_page=5`);
  expect([read.status, read.headers.get('location')]).toEqual([301, `${place}/issues/7/comments?per_page=5`]);
  expect(await read.json()).toMatchObject({ message: 'Moved Permanently' });
  const write = await asked('POST', comments, '{"body":"x"}');
  expect([write.status, write.headers.get('location')]).toEqual([307, `${place}/issues/7/comments`]);
  const root = await asked('GET', shop);
  expect(root.headers.get('location')).toBe(place);

  const octokit = client(github, token);
  const { data } = await octokit.rest.issues.createComment({ ...repository, issue_number: 7, body: 'here' });
  expect(data.html_url).toBe(`https://github.com/octo-org/store/issues/7#issuecomment-${data.id}`);
  const listed = await octokit.rest.issues.listComments({ ...repository, issue_number: 7 });
  expect(listed.data.map(({ body }) => body)).toEqual(['Looking.', 'here']);
  const current = await octokit.rest.repos.get({ ...repository, repo: 'store' });
  expect(current.data.full_name).toBe('octo-org/store');
  expect((await octokit.rest.repos.get(repository)).data.full_name).toBe('octo-org/store');
  expect(github.refusals).toEqual([]);
});

test('who may not see a renamed repository is not told where it is, and a new one takes over the name', async () => {
  const github = await start();
  const other = github.install({ ...scenario, repository: { ...scenario.repository, name: 'stock' } }, files);
  github.moveRepository({ name: 'store' });
  const foreign = await installationToken(github, other);
  expect((await send(github, shop, { token: foreign })).status).toBe(404);
  const reused = github.install(scenario, files);
  const token = await installationToken(github, reused);
  expect((await send(github, shop, { token })).body).toMatchObject({ full_name: 'octo-org/shop' });
  expect(() => github.moveRepository({ name: 'stock' })).toThrow('there already');
});

test("a transferred repository leaves the old owner's installation and joins the new owner's", async () => {
  const github = await start();
  const { url, received } = await receiver();
  github.deliverTo(url);
  const token = await installationToken(github);
  github.moveRepository({ owner: 'new-org' });
  expect((await send(github, `${shop}/issues/7`, { token })).status).toBe(404);
  expect((await send(github, '/repos/new-org/shop/issues/7', { token })).status).toBe(404);
  const moved = await send(github, '/repos/new-org/shop/installation', { token: appJwt(github) });
  expect(moved.body).toMatchObject({ account: { login: 'new-org', type: 'Organization' } });
  await github.comment('will', 7, 'Still here');
  const { repository: sent, installation } = JSON.parse(received[0]?.body ?? '{}');
  expect(sent).toMatchObject({ full_name: 'new-org/shop' });
  const current = await installationToken(github, Number(installation.id));
  expect(installation.id).not.toBe(github.app.installationId);
  expect((await send(github, `${shop}/issues/7`, { token: current })).body).toMatchObject({ number: 7 });
});

test('a list of comments lags behind by the machine’s clock; the comment itself is there at once', async () => {
  let machine = Date.now();
  const github = await start({ machine: () => machine });
  const token = await installationToken(github);
  github.setListLag(6_000);
  const { commentId } = await github.comment('will', 7, 'New');
  const listed = async () => (await send(github, comments, { token })).body;
  expect(await listed()).toMatchObject([{ body: 'Looking.' }]);
  expect((await send(github, `${shop}/issues/comments/${commentId}`, { token })).status).toBe(200);
  machine += 5_999;
  expect(await listed()).toHaveLength(1);
  machine += 1;
  expect(await listed()).toMatchObject([{ body: 'Looking.' }, { body: 'New' }]);
});

test('something can be done the moment a request comes, and the moment it was carried out', async () => {
  const github = await start();
  const token = await installationToken(github);
  const seen: [string, number][] = [];
  const write = { method: 'POST', pathIncludes: '/issues/7/comments' };
  github.when(write, () => seen.push(['arrived', github.thread(7).length]));
  github.when({ ...write, moment: 'done' }, () => seen.push(['done', github.thread(7).length]));
  const post = { method: 'POST', token, body: { body: 'x' } };
  await send(github, comments, { token });
  await send(github, comments, post);
  await send(github, comments, post);
  expect(seen).toEqual([
    ['arrived', 1],
    ['done', 2],
  ]);
});

test('a comment that was taken, and never answered for', async () => {
  const github = await start();
  const token = await installationToken(github);
  github.inject({ kind: 'commit-then-hang', method: 'POST' });
  const sent = fetch(`${github.url}${comments}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'test', 'content-type': 'application/json' },
    body: '{"body":"x"}',
    signal: AbortSignal.timeout(300),
  });
  await expect(sent).rejects.toThrow('timeout');
  expect(github.thread(7)).toHaveLength(2);
});
