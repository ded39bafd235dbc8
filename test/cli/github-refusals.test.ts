import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sitrep, stackTrace } from './run.ts';

/** What GitHub may answer to `sitrep status`, and what the person is told. */

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

let server: Server;
let host = '';
let answers: Record<string, Answer> = {};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { status, body, headers } = answers[(request.url ?? '').replace('/api/v3', '')] ?? notFound;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const notFound: Answer = { status: 404, body: { message: 'Not Found' } };
const repository: Answer = { status: 200, body: { private: true } };
const issue = {
  title: 'Login is down',
  html_url: 'https://github.com/netra/apex/issues/7',
  created_at: '2026-03-03T10:00:00Z',
  comments: 0,
  labels: [],
};

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  host = `127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const limit = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1772532000' };

test.each<[what: string, told: Record<string, Answer>, code: number, says: RegExp]>([
  ['a token that is not known', { '': { status: 401, body: {} } }, 1, /GITHUB_TOKEN; make a new one/u],
  ['no such repository', {}, 1, /no repository netra\/apex, or the token in GITHUB_TOKEN may not see it/u],
  ['no such issue', { '': repository }, 1, /there is no issue 7 in netra\/apex/u],
  [
    'an issue that was deleted',
    { '': repository, '/issues/7': { status: 410, body: {} } },
    1,
    /there is no issue 7 in netra\/apex/u,
  ],
  [
    'a pull request',
    { '': repository, '/issues/7': { status: 200, body: { ...issue, pull_request: { url: 'x' } } } },
    1,
    /netra\/apex#7 is a pull request/u,
  ],
  [
    'rights that do not suffice',
    { '': { status: 403, body: { message: 'Resource not accessible by personal access token' } } },
    1,
    /may not do that in netra\/apex \(Resource not accessible.*issues: read/u,
  ],
  [
    'the primary rate limit',
    { '': { status: 403, body: {}, headers: limit } },
    3,
    /rate limit is used up; try again after 2026-03-03T10:00:00.000Z/u,
  ],
  [
    'a secondary rate limit',
    { '': { status: 429, body: {}, headers: { 'retry-after': '60' } } },
    3,
    /rate limit is used up; try again in 60 s/u,
  ],
  [
    'an outage of GitHub',
    { '': { status: 503, body: 'Unicorn!' } },
    3,
    /answered 503; see https:\/\/www\.githubstatus/u,
  ],
  [
    'something that is not GitHub',
    { '': { status: 200, body: '<html>Welcome</html>', headers: { 'content-type': 'text/html' } } },
    3,
    /does not answer as GitHub does .*check GHE_HOST/u,
  ],
])('%s', async (_what, told, code, says) => {
  answers = Object.fromEntries(Object.entries(told).map(([path, one]) => [`/repos/netra/apex${path}`, one]));
  const run = await statusFrom(host);
  expect({ code: run.code, out: run.out }).toEqual({ code, out: '' });
  expect(run.err).toMatch(says);
  expect(run.err.trimEnd().split('\n')).toHaveLength(1);
  expect(run.err).not.toMatch(stackTrace);
});

test('a host that does not answer', async () => {
  const { code, err } = await statusFrom('127.0.0.1:9');
  expect(code).toBe(3);
  expect(err).toMatch(
    /^http:\/\/127\.0\.0\.1:9\/api\/v3 cannot be reached \(.*\); check the network and GHE_HOST\n$/u,
  );
});

function statusFrom(gheHost: string) {
  return sitrep(['status', '--repo', 'netra/apex', '--issue', '7'], {
    GITHUB_TOKEN: 'ghp_secret',
    GHE_HOST: gheHost,
    GHE_PROTOCOL: 'http',
  });
}
