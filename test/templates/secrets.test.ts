import { describe, expect, test } from 'vitest';
import { fenced, foreignProse, inlineCode } from '../../src/templates/neutralise.ts';
import { withoutSecrets } from '../../src/templates/neutralise-secrets.ts';

/** Tokens of the right form, put together here so that no scanner takes this file for a leak. */
const letters = (count: number): string => 'aB3xK9mQ2z'.repeat(Math.ceil(count / 10)).slice(0, count);
const key = `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n-----END RSA PRIVATE KEY-----`;

describe('the second wall takes out what the first let through', () => {
  test.each([
    ['a JSON web token', `got eyJ${letters(20)}.${letters(40)}.${letters(30)} back`, 'got [redacted] back'],
    ['a bearer header', `Authorization: Bearer ${letters(24)}`, 'Authorization: Bearer [redacted]'],
    ['basic credentials', `authorization: Basic ${letters(14)}==`, 'authorization: Basic [redacted]'],
    ['a GitHub token', `token ghp_${letters(36)} expired`, 'token [redacted] expired'],
    ['a fine-grained GitHub token', `github_pat_${letters(40)}`, '[redacted]'],
    ['a Google API key', `key AIza${letters(35)} refused`, 'key [redacted] refused'],
    ['a Google access token', `ya29.${letters(40)}`, '[redacted]'],
    ['an AWS key id', ['AKIA', 'ABCDEFGH23456789'].join(''), '[redacted]'],
    ['a Slack token', `xoxb-${letters(24)}`, '[redacted]'],
    ['a payment key', `sk_live_${letters(24)}`, '[redacted]'],
    ['an npm token', `npm_${letters(36)}`, '[redacted]'],
    [
      'a webhook of Slack',
      `https://hooks.slack.com/services/T000/B000/${letters(20)}`,
      'https://hooks.slack.com/services/[redacted]',
    ],
    ['a private key', `before ${key} after`, 'before [redacted] after'],
    ['a private key that is cut', '-----BEGIN PRIVATE KEY-----\nabc', '[redacted]'],
    [
      'a connection URL',
      'postgresql+asyncpg://netra:hunter2@10.0.0.3/db',
      'postgresql+asyncpg://[redacted]@10.0.0.3/db',
    ],
    ['a password in a query', 'host=db password=hunter2 user=x', 'host=db password=[redacted] user=x'],
    ['a variable with a suffix', 'DB_PASSWORD_STAGING="hunter2 x" up', 'DB_PASSWORD_STAGING="[redacted]" up'],
    ['JSON', '{"api_key": "hunter2", "a": 1}', '{"api_key": "[redacted]", "a": 1}'],
    ['YAML', 'password: hunter2secret', 'password: [redacted]'],
  ])('%s', (_kind, text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
  });

  test.each([
    'password authentication failed for user "netra"',
    'Permission denied on secret: projects/netra-staging/secrets/jwt-secret-staging',
    'postgresql+asyncpg://***@/netra_staging?host=/cloudsql/netra-staging:us-central1:staging-shared-postgres',
    'token validation failed',
    'dial tcp 10.20.0.3:3307: connect: connection timed out',
    'curl -H "Authorization: Bearer $(gcloud auth print-access-token)" https://monitoring.googleapis.com/v3/projects/p',
    'gcloud run services describe netra-backend-staging --region=us-central1 --project=netra-staging',
  ])('and leaves alone what people need: %s', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  test('before a text is cut, and with what hides a secret taken off first', () => {
    const long = `${'x'.repeat(150)} password=hunter2`;
    expect(inlineCode(long)).not.toContain('hunter');
    expect(foreignProse('pass\u200Bword=hunter2')).not.toContain('hunter');
    expect(fenced('\u001b[31mpass\u001b[0mword=hunter2', 'text')).not.toContain('hunter');
  });
});

describe('characters that hide something', () => {
  test.each([
    ['the direction of writing is shown', 'a\u202Eb', 'a&#92;u{202E}b'],
    ['colours of a terminal go', '\u001b[1;31mred\u001b[0m', 'red'],
    ['the title of a window goes', '\u001b]0;title\u0007text', 'text'],
    ['zero-width characters go', 'a\u200B\u200D\uFEFFb', 'ab'],
    ['tags go', 'a\u{E0041}\u{E0042}b', 'ab'],
    ['half of a pair becomes the replacement character', 'a\ud800b', 'a\ufffdb'],
    ['control characters go', 'a\u0000\u0008\u007fb', 'ab'],
    ['line breaks of all kinds become spaces in a line', 'a\r\nb\u2028c\u0085d', 'a b c d'],
  ])('%s', (_what, text, shown) => {
    expect(foreignProse(text)).toBe(shown);
  });
});
