import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitHubStandIn } from '../../../sandbox/github/types.ts';
import { caught, commit } from './mistake.ts';
import { appJwt, installationToken, manifest, open, repository, scenario, send, start } from './start.ts';

/** Who may do what: the App's JWT, installations' tokens, and the permissions of the manifest. */

const shop = `/repos/${repository.owner}/${repository.repo}`;
const inFuture = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

const anotherKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
}).privateKey;

let github: GitHubStandIn;

beforeAll(async () => {
  github = await open();
});
afterAll(() => github.close());

const tokens: [string, (on: GitHubStandIn) => string, number, RegExp][] = [
  ['signed with another key', (on) => appJwt(on, {}, anotherKey), 401, /not of the App's key/],
  ['that has expired', (on) => appJwt(on, { exp: inFuture(-1) }), 401, /has expired/],
  ['that is good for too long', (on) => appJwt(on, { exp: inFuture(660) }), 401, /over 10 minutes/],
  ['from the future', (on) => appJwt(on, { iat: inFuture(60) }), 401, /iat/],
  ['of another issuer', (on) => appJwt(on, { iss: 'Iv1.other' }), 404, /iss Iv1.other/],
  [
    'without a signature',
    (on) => `${appJwt(on).split('.').slice(0, 2).join('.')}.`,
    401,
    /not of the App's key/,
  ],
  ['that is no JWT', () => 'a.b.c', 401, /RS256/],
];

test.each(tokens)('a JWT %s is refused', async (_what, jwt, status, refusal) => {
  expect(await commit(github, { path: '/app' }, jwt(github))).toMatchObject(caught(status, refusal));
});

test.each([
  ['its id', (on: GitHubStandIn) => on.app.id],
  ['its id as a text', (on: GitHubStandIn) => String(on.app.id)],
])('a JWT that names the App by %s is accepted', async (_what, iss) => {
  const answer = await send(github, '/app', { token: appJwt(github, { iss: iss(github) }) });
  expect(answer.status).toBe(200);
});

test("the App's JWT does not open a repository", async () => {
  const answer = await commit(github, { path: shop }, appJwt(github));
  expect(answer).toMatchObject(caught(401, /installation's token is needed/));
});

test('nobody without a token is let in', async () => {
  expect(await commit(github, { path: shop }, null)).toMatchObject(caught(401, /no token/));
});

test('a token of another installation does not see the repository', async () => {
  const own = await start();
  const other = own.install({ ...scenario, repository: { ...scenario.repository, owner: 'elsewhere' } }, {});
  const answer = await commit(own, { path: shop }, await installationToken(own, other));
  expect(answer).toMatchObject(caught(404, /token is of installation/));
});

test('a revoked token is refused', async () => {
  const own = await start();
  const token = await installationToken(own);
  own.revokeTokens();
  expect(await commit(own, { path: shop }, token)).toMatchObject(caught(401, /not known/));
});

test('a token is refused after an hour', async () => {
  let now = Date.now();
  const own = await start({ machine: () => now });
  const token = await installationToken(own);
  now += 3_599_000;
  expect((await send(own, shop, { token })).status).toBe(200);
  now += 1_000;
  expect(await commit(own, { path: shop }, token)).toMatchObject(caught(401, /has expired/));
});

test.each([
  ['deployments', `${shop}/deployments`, /deployments: read is needed, the App has nothing/],
  ['pull requests', `${shop}/pulls`, /pull_requests: read is needed, the App has nothing/],
])('%s need a permission that the App does not ask for', async (_what, path, refusal) => {
  const permissions = { issues: 'write', metadata: 'read' };
  const own = await start({ manifest: { ...manifest, default_permissions: permissions } });
  const answer = await commit(own, { path }, await installationToken(own));
  expect(answer).toMatchObject(caught(403, refusal));
  expect(answer.body).toMatchObject({ message: 'Resource not accessible by integration' });
});

test('reading is not writing', async () => {
  const permissions = { ...manifest.default_permissions, issues: 'read' };
  const own = await start({ manifest: { ...manifest, default_permissions: permissions } });
  const mistake = { path: `${shop}/issues/7/comments`, sending: { body: { body: 'x' } } };
  const answer = await commit(own, mistake, await installationToken(own));
  expect(answer).toMatchObject(caught(403, /issues: write is needed, the App has read/));
});

test('a token with fewer permissions than the App has only those', async () => {
  const wanted = { permissions: { contents: 'read' } };
  const token = await installationToken(github, github.app.installationId, wanted);
  expect((await send(github, `${shop}/contents/README.md`, { token })).status).toBe(200);
  const answer = await commit(github, { path: `${shop}/issues/7` }, token);
  expect(answer).toMatchObject(caught(403, /issues: read is needed/));
});

test.each([
  ['permissions that the App lacks', { permissions: { administration: 'write' } }, /administration: write/],
  ['a repository of somebody else', { repositories: ['another'] }, /does not have/],
  ['an unknown permission', { permissions: { everything: 'write' } }, /everything/],
])('a token for %s is not given', async (_what, body, refusal) => {
  const path = `/app/installations/${github.app.installationId}/access_tokens`;
  const answer = await commit(github, { path, sending: { body } }, appJwt(github));
  expect(answer).toMatchObject(caught(422, refusal));
});

test('more requests than an hour allows are refused, until the hour is over', async () => {
  let now = Date.now();
  const own = await start({ requestsPerHour: 2, machine: () => now });
  const token = 'ghp_alice';
  await send(own, shop, { token });
  now += 1_800_000;
  await send(own, shop, { token });
  const answer = await commit(own, { path: shop }, token);
  expect(answer).toMatchObject(caught(403, /rate limit exceeded/));
  expect(answer.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(answer.headers.get('x-ratelimit-reset')).toBe(String(Math.ceil((now + 1_800_000) / 1_000)));
  now += 1_800_000;
  expect((await send(own, shop, { token })).status).toBe(200);
});
