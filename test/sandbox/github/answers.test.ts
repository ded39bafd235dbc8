import { expect, test } from 'vitest';
import { frozenClock } from '../../../sandbox/clock.ts';
import { scenarioSchema } from '../../../sandbox/scenario/schema.ts';
import {
  appJwt,
  client,
  files,
  installationToken,
  manifest,
  repository,
  scenario,
  send,
  start,
} from './start.ts';

/** How answers come: tags, pages, headers, prefixes, media types, faults and delays. */

const shop = `/repos/${repository.owner}/${repository.repo}`;

test('an unchanged answer is 304 for who has its tag, and costs nothing', async () => {
  const github = await start();
  const token = await installationToken(github);
  const path = `${shop}/issues/7`;
  const first = await send(github, path, { token });
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/"[0-9a-f]{64}"$/);
  const headers = { 'if-none-match': etag };
  const second = await send(github, path, { token, headers });
  expect([second.status, second.body]).toEqual([304, '']);
  expect(second.headers.get('x-ratelimit-used')).toBe('1');
  await github.comment('will', 7, 'x');
  expect((await send(github, path, { token, headers })).status).toBe(200);
  expect(github.refusals).toEqual([]);
});

test('pages are linked in both directions, and the real client walks them', async () => {
  const github = await start();
  const token = await installationToken(github);
  for (let n = 0; n < 6; n += 1) await github.comment('will', 7, `comment ${n}`);
  const middle = await send(github, `/api/v3${shop}/issues/7/comments?per_page=3&page=2`, { token });
  const at = (page: number) => `${github.url}/api/v3${shop}/issues/7/comments?per_page=3&page=${page}`;
  expect(middle.headers.get('link')).toBe(
    `<${at(1)}>; rel="prev", <${at(3)}>; rel="next", <${at(3)}>; rel="last", <${at(1)}>; rel="first"`,
  );
  const octokit = client(github, token);
  const all = await octokit.paginate(octokit.rest.issues.listComments, {
    ...repository,
    issue_number: 7,
    per_page: 3,
  });
  expect(all.map(({ body }) => body)).toEqual(['Looking.', ...[0, 1, 2, 3, 4, 5].map((n) => `comment ${n}`)]);
  const single = await send(github, `${shop}/issues/7/comments`, { token });
  expect(single.headers.get('link')).toBeNull();
});

test('comments since a time are those that changed since', async () => {
  const clock = frozenClock(new Date(scenario.start));
  const github = await start({ clock });
  const token = await installationToken(github);
  clock.advance(3_600_000);
  await github.comment('will', 7, 'later');
  const answer = await send(github, `${shop}/issues/7/comments?since=2025-09-15T17:30:00Z`, { token });
  expect(answer.body).toMatchObject([{ body: 'later', created_at: '2025-09-15T18:00:00Z' }]);
});

test.each([
  ['/api/v3/app', 200],
  ['/app', 200],
  ['/api/v4/app', 404],
])('%s is answered with %d', async (path, status) => {
  const github = await start();
  expect((await send(github, path, { token: appJwt(github) })).status).toBe(status);
});

test('the App sees itself, its installations and its webhook', async () => {
  const github = await start({ manifest });
  const token = appJwt(github);
  github.deliverTo('http://127.0.0.1:9/hook');
  const own = await send(github, '/app', { token });
  expect(own.body).toMatchObject({
    id: github.app.id,
    slug: 'sitrep',
    permissions: { issues: 'write', contents: 'read', metadata: 'read' },
    events: ['issues', 'issue_comment'],
    installations_count: 1,
  });
  const { installationId } = github.app;
  const found = await send(github, `${shop}/installation`, { token });
  expect(found.body).toMatchObject({
    id: installationId,
    account: { login: 'octo-org' },
    app_id: github.app.id,
  });
  expect((await send(github, '/app/installations', { token })).body).toEqual([found.body]);
  expect((await send(github, `/app/installations/${installationId}`, { token })).body).toEqual(found.body);
  expect((await send(github, '/app/hook/config', { token })).body).toMatchObject({
    url: 'http://127.0.0.1:9/hook',
  });
  expect((await send(github, '/app/installations/1', { token })).status).toBe(404);
  expect((await send(github, '/repos/octo-org/unknown/installation', { token })).status).toBe(404);
  expect(github.refusals).toEqual([]);
});

test('an answer tells the limits and the permissions that it took', async () => {
  const github = await start();
  const token = await installationToken(github);
  const { headers } = await send(github, `${shop}/issues/7`, { token });
  expect(headers.get('x-accepted-github-permissions')).toBe('issues=read; pull_requests=read');
  expect(headers.get('x-ratelimit-limit')).toBe('5000');
  expect(headers.get('x-ratelimit-remaining')).toBe('4999');
  expect(headers.get('x-github-request-id')).not.toBeNull();
  const limit = await send(github, '/rate_limit', { token });
  expect(limit.body).toMatchObject({ rate: { limit: 5000, used: 1, remaining: 4999 } });
});

test.each(['application/vnd.github.raw+json', 'application/vnd.github.v3.raw', 'application/vnd.github.raw'])(
  'a file is raw for %s',
  async (accept) => {
    const github = await start();
    const token = await installationToken(github);
    const path = `${shop}/contents/.github%2Fsitrep.yml`;
    const answer = await send(github, path, { token, headers: { accept } });
    expect([answer.status, answer.body]).toEqual([200, files['.github/sitrep.yml']]);
    expect(github.refusals).toEqual([]);
  },
);

test('a file follows what is put there', async () => {
  const github = await start();
  const token = await installationToken(github);
  const path = `${shop}/contents/docs/a%20b.md`;
  expect((await send(github, path, { token })).status).toBe(404);
  github.putFile('docs/a b.md', 'x'.repeat(100));
  const { body } = await send(github, path, { token });
  const base64 = Buffer.from('x'.repeat(100)).toString('base64');
  expect(body).toMatchObject({
    path: 'docs/a b.md',
    size: 100,
    content: `${base64.slice(0, 60)}\n${base64.slice(60, 120)}\n${base64.slice(120)}\n`,
  });
  github.putFile('docs/a b.md', null);
  expect((await send(github, path, { token })).status).toBe(404);
  expect(github.refusals).toEqual([]);
});

test('a reaction that is there already is given back', async () => {
  const github = await start();
  const token = await installationToken(github);
  const [comment] = github.thread(7);
  const path = `${shop}/issues/comments/${comment?.id}/reactions`;
  const sending = { method: 'POST', token, body: { content: 'eyes' } };
  const first = await send(github, path, sending);
  const second = await send(github, path, sending);
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.body).toEqual(first.body);
  expect(github.thread(7)[0]?.reactions).toEqual(['eyes']);
});

test.each([
  ['a label twice', { method: 'POST', path: `${shop}/labels`, body: { name: 'p0' } }, 422],
  ['a label away that is not there', { method: 'DELETE', path: `${shop}/issues/7/labels/P0` }, 404],
  [
    'a comment that is gone',
    { method: 'PATCH', path: `${shop}/issues/comments/1`, body: { body: 'x' } },
    404,
  ],
  ['a repository that is not there', { method: 'GET', path: '/repos/octo-org/.github/contents/x.yml' }, 404],
])('%s is refused in the ordinary course: no mistake', async (_what, { path, ...sending }, status) => {
  const github = await start();
  const token = await installationToken(github);
  expect((await send(github, path, { ...sending, token })).status).toBe(status);
  expect(github.refusals).toEqual([]);
});

test.each([
  ['denied', 403, 'Resource not accessible by integration'],
  ['not-found', 404, 'Not Found'],
  ['quota', 403, 'secondary rate limit'],
  ['html-502', 502, '<html>'],
  ['unavailable', 503, 'Service unavailable'],
  ['no-token', 401, 'Bad credentials'],
] as const)(
  'the fault %s is answered with %d, and keeps the request from being done',
  async (kind, status, said) => {
    const github = await start();
    const token = await installationToken(github);
    github.inject({ kind, method: 'POST', pathIncludes: '/comments' });
    const sending = { method: 'POST', token, body: { body: 'x' } };
    const answer = await send(github, `${shop}/issues/7/comments`, sending);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(said);
    expect(answer.headers.get('retry-after')).toBe(kind === 'quota' ? '60' : null);
    expect(github.thread(7)).toHaveLength(1);
    expect((await send(github, `${shop}/issues/7/comments`, sending)).status).toBe(201);
    expect(github.refusals).toEqual([]);
  },
);

test.each([
  ['drop', 1],
  ['commit-then-drop', 2],
] as const)('the fault %s drops the connection; the thread has %d comments then', async (kind, length) => {
  const github = await start();
  const token = await installationToken(github);
  github.inject({ kind });
  const sending = { method: 'POST', token, body: { body: 'x' } };
  await expect(send(github, `${shop}/issues/7/comments`, sending)).rejects.toThrow('fetch failed');
  expect(github.thread(7)).toHaveLength(length);
  expect(github.requests.at(-1)?.status).toBeNull();
});

test('a proxy may hide that the comment was made', async () => {
  const github = await start();
  const token = await installationToken(github);
  github.inject({ kind: 'commit-then-502', times: 2 });
  const sending = { method: 'POST', token, body: { body: 'x' } };
  const path = `${shop}/issues/7/comments`;
  const statuses = [
    await send(github, path, sending),
    await send(github, path, sending),
    await send(github, path, sending),
  ];
  expect(statuses.map(({ status }) => status)).toEqual([502, 502, 201]);
  expect(github.thread(7)).toHaveLength(4);
});

test('a lie is an answer that does not fit', async () => {
  const github = await start();
  const token = await installationToken(github);
  github.inject({ kind: 'lie', times: 2 });
  const one = await send(github, `${shop}/issues/7`, { token });
  expect(one.body).toMatchObject({ number: 'not a number', title: 0, labels: {} });
  const list = await send(github, `${shop}/issues`, { token });
  expect(list.body).toMatchObject([{ number: 'not a number' }]);
});

test('a hanging request is never answered, and ends with the stand-in', async () => {
  const github = await start();
  const token = await installationToken(github);
  github.inject({ kind: 'hang', pathIncludes: '/labels' });
  const asked = send(github, `${shop}/labels`, { token }).then(
    () => 'answered',
    (error: unknown) => String(error),
  );
  while (github.requests.length < 2) await send(github, '/rate_limit', { token });
  await github.close();
  expect(await asked).toBe('TypeError: fetch failed');
});

test("a scenario's faults hold by its clock", async () => {
  const clock = frozenClock(new Date('2025-09-15T17:00:00Z'));
  const planned = {
    api: 'github',
    path: '/contents',
    from: '2025-09-15T17:10:00Z',
    to: '2025-09-15T17:20:00Z',
    kind: 'unavailable',
  };
  const faulty = scenarioSchema.parse({
    ...scenario,
    faults: [planned, { api: 'run.googleapis.com', kind: 'denied' }],
  });
  const github = await start({ scenario: faulty, clock });
  const token = await installationToken(github);
  const statuses: number[] = [];
  for (let minutes = 0; minutes < 3; minutes += 1) {
    statuses.push((await send(github, `${shop}/contents/README.md`, { token })).status);
    clock.advance(600_000);
  }
  expect(statuses).toEqual([200, 503, 200]);
  expect((await send(github, `${shop}/issues/7`, { token })).status).toBe(200);
});

test.each([
  ['a fault', { faults: [{ api: 'github', kind: 'api-disabled' }] }, 'does not happen at GitHub'],
  [
    'a state of a deployment',
    { deployments: [{ ...scenario.deployments[0], state: 'done' }] },
    'no state "done"',
  ],
])('%s that GitHub does not have keeps the stand-in from starting', async (_what, change, message) => {
  const wrong = scenarioSchema.parse({ ...scenario, ...change });
  await expect(start({ scenario: wrong })).rejects.toThrow(message);
});

test('every request is on record, with its time', async () => {
  const github = await start({ latencyMs: 5 });
  const token = await installationToken(github);
  await send(github, `${shop}/issues/7/comments`, { method: 'POST', token, body: { body: 'x' } });
  const [, posted] = github.requests;
  expect(posted).toMatchObject({
    method: 'POST',
    path: `${shop}/issues/7/comments`,
    route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    status: 201,
    write: true,
    permission: 'issues=write; pull_requests=write',
  });
  expect(posted?.endedAt).toBeGreaterThan(posted?.startedAt ?? Infinity);
});

test('who listens is told of changes, until they stop', async () => {
  const github = await start();
  let changes = 0;
  const stop = github.onChange(() => {
    changes += 1;
  });
  await github.comment('will', 7, 'x');
  expect(changes).toBe(1);
  const token = await installationToken(github);
  changes = 0;
  await send(github, `${shop}/issues/7`, { token });
  expect(changes).toBe(0);
  await send(github, `${shop}/issues/7/labels`, { method: 'POST', token, body: { labels: ['P0'] } });
  expect(changes).toBe(1);
  stop();
  await github.comment('will', 7, 'y');
  expect(changes).toBe(1);
});
