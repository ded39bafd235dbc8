import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noEtagCache, readRemoteConfiguration, type EtagCache } from '../../src/config/remote.ts';

const { request } = new Octokit({ baseUrl: 'https://github.example' });
const repository = { owner: 'acme', name: 'shop' };
const path = '/repos/acme/shop/contents/.github%2Fsitrep.yml';

function memory(): EtagCache {
  const kept = new Map<string, { etag: string; body: string }>();
  return {
    get: (key) => Promise.resolve(kept.get(key) ?? null),
    set: (key, answer) => Promise.resolve(void kept.set(key, answer)),
  };
}

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
});

test('the file of the default branch; unchanged, it costs a 304', async () => {
  const cache = memory();
  nock('https://github.example').get(path).reply(200, 'version: 1\n', { etag: '"a"' });
  expect(await readRemoteConfiguration(request, repository, cache)).toBe('version: 1\n');
  nock('https://github.example', { reqheaders: { 'if-none-match': '"a"' } })
    .get(path)
    .reply(304);
  expect(await readRemoteConfiguration(request, repository, cache)).toBe('version: 1\n');
  nock('https://github.example').get(path).reply(200, 'version: 1 # new\n', { etag: '"b"' });
  expect(await readRemoteConfiguration(request, repository, cache)).toBe('version: 1 # new\n');
});

test('no such file is null, also after there was one', async () => {
  const cache = memory();
  nock('https://github.example').get(path).reply(200, 'version: 1\n', { etag: '"a"' });
  await readRemoteConfiguration(request, repository, cache);
  nock('https://github.example').get(path).reply(404, { message: 'Not Found' });
  expect(await readRemoteConfiguration(request, repository, cache)).toBeNull();
});

test('any other answer is no file and not "no file"', async () => {
  nock('https://github.example').get(path).reply(403, { message: 'no' });
  await expect(readRemoteConfiguration(request, repository, noEtagCache)).rejects.toMatchObject({
    status: 403,
  });
});
