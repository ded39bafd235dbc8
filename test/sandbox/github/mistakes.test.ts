import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitHubStandIn } from '../../../sandbox/github/types.ts';
import { caught, commit } from './mistake.ts';
import { installationToken, open, repository } from './start.ts';
import type { Sending } from './start.ts';

/** Mistakes that GitHub refuses or silently forgives: the stand-in catches each and puts it on record. */

const shop = `/repos/${repository.owner}/${repository.repo}`;
const comments = `${shop}/issues/7/comments`;

interface Mistake {
  what: string;
  path: string;
  sending?: Sending;
  status: number;
  refusal: RegExp;
}

const requests: Mistake[] = [
  { what: 'a route that is not there', path: `${shop}/incidents`, status: 404, refusal: /no such route/ },
  {
    what: 'a method that is not there',
    path: comments,
    sending: { method: 'PUT' },
    status: 404,
    refusal: /no such route/,
  },
  {
    what: 'a route that GitHub has and nobody needed',
    path: `${shop}/branches`,
    status: 404,
    refusal: /repos\/list-branches/,
  },
  { what: 'an unknown query parameter', path: `${shop}/issues?label=bug`, status: 422, refusal: /label/ },
  {
    what: 'a query parameter twice',
    path: `${shop}/issues?page=1&page=2`,
    status: 422,
    refusal: /given twice/,
  },
  {
    what: 'a query value outside its enum',
    path: `${shop}/issues?state=opened`,
    status: 422,
    refusal: /open, closed, all/,
  },
  {
    what: 'a query value of the wrong type',
    path: `${shop}/issues?per_page=many`,
    status: 422,
    refusal: /per_page/,
  },
  {
    what: 'a page that is too large',
    path: `${shop}/issues?per_page=200`,
    status: 422,
    refusal: /at most 100/,
  },
  { what: 'a time that is none', path: `${comments}?since=yesterday`, status: 422, refusal: /date-time/ },
  {
    what: 'a filter that is not modelled',
    path: `${shop}/issues?mentioned=alice`,
    status: 422,
    refusal: /does not model mentioned/,
  },
  {
    what: 'an issue number that is none',
    path: `${shop}/issues/seven`,
    status: 422,
    refusal: /issue_number/,
  },
  { what: 'a commit that is not there', path: `${shop}/commits/cafecafe`, status: 422, refusal: /cafecafe/ },
  {
    what: 'a branch that is not there',
    path: `${shop}/contents/README.md?ref=dev`,
    status: 404,
    refusal: /no such branch/,
  },
  {
    what: 'an unknown field',
    path: comments,
    sending: { body: { body: 'x', pinned: true } },
    status: 422,
    refusal: /pinned/,
  },
  {
    what: 'a field of the wrong type',
    path: comments,
    sending: { body: { body: 5 } },
    status: 422,
    refusal: /must be string/,
  },
  {
    what: 'a missing field',
    path: comments,
    sending: { body: {} },
    status: 422,
    refusal: /required property 'body'/,
  },
  {
    what: 'a missing body',
    path: comments,
    sending: { method: 'POST' },
    status: 422,
    refusal: /body is required/,
  },
  {
    what: 'a body where none belongs',
    path: `${shop}/issues/7/labels/bug`,
    sending: { method: 'DELETE', body: { name: 'bug' } },
    status: 422,
    refusal: /no body is expected/,
  },
  {
    what: 'an empty comment',
    path: comments,
    sending: { body: { body: ' ' } },
    status: 422,
    refusal: /can't be blank/,
  },
  {
    what: 'a comment that is too long',
    path: comments,
    sending: { body: { body: '🔴'.repeat(65_537) } },
    status: 422,
    refusal: /65536/,
  },
  {
    what: 'an enum value of a reaction',
    path: `${shop}/issues/comments/COMMENT/reactions`,
    sending: { body: { content: 'thumbs_up' } },
    status: 422,
    refusal: /hooray/,
  },
  {
    what: 'a state of an issue',
    path: `${shop}/issues/7`,
    sending: { method: 'PATCH', body: { state: 'resolved' } },
    status: 422,
    refusal: /open, closed/,
  },
  {
    what: 'a change that is not modelled',
    path: `${shop}/issues/7`,
    sending: { method: 'PATCH', body: { milestone: 1 } },
    status: 422,
    refusal: /does not model milestone/,
  },
  {
    what: 'a label name that is too long',
    path: `${shop}/labels`,
    sending: { body: { name: 'x'.repeat(51) } },
    status: 422,
    refusal: /maximum is 50/,
  },
  {
    what: 'a label name that is too long, on an issue',
    path: `${shop}/issues/7/labels`,
    sending: { body: { labels: ['x'.repeat(51)] } },
    status: 422,
    refusal: /maximum is 50/,
  },
  {
    what: 'a label description that is too long',
    path: `${shop}/labels`,
    sending: { body: { name: 'x', description: 'y'.repeat(101) } },
    status: 422,
    refusal: /maximum is 100/,
  },
  {
    what: 'a colour with #',
    path: `${shop}/labels`,
    sending: { body: { name: 'x', color: '#ff0000' } },
    status: 422,
    refusal: /no colour/,
  },
  {
    what: 'the 101st label of an issue',
    path: `${shop}/issues/7/labels`,
    sending: { body: { labels: Array.from({ length: 100 }, (_, n) => `label ${n}`) } },
    status: 422,
    refusal: /more than 100 labels/,
  },
  {
    what: 'a body that is no JSON',
    path: comments,
    sending: { body: '{"body":' },
    status: 400,
    refusal: /no JSON/,
  },
  {
    what: 'a body that is no object',
    path: comments,
    sending: { body: ['x'] },
    status: 400,
    refusal: /no JSON object/,
  },
  {
    what: 'a content type',
    path: comments,
    sending: { body: 'body=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    status: 415,
    refusal: /x-www-form-urlencoded/,
  },
  {
    what: 'a media type that there is not',
    path: shop,
    sending: { headers: { accept: 'application/xml' } },
    status: 415,
    refusal: /application\/xml/,
  },
  {
    what: 'a raw issue',
    path: `${shop}/issues/7`,
    sending: { headers: { accept: 'application/vnd.github.raw+json' } },
    status: 415,
    refusal: /raw/,
  },
  {
    what: 'an API version that there is not',
    path: shop,
    sending: { headers: { 'x-github-api-version': '2019-01-01' } },
    status: 400,
    refusal: /2019-01-01/,
  },
  {
    what: 'no user agent',
    path: shop,
    sending: { headers: { 'user-agent': '' } },
    status: 403,
    refusal: /User-Agent/,
  },
  {
    what: 'a token under another scheme',
    path: shop,
    sending: { headers: { authorization: 'Basic eDp5' } },
    status: 401,
    refusal: /neither bearer nor token/,
  },
  {
    what: 'an unknown token',
    path: shop,
    sending: { headers: { authorization: 'token ghs_0000' } },
    status: 401,
    refusal: /not known/,
  },
  {
    what: "an installation's token on the App's own route",
    path: '/app',
    status: 401,
    refusal: /JWT is needed/,
  },
  {
    what: "an installation's token on a person's route",
    path: '/user',
    status: 403,
    refusal: /person's token/,
  },
];

let github: GitHubStandIn;
let token: string;

beforeAll(async () => {
  github = await open();
  token = await installationToken(github);
});
afterAll(() => github.close());

test.each(requests)('$what is refused with $status', async ({ status, refusal, ...mistake }) => {
  const answer = await commit(github, mistake, token);
  expect(answer).toMatchObject(caught(status, refusal));
  expect(answer.body).toMatchObject({ documentation_url: expect.stringContaining('docs.github.com') });
});
