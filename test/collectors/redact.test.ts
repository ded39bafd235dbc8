import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/collectors/redact.ts';
import { secretStandIn } from '../../src/core/secret-names.ts';

const redact = createRedactor();

/** Put together here, so that no scanner takes this file for a leak. */
const github = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
const slack = ['xoxb', '1234567890', '1234567890123', 'abcdefghijklmnopqrstuvwx'].join('-');
const google = ['AIza', 'SyA1234567890abcdefghijklmnopqrstuv'].join('');
const aws = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const jwt = [
  'eyJhbGciOiJIUzI1NiJ9',
  'eyJzdWIiOiIxMjM0NTY3ODkwIn0',
  'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
].join('.');
const key = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0', '-----END PRIVATE KEY-----'].join(
  '\n',
);

describe('a redacted text', () => {
  it.each([
    [
      'a connection URL keeps its host',
      'dial postgres://web:s3cr3t@10.9.0.3:5432/main failed',
      'dial postgres://redacted@10.9.0.3:5432/main failed',
    ],
    ['a password with an @ and a slash', 'redis://:p@ss/w0rd@cache:6379', 'redis://redacted@cache:6379'],
    [
      'a token as user name',
      'clone https://abcdefghij0123456789@github.com/acme/shop',
      'clone https://redacted@github.com/acme/shop',
    ],
    ['a JSON Web Token', `token is ${jwt} now`, 'token is redacted now'],
    ['a bearer token', 'Authorization: Bearer abcdef0123456789', 'Authorization: Bearer redacted'],
    ['a password', 'login failed, password=hunter2, user=web', 'login failed, password=redacted, user=web'],
    [
      'a password in JSON',
      '{"db_password": "hunter 2", "port": 5432}',
      '{"db_password": "redacted", "port": 5432}',
    ],
    ['a setting', 'STRIPE_API_KEY: abc123', 'STRIPE_API_KEY: redacted'],
    ['a cookie', 'Cookie: session=abc; theme=dark', 'Cookie: redacted'],
    ['a private key', `key ${key} end`, 'key redacted end'],
    ['a private key that is cut off', 'key -----BEGIN RSA PRIVATE KEY-----\nMIIEvQ', 'key redacted'],
    ['a GitHub token', `push with ${github}`, 'push with redacted'],
    ['a Slack token', `post with ${slack}`, 'post with redacted'],
    ['a Google key', `maps ${google} !`, 'maps redacted !'],
    ['an AWS key', `s3 ${aws} !`, 's3 redacted !'],
  ])('%s', async (_, text, expected) => {
    expect(await redact(text)).toBe(expected);
  });

  it.each([
    ['a time-out', 'RuntimeError: Database connection validation timeout exceeded (15s)'],
    ['a Cloud SQL socket', 'connection to "/cloudsql/p:us-central1:db/.s.PGSQL.5432" timed out after 20.0 s'],
    [
      'an inaccessible secret, by its resource name',
      'Permission denied on secret: projects/1/secrets/jwt/versions/1 for Revision service account a@b.iam',
    ],
    ['a URL without credentials', 'GET https://api.example/health?page=1&size=20'],
    [
      'an image',
      'us-central1-docker.pkg.dev/p/apps/web@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
    ],
  ])('%s stays as it is', async (_, text) => {
    expect(await redact(text)).toBe(text);
  });

  it('drops what is beyond 20,000 characters, and does not cut a word', async () => {
    const long = `${'word '.repeat(3_999)}tail-${'x'.repeat(100)}`;
    const clean = await redact(long);
    expect(clean.length).toBeLessThanOrEqual(20_000);
    expect(clean.endsWith('word')).toBe(true);
  });

  it('leaves nothing behind in a process that redacts for months', async () => {
    await redact('first');
    const before = performance.getEntries().length;
    for (let n = 0; n < 100; n += 1) await redact(`password=${n}`);
    expect(performance.getEntries().length).toBe(before);
  });

  it.each([
    ['dots', 'a.'.repeat(20_000)],
    ['key starts', '-----BEGIN PRIVATE KEY-----'.repeat(2_000)],
    ['token starts', 'eyJaaaaaaaa.'.repeat(3_000)],
    ['schemes', 'a://b:'.repeat(6_000)],
    ['words for secrets', 'password '.repeat(4_000)],
    ['assignments', 'token='.repeat(4_000)],
    ['spaces', `bearer${' '.repeat(30_000)}`],
  ])('takes hostile text in its stride: %s', async (_, text) => {
    // A pattern that backtracks over these runs for minutes; the test's own limit would end it.
    expect(typeof (await redact(text))).toBe('string');
  });
});

describe('with stand-ins', () => {
  const known = new Map<string, string>();
  const standIn = createRedactor((secret) => {
    const stands = known.get(secret) ?? secretStandIn(known.size);
    known.set(secret, stands);
    return stands;
  });

  it.each([
    'dial postgres://web:s3cr3t@10.9.0.3:5432/main failed',
    'clone https://abcdefghij0123456789@github.com/acme/shop',
    `token is ${jwt} now`,
    'Authorization: Bearer abcdef0123456789',
    'login failed, password=hunter2, user=web',
    '{"db_password": "hunter 2", "port": 5432}',
    'Cookie: session=abc; theme=dark',
    `key ${key} end`,
    `push with ${github}, post with ${slack}, maps ${google}, s3 ${aws}`,
    'GET https://shop.example/pay?token=q8Zk2Lm9Xv4Tn7&page=2',
  ])('what is shown of it stays: %s', async (text) => {
    const kept = await standIn(text);
    expect(kept).toContain('recorded-secret-');
    expect(await redact(kept)).toBe(await redact(text));
  });

  it('differ as the secrets do', async () => {
    const [first, again, other] = await Promise.all([
      standIn('password=hunter2'),
      standIn('password=hunter2'),
      standIn('password=hunter3'),
    ]);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});
