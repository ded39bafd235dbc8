import { describe, expect, test } from 'vitest';
import { isSecretSetting, secretStandIn } from '../../src/core/secret-names.ts';

describe('a secret by its name', () => {
  test.each([
    'JWT_SECRET',
    'API_KEY',
    'GITHUB_TOKEN',
    'DB_PASSWORD',
    'DB_PASS',
    'REDIS_AUTH',
    'BASIC_AUTH',
    'ADMIN_PIN',
    'SENTRY_DSN',
    'SLACK_WEBHOOK_URL',
    'AZURE_STORAGE_CONNECTION_STRING',
    'SESSION_COOKIE',
    'smtp.pass',
  ])('%s', (name) => {
    expect(isSecretSetting(name, 'hunter2')).toBe(true);
  });
});

test.each<[what: string, value: string]>([
  ['letters of both cases and digits', 'q8Zk2Lm9Xv4Tn7Rb1Wc6'],
  ['letters of both cases in any order', 'qTkZeLmGxVbDnRwHcAsJpY'],
  ['the same within a URL', 'https://hooks.example.com/T0/q8Zk2Lm9Xv4Tn7Rb1Wc6'],
  ['base64', 'aGVsbG8gd29ybGQgMTIzNDU2Nzg5MA=='],
])('a secret by its look: %s', (_what, value) => {
  expect(isSecretSetting('SETTING', value)).toBe(true);
});

test.each<[name: string, value: string]>([
  ['DATABASE_TIMEOUT', '75.0'],
  ['TOKEN_REFRESH_SECONDS', '300'],
  ['AUTH_SERVICE_URL', 'https://netra-auth-staging.example.run.app'],
  ['GIT_SHA', 'bb2d0e8fa51c434a5251c4347182a78f285375b9'],
  ['LOG_LEVEL', 'info'],
  ['BYPASS', 'true'],
  ['DB_HOST', '/cloudsql/netra-staging:us-central1:staging-shared-postgres'],
  ['JWT_SECRET', ''],
])('no secret: %s=%s', (name, value) => {
  expect(isSecretSetting(name, value)).toBe(false);
});

test('what stands for a secret in a recording is one, and is in letters', () => {
  expect([secretStandIn(0), secretStandIn(27), secretStandIn(26 ** 4)]).toEqual([
    'recorded-secret-aaaa',
    'recorded-secret-aabb',
    'recorded-secret-baaaa',
  ]);
  expect(isSecretSetting('SETTING', `https://${secretStandIn(7)}@shop.example`)).toBe(true);
});
