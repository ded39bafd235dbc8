import { describe, expect, test } from 'vitest';
import { readDescription } from '../../../sandbox/github/description.ts';
import { createJudge } from '../../../sandbox/github/judge/judge.ts';
import { installationToken, receiver, send, start } from './start.ts';

/** The stand-in's own answers and webhooks are held against the description: here, wrong ones are. */

const judge = createJudge(readDescription());

function without(object: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));
}

async function trueComment(): Promise<Record<string, unknown>> {
  const github = await start();
  const token = await installationToken(github);
  const sending = { method: 'POST', token, body: { body: 'x' } };
  const answer = await send(github, '/repos/octo-org/shop/issues/7/comments', sending);
  expect(answer.status).toBe(201);
  return { ...Object(answer.body) };
}

async function truePayload(): Promise<Record<string, unknown>> {
  const github = await start();
  const app = await receiver();
  github.deliverTo(app.url);
  const { delivery } = await github.comment('will', 7, '/status');
  return { ...delivery?.payload };
}

describe('an answer', () => {
  test('as it is sent fits', async () => {
    expect(judge.response('issues/create-comment', 201, await trueComment())).toEqual([]);
  });

  test.each<[string, (comment: Record<string, unknown>) => unknown, RegExp]>([
    ['with a field that GitHub does not have', (comment) => ({ ...comment, kind: 'status' }), /kind/],
    [
      'with a false field inside',
      (comment) => ({ ...comment, user: { ...Object(comment['user']), role: 'x' } }),
      /\/user .*role/,
    ],
    ['with a field missing', (comment) => without(comment, 'id'), /'id'/],
    ['with a missing field inside', (comment) => ({ ...comment, user: { login: 'x' } }), /\/user/],
    ['with a value of the wrong type', (comment) => ({ ...comment, id: 'one' }), /\/id must be integer/],
    ['with null where there is none', (comment) => ({ ...comment, body: null }), /\/body must be string/],
    ['with a time that is none', (comment) => ({ ...comment, created_at: 'now' }), /date-time/],
    ['with a URL that is none', (comment) => ({ ...comment, html_url: 'not a url' }), /uri/],
    [
      'with an unknown association',
      (comment) => ({ ...comment, author_association: 'BOSS' }),
      /COLLABORATOR/,
    ],
    ['that is a list', (comment) => [comment], /must be object/],
    ['without a body', () => undefined, /must be object/],
  ])('%s does not', async (_what, spoil, wrong) => {
    const verdict = judge.response('issues/create-comment', 201, spoil(await trueComment()));
    expect(verdict.join('\n')).toMatch(wrong);
  });

  test('with a status that GitHub does not give does not', async () => {
    expect(judge.response('issues/create-comment', 200, await trueComment())).toEqual([
      '/ no answer 200 is described',
    ]);
  });

  test('with a body where there is none does not', () => {
    expect(judge.response('issues/delete-comment', 204, undefined)).toEqual([]);
    expect(judge.response('issues/delete-comment', 204, {})).toEqual(['/ no body is described']);
  });
});

describe('a webhook', () => {
  test('as it is sent fits', async () => {
    expect(judge.webhook('issue_comment.created', await truePayload())).toEqual([]);
  });

  test.each<[string, (payload: Record<string, unknown>) => unknown, RegExp]>([
    ['with a field that GitHub does not have', (payload) => ({ ...payload, incident: 7 }), /incident/],
    ['without its issue', (payload) => without(payload, 'issue'), /'issue'/],
    ['of another action', (payload) => ({ ...payload, action: 'edited' }), /created/],
    [
      'with a false field inside',
      (payload) => ({ ...payload, sender: { ...Object(payload['sender']), admin: true } }),
      /\/sender .*admin/,
    ],
  ])('%s does not', async (_what, spoil, wrong) => {
    expect(judge.webhook('issue_comment.created', spoil(await truePayload())).join('\n')).toMatch(wrong);
  });
});
