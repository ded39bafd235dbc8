import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEtagCache, readRemoteConfiguration } from '../../src/config/remote.ts';

const { request } = new Octokit({ baseUrl: 'https://github.example' });
const repository = { owner: 'acme', name: 'shop' };
const path = '/repos/acme/shop/contents/.github%2Fsitrep.yml';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
});

test('the file of the default branch; unchanged, it costs a 304', async () => {
  const cache = createEtagCache(10);
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
  const cache = createEtagCache(10);
  nock('https://github.example').get(path).reply(200, 'version: 1\n', { etag: '"a"' });
  await readRemoteConfiguration(request, repository, cache);
  nock('https://github.example').get(path).reply(404, { message: 'Not Found' });
  expect(await readRemoteConfiguration(request, repository, cache)).toBeNull();
});

test('any other answer is no file and not "no file"', async () => {
  nock('https://github.example').get(path).reply(403, { message: 'no' });
  await expect(readRemoteConfiguration(request, repository, createEtagCache(10))).rejects.toMatchObject({
    status: 403,
  });
});

test('the cache keeps the newest', () => {
  const cache = createEtagCache(2);
  for (const key of ['a', 'b', 'a', 'c']) cache.set(key, { etag: key, body: key });
  expect(['a', 'b', 'c'].map((key) => cache.get(key)?.body)).toEqual(['a', undefined, 'c']);
});
