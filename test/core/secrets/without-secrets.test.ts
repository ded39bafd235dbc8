import { expect, test } from 'vitest';
import { createRedactor } from '../../../src/collectors/redact.ts';
import { withoutSecrets } from '../../../src/core/secrets/without-secrets.ts';
import { withoutSecrets as neutralised } from '../../../src/templates/neutralise-secrets.ts';
import { createRandom } from '../../faults/random.ts';
import { plantedSecrets } from '../../security/secret-kinds.ts';

const redact = createRedactor();

/** What must be read in an incident, and looks a little like a secret. */
const evidence: readonly (readonly [what: string, text: string])[] = [
  ['a commit', 'bb2d0e8fa4c17d09b5e6a3382f91c0d7e4ab6f15'],
  ['a short commit', 'deployed ed69527fc at 17:02'],
  [
    'an image digest',
    'us-docker.pkg.dev/p/apps/web@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
  ],
  ['an image tag', 'gcr.io/netra-staging/backend:2025-09-15_17-12-05-ed69527fc'],
  ['a UUID', 'request b81f2a40-6c1e-4f63-9a0e-4a7f00000032 failed'],
  ['a revision', 'netra-backend-staging-00750-69k'],
  ['a trace', 'trace=projects/netra-staging/traces/105445aa7843bc8bf206b12000100000/1;o=1'],
  ['a W3C trace', 'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['a span', 'span_id: 000000000000004a'],
  ['a time-out', 'RuntimeError: Database connection validation timeout exceeded (15s)'],
  ['a Cloud SQL socket', 'connection to "/cloudsql/p:us-central1:db/.s.PGSQL.5432" timed out after 20.0 s'],
  [
    'a secret by its resource name',
    'Permission denied on secret: projects/1/secrets/jwt/versions/1 for a@b.iam',
  ],
  ['a secret by its name, given to a command', 'gcloud secrets versions list --secret=jwt-secret-staging'],
  [
    'secrets by their names, given to a command',
    'gcloud run deploy web --update-secrets=JWT=jwt-secret-staging:latest',
  ],
  [
    'a token of the machine',
    'curl -H "Authorization: Bearer $(gcloud auth print-access-token)" https://x.example',
  ],
  ['a failed login', 'password authentication failed for user "netra"'],
  ['a refused token', 'token validation failed: invalid audience'],
  ['the life of a token', 'expires_in=3600, token_type=bearer, max_tokens=4096'],
  ['a measure of tokens', 'completion_tokens: 512'],
  ['an address with a port', 'GET https://api.example:8443/health?page=1&size=20 503'],
  ['an address with a path that has an @', 'https://medium.example:443/@alice/post'],
  ['a database without a user', 'redis://cache:6379/0 refused'],
  ['a database whose user is hidden', 'postgresql+asyncpg://***@/main?host=/cloudsql/p:us-central1:db'],
  ['a user of git', 'ssh://git@github.com/acme/shop.git'],
  ['an address of IPv6', 'dial tcp [2001:db8::1]:5432: connect: connection refused'],
  ['an account', 'backend@netra-staging.iam.gserviceaccount.com lacks roles/run.invoker'],
  ['a PromQL query', 'sum by (code) (rate(http_requests_total{service="web",key="checkout"}[5m]))'],
  ['base64 in a query', 'label_replace(up, "job", "$1", "pod", "d2ViLWZyb250ZW5kLXN0YWdpbmc=")'],
  [
    'a log filter',
    'resource.labels.service_name="web" AND severity>=ERROR AND timestamp>"2025-09-15T17:05:00Z"',
  ],
  ['a connection name', 'netra-staging:us-central1:staging-shared-postgres'],
  ['a machine type', 'db-custom-2-7680 POSTGRES_15_13.R20250727.00_14'],
  ['an etag', 'etag: "6f1d0c2e"'],
  ['an insert id', 'insertId: 65f2a1b3000c7e4d9a8b1c2d'],
  [
    'a primary key',
    'duplicate key value violates unique constraint "users_pkey": Key (id)=(4711) already exists.',
  ],
  ['a key that is words', 'key: ConnectionPoolExhaustedExceptionHandlerFactory is taken'],
  ['words about authentication', 'basic authentication is off, a bearer token is required'],
  ['a secret that is said to be something', 'the secret is disabled and the token was rotated'],
  [
    'an encoded link',
    'https://console.cloud.google.com/logs/query;query=severity%3E%3DERROR%20AND%20labels.key%3D%22a%22',
  ],
  [
    'a message of Cloud Run',
    'The user-provided container failed to start and listen on the port defined by PORT=8080',
  ],
  ['text with characters without width', 'family 👩‍👩‍👧 and so\u200bon'],
];

test('there are at least thirty kinds of evidence', () => {
  expect(evidence.length).toBeGreaterThanOrEqual(30);
});

test.each(evidence)('stays as it is, by both walls: %s', async (_what, text) => {
  expect(await redact(text)).toBe(text);
  expect(neutralised(text)).toBe(text);
});

const kinds = plantedSecrets(createRandom(1278)).map((planted) => [planted.kind, planted] as const);

test.each(kinds)('is taken out by both walls: %s', async (_kind, { secret, text }) => {
  expect(await redact(text)).not.toContain(secret);
  expect(neutralised(text)).not.toContain(secret);
});

/** Forms in which a text comes. */
const forms: readonly (readonly [form: string, of: (text: string) => string])[] = [
  ['within a text', (text) => `first line\n  at ${text}\nlast line`],
  ['in quotes', (text) => `said "${text.replaceAll('"', "'")}" and ended`],
  ['as part of an address', (text) => `https://console.example/q;query=${encodeURIComponent(text)};x=1`],
  ['torn by characters without width', (text) => Array.from(text).join('\u200b')],
  ['in JSON', (text) => JSON.stringify({ message: text, n: 1 })],
];

test.each(kinds)('is taken out in whatever form it comes: %s', (_kind, { secret, text }) => {
  for (const [form, of] of forms) {
    const clean = withoutSecrets(of(text), () => 'redacted').replaceAll('\u200b', '');
    for (const seen of [clean, decoded(clean)]) expect(seen, form).not.toContain(secret);
  }
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

test.each(kinds)('what was taken out once is not taken out again: %s', (_kind, { text }) => {
  const once = withoutSecrets(text, () => 'redacted');
  expect(withoutSecrets(once, () => '[redacted]')).toBe(once);
});

test('a key in base64 that has no digit by chance is taken out', async () => {
  const secret = ['WQWHeAG/epEQThzLG/mZViKz', 'svY+tlALUsEQgTmuSnQ='].join('');
  const text = `encryption_key: ${secret} was refused`;
  expect(await redact(text)).not.toContain(secret.slice(0, 20));
  expect(neutralised(text)).not.toContain(secret.slice(0, 20));
});

test.each([16, 20, 32, 64])('keys of %i bytes in base64 that have no digit are taken out', (bytes) => {
  const random = createRandom(bytes);
  for (let trial = 0; trial < 300; trial += 1) {
    const drawn = Buffer.from(Array.from({ length: bytes }, () => random.below(256))).toString('base64');
    const secret = drawn.replaceAll(/\d/g, (digit) => 'qWmTzKbXhR'.charAt(Number(digit)));
    expect(withoutSecrets(`encryption_key: ${secret} was refused`, () => '#')).toBe(
      'encryption_key: # was refused',
    );
  }
});

test('what is around a secret stays', () => {
  expect(withoutSecrets('a password=hunter2, b postgres://u:hunter2@db/x c', () => '#')).toBe(
    'a password=#, b postgres://#@db/x c',
  );
});

test.each([
  ['an address', 'dial postgres://web:hunter22'],
  ['a quoted value', '"password": "hunter22'],
  ['a key', '-----BEGIN PRIVATE KEY-----\nhunter22'],
])('what was cut off before its end is taken out: %s', (_what, text) => {
  expect(withoutSecrets(text, () => '#')).not.toContain('hunter');
});
