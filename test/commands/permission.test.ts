import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { roleOf } from '../../src/commands/permission.ts';

const { request } = new Octokit({ baseUrl: 'https://github.example', request: { retries: 0 } });
const repository = { owner: 'acme', name: 'shop' };
const path = '/repos/acme/shop/collaborators/kim/permission';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('the role that counts', () => {
  test.each<[roleName: string | undefined, permission: string, role: string]>([
    ['admin', 'admin', 'admin'],
    ['maintain', 'write', 'maintain'],
    ['write', 'write', 'write'],
    ['triage', 'read', 'triage'],
    ['read', 'read', 'read'],
    ['none', 'none', 'none'],
    // An organisation's own role: the permission beside it is the lower bound.
    ['on-call', 'write', 'write'],
    ['reader-of-logs', 'read', 'read'],
    // Servers that do not send a role name yet.
    [undefined, 'write', 'write'],
    ['something', 'new', 'none'],
  ])('role_name %s, permission %s → %s', async (roleName, permission, role) => {
    nock('https://github.example').get(path).reply(200, { role_name: roleName, permission, user: null });
    expect(await roleOf(request, repository, 'kim')).toBe(role);
  });

  test('404 means none', async () => {
    nock('https://github.example').get(path).reply(404, { message: 'Not Found' });
    expect(await roleOf(request, repository, 'kim')).toBe('none');
  });

  test.each([403, 500, 502])('%i is no answer, and no answer is not a yes', async (status) => {
    nock('https://github.example').get(path).reply(status, { message: 'no' });
    await expect(roleOf(request, repository, 'kim')).rejects.toMatchObject({ status });
  });

  test('an answer that does not fit is not a yes', async () => {
    nock('https://github.example').get(path).reply(200, { role: 'admin' });
    await expect(roleOf(request, repository, 'kim')).rejects.toThrow('permission');
  });
});
