import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createGoogleAccess } from '../../src/collectors/google-access.ts';
import { asReadFailure } from '../../src/collectors/read-failure.ts';
import { openGitHub } from '../../src/cli/github.ts';
import { githubFetch } from '../../src/composition/github-fetch.ts';
import { sendNotification } from '../../src/publish/notify.ts';
import { closeServers, listening } from '../collectors/endpoints.ts';
import { openPlay, type Play } from '../app/play.ts';

/** Where requests that carry a token or a secret go, and how much of an answer is read. */

afterEach(closeServers);

interface Host {
  origin: string;
  got: { path: string; method: string; headers: IncomingHttpHeaders }[];
}

/** A server that keeps what came. */
async function host(answer: RequestListener): Promise<Host> {
  const got: Host['got'] = [];
  const server = createServer((request, response) => {
    const { url = '', method = '', headers } = request;
    request.resume();
    got.push({ path: url, method, headers });
    answer(request, response);
  });
  return { origin: `http://127.0.0.1:${String(await listening(server))}`, got };
}

const thief = (): Promise<Host> => host((_request, response) => response.end('{"stolen":true}'));

/** Redirects that an API might answer with, to a host that takes what it gets. */
const statuses = [301, 302, 303, 307, 308];

const endless: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(64 * 1_024)));
  };
  response.on('drain', more);
  more();
};

/** A small answer that is 64 MiB once it is decompressed. */
const bomb = gzipSync(Buffer.alloc(64 * 1_024 ** 2, ' '));
const compressed: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
};

const isToken = (path = ''): boolean => path === '/token';
const token = JSON.stringify({ access_token: 'ya29.secret', expires_in: 3_599, token_type: 'Bearer' });

/** Google's stand-in, which gives tokens itself. */
const google = (answer: RequestListener): Promise<Host> =>
  host((request, response) => {
    if (isToken(request.url)) response.writeHead(200, { 'content-type': 'application/json' }).end(token);
    else answer(request, response);
  });

const call = () => ({ host: 'run.googleapis.com', path: '/v2/x', signal: AbortSignal.timeout(10_000) });

describe('Google', () => {
  const ways: [way: string, ask: (endpoint: string) => Promise<unknown>][] = [
    ['a read', (endpoint) => createGoogleAccess({ endpoint }).get(call())],
    ['a question', (endpoint) => createGoogleAccess({ endpoint }).post({ ...call(), body: {} })],
    ['the public feed', (endpoint) => createGoogleAccess({ endpoint }).getPublic(call())],
    [
      'the client of Cloud Run',
      (endpoint) =>
        createGoogleAccess({ endpoint }).cloudRun.listServices({
          parent: 'projects/p/locations/r',
          pageToken: null,
          signal: AbortSignal.timeout(10_000),
        }),
    ],
  ];

  test.each(ways)('%s follows no redirect, and its token goes nowhere else', async (_way, ask) => {
    const other = await thief();
    for (const status of statuses) {
      const api = await google((_request, response) =>
        response.writeHead(status, { location: `${other.origin}/` }).end(),
      );
      const failure = asReadFailure(await ask(api.origin).catch((error: unknown) => error), 'unavailable');
      expect([status, failure.reason]).toEqual([status, 'unavailable']);
    }
    expect(other.got).toEqual([]);
  });

  test.each(ways)(
    '%s gives up an answer that is too large, also one that is so once decompressed',
    async (_way, ask) => {
      for (const answer of [endless, compressed]) {
        const api = await google(answer);
        const failure = asReadFailure(await ask(api.origin).catch((error: unknown) => error), 'unavailable');
        expect([failure.reason, failure.detail]).toEqual([
          'invalid-response',
          'the answer is larger than 16 MiB',
        ]);
      }
    },
  );

  test('a redirect within the same host is not followed either', async () => {
    const api = await google((_request, response) => response.writeHead(302, { location: '/v2/y' }).end());
    await expect(createGoogleAccess({ endpoint: api.origin }).get(call())).rejects.toMatchObject({
      reason: 'unavailable',
    });
    expect(api.got.filter(({ path }) => !isToken(path))).toHaveLength(1);
  });
});

describe('GitHub', () => {
  const routes: [way: string, route: string][] = [
    ['a read', 'GET /repos/{owner}/{repo}/contents/{path}'],
    ['a write', 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ];
  const parameters = { owner: 'o', repo: 'r', path: 'p', issue_number: 1, body: 'the update' };
  const ask = (origin: string, route: string) => openGitHub('ghs_secret', origin).request(route, parameters);

  test.each(routes)('%s follows no redirect to another host, and its token stays', async (_way, route) => {
    const other = await thief();
    for (const status of statuses) {
      const api = await host((_request, response) =>
        response.writeHead(status, { location: `${other.origin}/x` }).end(),
      );
      await expect(ask(api.origin, route)).rejects.toThrow(
        'a redirect to another host, which is not followed',
      );
    }
    expect(other.got).toEqual([]);
  });

  test('a read of a renamed repository is followed on the same host, a write where it stays a write', async () => {
    const api = await host(({ url = '', method = '' }, response) => {
      const status = url.startsWith('/moved') ? 200 : method === 'GET' ? 301 : 307;
      response
        .writeHead(status, { 'content-type': 'application/json', location: '/moved' })
        .end('{"found":true}');
    });
    for (const [, route] of routes) expect((await ask(api.origin, route)).data).toEqual({ found: true });
    expect(api.got.map(({ method, path }) => [method, path.startsWith('/moved')])).toEqual([
      ['GET', false],
      ['GET', true],
      ['POST', false],
      ['POST', true],
    ]);
    expect(new Set(api.got.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['token ghs_secret']),
    );
  });

  test('a write that a redirect would make a read of fails', async () => {
    const api = await host((_request, response) => response.writeHead(302, { location: '/moved' }).end());
    await expect(
      ask(api.origin, 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'),
    ).rejects.toThrow('a redirect of a write, which is not followed');
    expect(api.got).toHaveLength(1);
  });

  test('redirects in a circle end', async () => {
    const api = await host((_request, response) => response.writeHead(302, { location: '/again' }).end());
    await expect(ask(api.origin, 'GET /user')).rejects.toThrow('a redirect after 3 others');
    expect(api.got).toHaveLength(4);
  });

  test('an answer that is too large is given up, also one that is so once decompressed', async () => {
    for (const answer of [endless, compressed]) {
      const api = await host(answer);
      await expect(ask(api.origin, 'GET /user')).rejects.toThrow('larger than 16 MiB');
    }
  });

  test('an answer that breaks off is an error, not an empty file', async () => {
    const api = await host((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
      response.write('version: 1');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(ask(api.origin, 'GET /repos/{owner}/{repo}/contents/{path}')).rejects.toThrow(
      /terminated|other side closed/,
    );
  });

  test('an answer without a body, and the address, stay what they are', async () => {
    const api = await host((_request, response) => response.writeHead(304, { location: '/x' }).end());
    const answer = await githubFetch(5_000)(`${api.origin}/user`);
    expect([answer.status, answer.url, await answer.text()]).toEqual([304, `${api.origin}/user`, '']);
  });
});

describe('in the running app', { timeout: 120_000 }, () => {
  let play: Play | null = null;
  afterEach(async () => {
    await play?.close();
    play = null;
  });

  test('what is sent for a token is not sent on to another host', async () => {
    const other = await thief();
    const redirecting = await host((_request, response) =>
      response.writeHead(307, { location: `${other.origin}/` }).end(),
    );
    play = await openPlay({ variables: { SITREP_GCP_ENDPOINT: redirecting.origin } });
    const { replies } = await play.say('carol', '/status');
    expect(replies).toHaveLength(1);
    expect(redirecting.got.length).toBeGreaterThan(0);
    expect(other.got).toEqual([]);
  });
});

describe('a notification', () => {
  const outgoing = {
    id: 'b7f0a5a4-2f0c-5a3e-9a55-0d6c6f1a2b3c',
    updateUrl: null,
    notification: {
      kind: 'declared' as const,
      at: '2025-09-15T19:15:00.000Z',
      repository: 'o/n',
      issue: 7,
      issueUrl: 'https://github.com/o/n/issues/7',
      contact: 'infra',
      severity: 'P0' as const,
      stage: 'investigating' as const,
      headline: null,
    },
  };

  test.each(statuses)('follows no redirect: %i', async (status) => {
    const other = await thief();
    const receiver = await host((_request, response) =>
      response.writeHead(status, { location: `${other.origin}/` }).end(),
    );
    const end = await sendNotification(
      { kind: 'slack', url: `${receiver.origin}/services/T0/B0/secret`, secret: null },
      outgoing,
      { now: new Date() },
    );
    expect(end).toMatchObject({ sent: false, final: true });
    expect(other.got).toEqual([]);
  });

  test('reads nothing of an endless answer but its status', async () => {
    const receiver = await host(endless);
    const channel = { kind: 'slack' as const, url: receiver.origin, secret: null };
    expect(await sendNotification(channel, outgoing, { now: new Date() })).toEqual({ sent: true });
  });
});
