import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/config/policy-file.ts';
import { readCommandLineEnvironment, readServerEnvironment } from '../../src/config/environment.ts';
import type { Environment } from '../../src/config/environment.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
const pkcs1 = rsa.export({ type: 'pkcs1', format: 'pem' }).toString();
const pkcs8 = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
const short = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey;
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const files: Readonly<Record<string, string>> = {
  'key.pem': pkcs1,
  'policy.yml': 'repositories:\n  "o/*": { google_cloud_projects: [my-project] }\n',
  'bad.yml': 'repositories:\n  o: {}\n  "p/q": { publik: full }\n',
};
const deps = {
  readFile: (path: string): string => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return text;
  },
  readPolicy,
};

const sound: Environment = { APP_ID: '12', PRIVATE_KEY: pkcs8, WEBHOOK_SECRET: 's3cret' };

const server = (changes: Environment) => readServerEnvironment({ ...sound, ...changes }, deps);
const problems = (changes: Environment): string[] => {
  const read = server(changes);
  return 'errors' in read
    ? read.errors.map(({ variable, message, remedy }) => `[${variable}] ${message} → ${remedy}`)
    : [];
};

test('what is required is enough for the server', () => {
  expect(server({})).toEqual({
    value: {
      appId: 12,
      channels: new Map(),
      metricsToken: null,
      traces: null,
      privateKey: pkcs8,
      webhookSecret: 's3cret',
      webhookUrl: null,
      webhookSecretPrevious: null,
      host: 'localhost',
      port: 3_000,
      logLevel: 'info',
      githubApiUrl: null,
      databaseUrl: './data',
      policy: null,
      googleEndpoint: null,
      probeMap: {},
    },
  });
});

test('all that can be set', () => {
  expect(
    server({
      WEBHOOK_SECRET_PREVIOUS: 'old',
      HOST: '0.0.0.0',
      PORT: '0',
      LOG_LEVEL: 'DEBUG',
      GHE_HOST: '127.0.0.1:4010',
      GHE_PROTOCOL: 'http',
      DATABASE_URL: 'postgres://u:p@db:5432/sitrep',
      SITREP_POLICY: 'policy.yml',
      SITREP_METRICS_TOKEN: '0123456789abcdef',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_SERVICE_NAME: 'sitrep-staging',
      SITREP_GCP_ENDPOINT: 'http://127.0.0.1:4020/',
      SITREP_PROBE_MAP:
        '{"https://api.example.com": "https://127.0.0.1:4030", "wss://api.example.com/": "http://[::1]:4030"}',
    }),
  ).toMatchObject({
    value: {
      webhookSecretPrevious: 'old',
      host: '0.0.0.0',
      port: 0,
      logLevel: 'debug',
      githubApiUrl: 'http://127.0.0.1:4010/api/v3',
      databaseUrl: 'postgres://u:p@db:5432/sitrep',
      metricsToken: '0123456789abcdef',
      traces: { endpoint: 'http://127.0.0.1:4318', serviceName: 'sitrep-staging' },
      policy: { repositories: { 'o/*': { google_cloud_projects: ['my-project'] } } },
      googleEndpoint: 'http://127.0.0.1:4020',
      probeMap: {
        'https://api.example.com': 'https://127.0.0.1:4030',
        'wss://api.example.com': 'http://[::1]:4030',
      },
    },
  });
});

test.each(['tiny', '0123456789abcde', 'with spaces in between', '0123456789abcdef\u0000'])(
  'a token for the metrics that cannot be one stops the start, and is not told: %j',
  (token) => {
    const told = problems({ SITREP_METRICS_TOKEN: token });
    expect(told).toEqual([
      expect.stringMatching(
        /^\[SITREP_METRICS_TOKEN\] SITREP_METRICS_TOKEN is shorter than 16 characters, or /u,
      ),
    ]);
    expect(told.join()).not.toContain(token);
  },
);

describe('where people are told outside GitHub', () => {
  const policy = [
    'repositories:',
    '  "o/*":',
    '    notify:',
    '      infra: [{ slack: { url_env: SLACK_URL } }, { webhook: { url_env: PAGER_URL, secret_env: PAGER_SECRET } }]',
  ].join('\n');
  const told = {
    SITREP_POLICY: 'notify.yml',
    SLACK_URL: 'https://hooks.slack.com/services/T/B/x',
    PAGER_URL: 'https://pager.example.com/hook?to=infra',
    PAGER_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  };
  const read = (changes: Environment) =>
    readServerEnvironment({ ...sound, ...told, ...changes }, { readFile: () => policy, readPolicy });

  test('addresses and secrets come from the variables that the policy names; a map leads them to loopback', () => {
    const map = JSON.stringify({ 'https://pager.example.com': 'http://127.0.0.1:4040' });
    expect(read({ SITREP_NOTIFY_MAP: map })).toMatchObject({
      value: {
        channels: new Map([
          ['SLACK_URL', { kind: 'slack', url: told.SLACK_URL, secret: null }],
          [
            'PAGER_URL',
            { kind: 'webhook', url: 'http://127.0.0.1:4040/hook?to=infra', secret: told.PAGER_SECRET },
          ],
        ]),
      },
    });
  });

  test.each<[what: string, changes: Environment, named: string]>([
    ['an address that is not set', { SLACK_URL: undefined }, 'SLACK_URL, which is not set'],
    ['http', { PAGER_URL: 'http://pager.example.com/' }, 'PAGER_URL, which holds no https address'],
    [
      'loopback by itself',
      { PAGER_URL: 'http://127.0.0.1:4040/' },
      'PAGER_URL, which holds no https address',
    ],
    ['no secret', { PAGER_SECRET: '' }, 'PAGER_SECRET, which is not set'],
    ['a secret of another form', { PAGER_SECRET: 'hunter2' }, 'PAGER_SECRET, which holds no secret'],
  ])('%s stops the start, and no value is told', (_what, changes, named) => {
    const reading = read(changes);
    const messages = 'errors' in reading ? reading.errors.map(({ message }) => message) : [];
    expect(messages).toEqual([expect.stringContaining(named)]);
    expect(messages.join()).not.toMatch(/hunter2|pager\.example/u);
  });
});

describe('the private key', () => {
  test.each([
    ['PKCS#1', pkcs1],
    ['PKCS#8', pkcs8],
    ['with \\n written out', pkcs1.replaceAll('\n', '\\n')],
    ['on one line', pkcs8.replaceAll('\n', '')],
    ['as base64', Buffer.from(pkcs1).toString('base64')],
    [
      'as base64 with line breaks',
      Buffer.from(pkcs8)
        .toString('base64')
        .replaceAll(/(.{76})/g, '$1\n'),
    ],
  ])('%s is taken, as PKCS#8', (_name, key) => {
    expect(server({ PRIVATE_KEY: key })).toMatchObject({ value: { privateKey: pkcs8 } });
  });

  test('of a file', () => {
    expect(server({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: 'key.pem' })).toMatchObject({
      value: { privateKey: pkcs8 },
    });
  });

  test.each([
    ['text', 'hello'],
    ['a key that is cut off', pkcs8.slice(0, 500)],
    ['a key with a broken body', pkcs8.replace(/[A-Z]{2}/, '!!')],
    ['a short RSA key', short.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['a key that is not RSA', elliptic.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('%s is refused', (_name, key) => {
    const [problem] = problems({ PRIVATE_KEY: key });
    expect(problem).toMatch(
      /^\[PRIVATE_KEY\] PRIVATE_KEY holds no RSA private key of 2,048 bits or more → generate/,
    );
    expect(problem).not.toContain(key.slice(0, 40));
  });

  test('a file that cannot be read', () => {
    expect(problems({ PRIVATE_KEY: '', PRIVATE_KEY_PATH: 'none.pem' })).toEqual([
      "[PRIVATE_KEY_PATH] PRIVATE_KEY_PATH names a file that cannot be read: ENOENT: no such file or directory, open 'none.pem' → check the path none.pem and who may read it",
    ]);
  });
});

describe('what is wrong, and the remedy', () => {
  test.each<[string, Environment, unknown[]]>([
    [
      'an empty secret',
      { WEBHOOK_SECRET: ' ' },
      [expect.stringMatching(/WEBHOOK_SECRET is not set → set it to the secret/)],
    ],
    [
      "Probot's default secret",
      { WEBHOOK_SECRET: 'development' },
      [expect.stringMatching(/WEBHOOK_SECRET is `development`/)],
    ],
    [
      'the same before',
      { WEBHOOK_SECRET_PREVIOUS: 'development' },
      [expect.stringMatching(/WEBHOOK_SECRET_PREVIOUS is .* → remove it/)],
    ],
    [
      'an App ID that is none',
      { APP_ID: 'sitrep' },
      ["[APP_ID] APP_ID is no number → set it to the App ID on the App's settings page"],
    ],
    [
      'a port that is none',
      { PORT: '70000' },
      ['[PORT] PORT cannot be 70000 → set it to a number from 0 to 65535'],
    ],
    [
      'a log level that is none',
      { LOG_LEVEL: 'loud' },
      [expect.stringMatching(/LOG_LEVEL cannot be loud → set it to one of trace/)],
    ],
    [
      'a host with its scheme',
      { GHE_HOST: 'https://github.example.com' },
      [expect.stringMatching(/GHE_HOST cannot be .* → write the host alone/)],
    ],
    [
      'another protocol',
      { GHE_PROTOCOL: 'ftp' },
      [expect.stringMatching(/GHE_PROTOCOL cannot be ftp → set it to https or http/)],
    ],
    [
      'another database',
      { DATABASE_URL: 'mysql://db/x' },
      [
        '[DATABASE_URL] DATABASE_URL cannot begin with mysql: → write postgres://…, or the path of a directory',
      ],
    ],
    [
      'a database address that is none',
      { DATABASE_URL: 'postgres://db:x/y' },
      [expect.stringMatching(/DATABASE_URL is no valid address/)],
    ],
    [
      'Google calls to another machine',
      { SITREP_GCP_ENDPOINT: 'http://10.0.0.1:80' },
      [
        expect.stringMatching(
          /SITREP_GCP_ENDPOINT is no loopback address, and tokens would go there → write/,
        ),
      ],
    ],
    [
      'Google calls to a name',
      { SITREP_GCP_ENDPOINT: 'http://127.0.0.1.evil.com' },
      [expect.stringMatching(/SITREP_GCP_ENDPOINT is no loopback/)],
    ],
    [
      'Google calls with a path',
      { SITREP_GCP_ENDPOINT: 'http://127.0.0.1:1/x' },
      [expect.stringMatching(/SITREP_GCP_ENDPOINT is no loopback/)],
    ],
    [
      'a probe map that is no JSON',
      { SITREP_PROBE_MAP: '{' },
      [expect.stringMatching(/SITREP_PROBE_MAP is no JSON object of texts → write \{/)],
    ],
    [
      'a probe map that leads elsewhere',
      {
        SITREP_PROBE_MAP:
          '{"https://a.example.com": "http://10.0.0.1", "a.example.com": "http://127.0.0.1:1"}',
      },
      [
        '[SITREP_PROBE_MAP] SITREP_PROBE_MAP leads https://a.example.com to http://10.0.0.1 → lead it to http://127.0.0.1:PORT',
        expect.stringMatching(/SITREP_PROBE_MAP has the key a\.example\.com, which is no origin/),
      ],
    ],
    [
      'a policy that cannot be read',
      { SITREP_POLICY: 'none.yml' },
      [expect.stringMatching(/SITREP_POLICY names a file that cannot be read/)],
    ],
    [
      'a policy with errors',
      { SITREP_POLICY: 'bad.yml' },
      [
        '[SITREP_POLICY] SITREP_POLICY bad.yml:2:3 repositories.o is no valid id → write owner/name; only the name may hold a *',
        '[SITREP_POLICY] SITREP_POLICY bad.yml:3:12 repositories.p/q has no key publik → did you mean public?',
      ],
    ],
  ])('%s', (_name, changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });

  test('all at once', () => {
    const read = readServerEnvironment({ PORT: 'x' }, deps);
    expect('errors' in read && read.errors.map(({ variable }) => variable)).toEqual([
      'APP_ID',
      'PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'PORT',
    ]);
  });
});

describe('the command line', () => {
  test('needs nothing to collect', () => {
    expect(readCommandLineEnvironment({}, { githubToken: false })).toEqual({
      value: {
        githubToken: null,
        googleProject: null,
        logLevel: 'info',
        githubApiUrl: null,
        googleEndpoint: null,
        probeMap: {},
      },
    });
  });

  test('needs a token to read an issue', () => {
    expect(readCommandLineEnvironment({ GITHUB_TOKEN: 't' }, { githubToken: true })).toMatchObject({
      value: { githubToken: 't' },
    });
    expect(readCommandLineEnvironment({ GITHUB_TOKEN: '' }, { githubToken: true })).toEqual({
      errors: [
        {
          variable: 'GITHUB_TOKEN',
          message: 'GITHUB_TOKEN is not set',
          remedy: 'set it to a token that may read the issue, for example $(gh auth token)',
        },
      ],
    });
  });
});
