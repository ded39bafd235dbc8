import { createServer } from 'node:http';
import { verify } from '@octokit/webhooks-methods';
import { createNodeMiddleware, createProbot } from 'probot';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { frozenClock } from '../../../sandbox/clock.ts';
import type { GitHubStandIn } from '../../../sandbox/github/types.ts';
import { appJwt, client, installationToken, manifest, receiver, repository, send, start } from './start.ts';
import type { Received } from './start.ts';

const payloadSchema = z.looseObject({
  action: z.string(),
  sender: z.looseObject({ login: z.string(), type: z.string() }),
  installation: z.object({ id: z.number() }).loose(),
  label: z.looseObject({ name: z.string() }).optional(),
  changes: z.record(z.string(), z.looseObject({ from: z.string().optional() })).optional(),
  comment: z.looseObject({ body: z.string() }).optional(),
  issue: z.looseObject({ number: z.number(), state: z.string() }),
});

function payloadOf({ body }: Pick<Received, 'body'>) {
  return payloadSchema.parse(JSON.parse(body));
}

function told({ headers, body }: Received): string {
  return `${String(headers['x-github-event'])}.${payloadOf({ body }).action}`;
}

test('a webhook is signed and addressed as GitHub does it', async () => {
  const github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  const { delivery, commentId } = await github.comment('will', 7, '/status');

  const [got] = app.received;
  expect(got?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    'x-github-event': 'issue_comment',
    'x-github-delivery': delivery?.guid,
    'x-github-hook-id': expect.stringMatching(/^\d+$/),
    'x-github-hook-installation-target-id': String(github.app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': expect.stringMatching(/^sha1=[0-9a-f]{40}$/),
  });
  const signature = String(got?.headers['x-hub-signature-256']);
  await expect(verify(github.app.webhookSecret, got?.body ?? '', signature)).resolves.toBe(true);
  await expect(verify('another secret', got?.body ?? '', signature)).resolves.toBe(false);
  expect(payloadOf(got ?? { body: '' })).toMatchObject({
    action: 'created',
    sender: { login: 'will', type: 'User' },
    installation: { id: github.app.installationId },
    repository: { full_name: 'octo-org/shop', owner: { type: 'Organization' } },
    organization: { login: 'octo-org' },
    issue: { number: 7, comments: 2 },
    comment: {
      id: commentId,
      body: '/status',
      author_association: 'CONTRIBUTOR',
      performed_via_github_app: null,
    },
  });
  expect(delivery).toMatchObject({ event: 'issue_comment', action: 'created', status: 202 });
  expect(github.refusals).toEqual([]);
});

test('the same bytes are signed that are sent, whatever they hold', async () => {
  const github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  await github.comment('will', 7, 'ünïcödé 🔴\r\n```\nlog\n```\u0000');
  const [got] = app.received;
  const signature = String(got?.headers['x-hub-signature-256']);
  await expect(verify(github.app.webhookSecret, got?.body ?? '', signature)).resolves.toBe(true);
});

test.each<[string, (github: GitHubStandIn) => Promise<unknown>, string[]]>([
  ['labelling', (github) => github.label('tria', 7, { add: 'P0' }), ['issues.labeled']],
  ['labelling again', (github) => github.label('tria', 7, { add: 'BUG' }), []],
  ['taking a label away', (github) => github.label('tria', 7, { remove: 'bug' }), ['issues.unlabeled']],
  ['opening', (github) => github.openIssue('rhea', { title: 'Slow' }), ['issues.opened']],
  [
    'opening with labels',
    (github) => github.openIssue('tria', { title: 'x', labels: ['P0'] }),
    ['issues.opened', 'issues.labeled'],
  ],
  ['closing', (github) => github.closeIssue('will', 7), ['issues.closed']],
  ['reopening', (github) => github.reopenIssue('will', 3), ['issues.reopened']],
  ['editing an issue', (github) => github.editIssue('alice', 7, { title: 'Login' }), ['issues.edited']],
  ['editing it to the same', (github) => github.editIssue('will', 7, { title: 'Login is down' }), []],
  ['assigning', (github) => github.assign('tria', 7, 'will'), ['issues.assigned']],
  ['assigning who has no role', (github) => github.assign('tria', 7, 'nobody'), []],
  ['locking', (github) => github.lock('will', 7), ['issues.locked']],
  ['unlocking what is open', (github) => github.unlock('will', 7), []],
  ['deleting', (github) => github.deleteIssue('alice', 7), ['issues.deleted']],
  [
    'a transfer to a repository of the installation',
    (github) => github.transferIssue('will', 7, { name: 'stock' }),
    ['issues.transferred', 'issues.opened'],
  ],
  [
    'a transfer to where the App is not installed',
    (github) => github.transferIssue('will', 7, { name: 'stock', installed: false }),
    ['issues.transferred'],
  ],
  ['reopening what is open', (github) => github.reopenIssue('will', 7), []],
])('%s is told', async (_what, act, expected) => {
  const github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  await act(github);
  expect(app.received.map(told)).toEqual(expected);
  expect(github.refusals).toEqual([]);
});

test('an edit tells what stood there before, a deletion the comment', async () => {
  const github = await start();
  const app = await receiver();
  const { commentId } = await github.comment('rhea', 7, 'one');
  github.deliverTo(app.url);
  await github.editComment('rhea', commentId, 'two');
  await github.deleteComment('rhea', commentId);
  expect(app.received.map(told)).toEqual(['issue_comment.edited', 'issue_comment.deleted']);
  expect(payloadOf(app.received[0] ?? { body: '' })).toMatchObject({
    changes: { body: { from: 'one' } },
    comment: { body: 'two' },
  });
});

test('what is undone is told as well: unlocked, unassigned', async () => {
  const github = await start();
  const app = await receiver();
  await github.lock('will', 7);
  await github.assign('will', 7, 'alice');
  github.deliverTo(app.url);
  await github.unlock('will', 7);
  await github.unassign('will', 7, 'ALICE');
  expect(app.received.map(told)).toEqual(['issues.unlocked', 'issues.unassigned']);
  expect(github.issue(7).assignees).toEqual([]);
  expect(github.refusals).toEqual([]);
});

test('a deletion and a transfer tell the issue as it was, a transfer also where it is', async () => {
  const github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  await github.deleteIssue('alice', 3);
  const { number, delivery } = await github.transferIssue('will', 7, { name: 'stock' });
  expect(app.received.map(told)).toEqual(['issues.deleted', 'issues.transferred', 'issues.opened']);
  expect(payloadOf(app.received[0] ?? { body: '' }).issue).toMatchObject({ number: 3, state: 'closed' });
  const before = { number: 7, title: 'Login is down', comments: 1 };
  expect(delivery?.payload).toMatchObject({
    issue: before,
    repository: { full_name: 'octo-org/shop' },
    changes: {
      new_issue: { number, title: 'Login is down' },
      new_repository: { full_name: 'octo-org/stock' },
    },
    sender: { login: 'will' },
  });
  expect(JSON.parse(app.received[2]?.body ?? '{}')).toMatchObject({
    issue: { number },
    repository: { full_name: 'octo-org/stock' },
    changes: { old_issue: before, old_repository: { full_name: 'octo-org/shop' } },
    installation: { id: github.app.installationId },
  });
  expect(github.refusals).toEqual([]);
});

test("the App's own doings come back to it, the bot as sender", async () => {
  const github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  const octokit = client(github, await installationToken(github));
  const issue = { ...repository, issue_number: 7 };
  const { data } = await octokit.rest.issues.createComment({ ...issue, body: 'Update' });
  await octokit.rest.issues.updateComment({ ...repository, comment_id: data.id, body: 'Update 2' });
  await octokit.rest.issues.addLabels({ ...issue, labels: ['regression'] });
  await octokit.rest.issues.addAssignees({ ...issue, assignees: ['alice'] });
  await octokit.rest.issues.update({ ...issue, title: 'Login was down', state: 'closed' });
  await octokit.rest.reactions.createForIssueComment({ ...repository, comment_id: data.id, content: 'eyes' });
  await github.settled();

  expect(app.received.map(told).toSorted()).toEqual([
    'issue_comment.created',
    'issue_comment.edited',
    'issues.assigned',
    'issues.closed',
    'issues.edited',
    'issues.labeled',
  ]);
  for (const received of app.received) {
    expect(payloadOf(received).sender).toMatchObject({ login: 'sitrep[bot]', type: 'Bot' });
  }
  expect(payloadOf(app.received[0] ?? { body: '' }).comment).toMatchObject({
    performed_via_github_app: { id: github.app.id, slug: 'sitrep' },
  });
  expect(github.refusals).toEqual([]);
});

test('only events that the manifest subscribes to are delivered', async () => {
  const github = await start({ manifest: { ...manifest, default_events: ['issue_comment'] } });
  const app = await receiver();
  github.deliverTo(app.url);
  expect((await github.label('tria', 7, { add: 'P0' })).delivery).toBeNull();
  expect((await github.comment('tria', 7, 'x')).delivery).not.toBeNull();
  expect(app.received.map(told)).toEqual(['issue_comment.created']);
});

test('who may not do a thing on GitHub may not do it here', async () => {
  const github = await start();
  await expect(github.comment('nobody', 7, 'x')).rejects.toThrow(
    'nobody has the role none in shop; this needs read',
  );
  await expect(github.label('rhea', 7, { add: 'P0' })).rejects.toThrow('this needs triage');
  await expect(github.assign('rhea', 7, 'rhea')).rejects.toThrow('this needs triage');
  await expect(github.editIssue('tria', 7, { title: 'x' })).rejects.toThrow('this needs write');
  await expect(github.lock('tria', 7)).rejects.toThrow('this needs write');
  await expect(github.transferIssue('tria', 7, { name: 'stock' })).rejects.toThrow('this needs write');
  const [comment] = github.thread(7);
  await expect(github.editComment('tria', comment?.id ?? 0, 'x')).rejects.toThrow('this needs write');
  await github.editComment('mona', comment?.id ?? 0, 'x');
  github.setRole('nobody', 'read');
  await github.comment('nobody', 7, 'x');
  await expect(github.comment('will', 99, 'x')).rejects.toThrow('no issue #99');
});

test('a webhook that failed is listed, and redelivered under its GUID when asked for', async () => {
  const github = await start();
  const app = await receiver(500);
  github.deliverTo(app.url);
  const { delivery } = await github.comment('will', 7, '/status');
  expect(delivery?.status).toBe(500);
  expect(app.received).toHaveLength(1);

  const jwt = appJwt(github);
  const list = await send(github, '/app/hook/deliveries?status=failure', { token: jwt });
  expect(list.body).toMatchObject([
    { guid: delivery?.guid, status: 'Invalid HTTP Response: 500', status_code: 500, redelivery: false },
  ]);
  app.answerWith(202);
  const path = `/app/hook/deliveries/${delivery?.id}`;
  expect((await send(github, `${path}/attempts`, { method: 'POST', token: jwt })).status).toBe(202);
  await github.settled();

  expect(app.received.map(({ headers }) => headers['x-github-delivery'])).toEqual([
    delivery?.guid,
    delivery?.guid,
  ]);
  expect(app.received[1]?.body).toBe(app.received[0]?.body);
  const again = await send(github, '/app/hook/deliveries', { token: jwt });
  expect(again.body).toMatchObject([
    { guid: delivery?.guid, status: 'OK', redelivery: true },
    { guid: delivery?.guid, redelivery: false },
  ]);
  const one = await send(github, path, { token: jwt });
  expect(one.body).toMatchObject({
    request: { headers: { 'x-github-event': 'issue_comment' }, payload: { action: 'created' } },
    response: { payload: 'ok' },
  });
  expect(github.refusals).toEqual([]);
});

test('an App that is not there gets nothing, until it is redelivered', async () => {
  const github = await start();
  const app = await receiver();
  github.deliverTo('http://127.0.0.1:9/');
  const { delivery } = await github.comment('will', 7, '/status');
  expect(delivery).toMatchObject({ status: null });
  github.deliverTo(app.url);
  expect(await github.redeliver(delivery?.guid ?? '')).toMatchObject({ status: 202, redelivery: true });
  expect(app.received).toHaveLength(1);
});

test('webhooks go over http, to a URL', async () => {
  const github = await start();
  expect(() => github.deliverTo('https://127.0.0.1/')).toThrow('webhooks go over http here');
  expect(() => github.deliverTo('the app')).toThrow('Invalid URL');
});

test('the cursor leads through all deliveries', async () => {
  const github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  for (const body of ['1', '2', '3', '4', '5']) await github.comment('will', 7, body);
  const octokit = client(github, appJwt(github));
  const pages: number[] = [];
  for await (const { data } of octokit.paginate.iterator(octokit.rest.apps.listWebhookDeliveries, {
    per_page: 2,
  })) {
    pages.push(data.length);
  }
  expect(pages).toEqual([2, 2, 1]);
  expect(github.refusals).toEqual([]);
});

async function play(): Promise<unknown[]> {
  let next = 0;
  const clock = frozenClock(new Date('2025-09-15T17:00:00Z'));
  const github = await start({
    clock,
    random: () => `00000000-0000-4000-8000-${String(next++).padStart(12, '0')}`,
  });
  const app = await receiver();
  github.deliverTo(app.url);
  await github.comment('will', 7, '/status');
  clock.advance(60_000);
  await github.label('tria', 7, { add: 'P0' });
  return app.received.map(({ headers, body }) => [
    headers['x-github-delivery'],
    body.replaceAll(github.host, 'HOST'),
  ]);
}

test('the same script makes the same webhooks', async () => {
  expect(await play()).toEqual(await play());
});

test('Probot takes the webhooks and answers over the API', async () => {
  const github = await start();
  const { host, app } = github;
  const probot = createProbot({
    env: { GHE_HOST: host, GHE_PROTOCOL: 'http', LOG_LEVEL: 'fatal' },
    overrides: { appId: app.id, privateKey: app.privateKey, secret: app.webhookSecret },
  });
  const configs: unknown[] = [];
  const middleware = await createNodeMiddleware(
    (bot) => {
      bot.on('issue_comment.created', async (context) => {
        if (context.isBot) return;
        configs.push(await context.config('sitrep.yml'));
        await context.octokit.rest.issues.createComment(context.issue({ body: 'Here I am' }));
      });
    },
    { probot, webhooksPath: '/hook' },
  );
  const server = createServer((request, response) => {
    void middleware(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  github.deliverTo(`http://127.0.0.1:${address.port}/hook`);

  const { delivery } = await github.comment('will', 7, '/status');
  await github.settled();
  expect(delivery?.status).toBe(200);
  expect(configs).toEqual([{ version: 1, components: {} }]);
  expect(github.thread(7).at(-1)).toMatchObject({ by: 'sitrep[bot]', body: 'Here I am' });
  expect(github.requests.map(({ route, status }) => [route, status])).toEqual([
    ['POST /app/installations/{installation_id}/access_tokens', 201],
    ['GET /repos/{owner}/{repo}/contents/{path}', 200],
    ['POST /repos/{owner}/{repo}/issues/{issue_number}/comments', 201],
  ]);
  expect(github.refusals).toEqual([]);
});
