import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitHubStandIn } from '../../../sandbox/github/types.ts';
import { open, send } from './start.ts';

/** Apps that are registered from a manifest, as GitHub's description and documentation have it. */

let github: GitHubStandIn;
let now = Date.now();
beforeAll(async () => {
  github = await open({ machine: () => now });
});
afterAll(() => github.close());

const manifest = {
  name: 'Sitrep of Octo',
  url: 'https://example.com',
  hook_attributes: { url: 'https://example.com/hooks', active: false },
  redirect_url: 'http://127.0.0.1:3000/probot/setup',
  default_permissions: { issues: 'write' },
  default_events: ['issues'],
};

const convert = (code: string) =>
  send(github, `/app-manifests/${code}/conversions`, { method: 'POST', token: null });

test('a code gives the credentials once, to whoever has it', async () => {
  const code = github.register(JSON.stringify(manifest));
  const answer = await convert(code);
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    id: github.app.id,
    pem: github.app.privateKey,
    webhook_secret: github.app.webhookSecret,
    permissions: { issues: 'write' },
    events: ['issues'],
  });
  expect((await convert(code)).status).toBe(404);
  expect(github.refusals).toEqual([]);
});

test('a code is good for an hour', async () => {
  const code = github.register(JSON.stringify(manifest));
  now += 3_600_000;
  expect((await convert(code)).status).toBe(404);
});

test.each([
  [
    'a webhook on this machine',
    { hook_attributes: { url: 'http://localhost:3000/' } },
    /reachable over the public Internet/u,
  ],
  ['no address', { url: 'sitrep' }, /url/u],
  ['a field that there is not', { hooks: [] }, /hooks/u],
  ['a level that there is not', { default_permissions: { issues: 'everything' } }, /issues/u],
])('GitHub refuses %s', (_what, change, says) => {
  expect(() => github.register(JSON.stringify({ ...manifest, ...change }))).toThrow(says);
});
