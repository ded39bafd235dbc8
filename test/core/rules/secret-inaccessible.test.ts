import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { answer, at, configurationOf, gap, logged, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf, without } from './asked.fixture.ts';

const configuration = configurationOf({
  components: {
    api: { type: 'http', url: 'https://api.example.com/health', depends_on: ['backend'] },
    backend: { type: 'cloud-run', service: 'backend-staging', depends_on: ['jwt', 'smtp'] },
    jwt: { type: 'secret', name: 'jwt-staging' },
    smtp: { type: 'secret', name: 'smtp-staging' },
  },
  journeys: { checkout: { title: 'Checkout', steps: ['api'] } },
});

const asked = { cause: 'secret-inaccessible', component: 'jwt', configuration };
const ofService = { ...asked, component: 'backend' };

const disabled =
  'Could not fetch secret "projects/netra-staging/secrets/jwt-staging/versions/7" for environment variable "JWT". Instance startup will now abort: Secret Version [projects/netra-staging/secrets/jwt-staging/versions/7] is in DISABLED state.';
const denied =
  "Permission denied on secret: projects/123/secrets/jwt-staging/versions/latest for Revision service account backend@netra-staging.iam.gserviceaccount.com. The service account used must be granted the 'Secret Manager Secret Accessor' role.";
const notFound = 'Secret projects/123/secrets/jwt-staging/versions/latest was not found';

/** The service fails since 17:09; so many of its containers did not become ready. */
function failing(text: string, count = 40, since = '17:09:02'): Seen[] {
  return [
    ...answer('api', '503', '0.3'),
    ...requests('backend', 80, 60),
    ...logged('backend', count, text, since),
  ];
}

const starts: Seen[] = [
  ['backend', 'starts', '44', { window }],
  ['backend', 'starts.ready', '4', { window }],
];

function secret(state: string, version = '7', id = 'jwt'): Seen[] {
  return [
    [id, 'state', state],
    [id, 'secret.version', version],
  ];
}

/** Another secret is refused, while the one that is asked of is enabled. */
function named(name: string): Seen[] {
  return [...failing(disabled.replaceAll('jwt-staging', name)), ...secret('ENABLED')];
}

/** A condition of a revision that was created and does not become ready. */
function refusedDeployment(text: string): Seen[] {
  return [
    ['backend', 'revision.created', 'backend-2'],
    ['backend', 'revision.state', 'CONDITION_FAILED', { revision: 'backend-2', text }],
    ['backend', 'ready', 'CONDITION_FAILED', { text, at: at('18:05:01') }],
  ];
}

describe('secret-inaccessible', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    [
      'is confirmed with all that is asked for',
      [...failing(disabled), ...starts, ...secret('DISABLED')],
      'confirmed',
    ],
    ['is confirmed without a count of starts', [...failing(disabled), ...secret('DISABLED')], 'confirmed'],
    [
      'is confirmed by a version that was destroyed',
      [...failing(disabled.replace('DISABLED', 'DESTROYED')), ...secret('DESTROYED')],
      'confirmed',
    ],
    [
      'is confirmed by a permission that is denied, enabled as it is',
      [...failing(denied), ...secret('ENABLED')],
      'confirmed',
    ],
    [
      'is confirmed by Cloud Run alone where the state could not be read',
      failing(disabled),
      'confirmed',
      { gaps: [gap('E900', 'jwt', '*', 'denied')] },
    ],
    [
      'is confirmed by a secret that is gone',
      failing(notFound),
      'confirmed',
      { gaps: [gap('E900', 'jwt', '*', 'not-found')] },
    ],
    [
      'is confirmed by another version than the one in use by its name, of which Cloud Run says that it is disabled',
      [...failing(disabled), ...secret('ENABLED', '8')],
      'confirmed',
    ],
    [
      'is not shown where that very version is enabled by now',
      [...failing(disabled), ...secret('ENABLED', '7')],
      'not named: weaker',
    ],
    [
      'is not shown by a disabled version that nothing fails for',
      [...failing("KeyError: 'plan'"), ...secret('DISABLED')],
      'not named: weaker',
    ],
    [
      'is not shown by few of the starts that fail',
      [...failing(disabled, 19), ...starts, ...secret('DISABLED')],
      'not named: weaker',
    ],
    [
      'is refuted where no service that needs it logs a refusal',
      [...failing("KeyError: 'plan'"), ...secret('ENABLED')],
      'not named: refuted',
    ],
    [
      'is untested where neither its state nor the log was read',
      [...answer('api', '503', '0.3'), ...requests('backend', 80, 60)],
      'not named: untested',
      { gaps: [gap('E900', 'jwt', '*', 'denied')] },
    ],
    [
      'is not shown by refusals that began after the failure',
      [...failing(disabled, 40, '17:40:02'), ...secret('DISABLED')],
      'not named: refuted',
    ],
    [
      'is probable where a deployment is refused and nothing serves: a condition has no time',
      [...answer('api', '503', '0.3'), ...refusedDeployment(denied), ...secret('ENABLED')],
      'probable',
    ],
    [
      'is not laid a failure of the serving revision by a deployment that is refused',
      [
        ...failing("KeyError: 'plan'"),
        ['backend', 'revision.serving', 'backend-1'],
        ...refusedDeployment(denied),
        ...secret('ENABLED'),
      ],
      'not named: refuted',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  const texts: [who: string, text: string][] = [
    ['Cloud Run', disabled],
    ['Cloud Run of a permission', denied],
    [
      'Cloud Run of a setting',
      `spec.template.spec.containers[0].env[0].value_from.secret_key_ref.name: ${denied}`,
    ],
    ['Cloud Run of a secret that is gone', notFound],
    ['Cloud Run by its reason', 'SECRETS_ACCESS_CHECK_FAILED: jwt-staging'],
    [
      'the client of Python',
      "google.api_core.exceptions.PermissionDenied: 403 Permission 'secretmanager.versions.access' denied for resource 'projects/123/secrets/jwt-staging/versions/latest' (or it may not exist).",
    ],
    [
      'the client of Python of a version',
      'google.api_core.exceptions.FailedPrecondition: 400 Secret Version [projects/123/secrets/jwt-staging/versions/7] is in DISABLED state.',
    ],
    [
      'the client of Node',
      "Error: 7 PERMISSION_DENIED: Permission 'secretmanager.versions.access' denied for resource 'projects/123/secrets/jwt-staging/versions/latest' (or it may not exist).",
    ],
    [
      'the client of Go',
      'rpc error: code = NotFound desc = Secret [projects/123/secrets/jwt-staging] not found or has no versions.',
    ],
  ];

  it.each(texts)('reads a refusal as %s words it', (_who, text) => {
    expect(verdictOn(asked, failing(text))).toBe('confirmed');
  });

  const others: [what: string, text: string][] = [
    ['a variable that is missing', 'ValueError: JWT secret was not found in the environment'],
    ['a secret of a client', 'invalid_client: the client secret of the application was not found'],
    ['a word about it', 'loaded secret jwt-staging, previous key DISABLED'],
  ];

  it.each(others)('does not take it for a refusal: %s', (_what, text) => {
    const seen = [...failing(text), ...secret('ENABLED')];
    expect(verdictOn(asked, seen)).toMatch(/^not named/);
    expect(verdictOn(ofService, seen)).toMatch(/^not named/);
  });

  it('is told of the secret that is named, and of no other', () => {
    expect(verdictOn({ ...asked, component: 'smtp' }, named('smtp-staging'))).toBe('confirmed');
    expect(verdictOn(ofService, named('jwt-staging-2'))).toBe('confirmed');
  });

  it('is told of the service where the secret is none of the configured ones', () => {
    const seen = [
      ...failing(disabled.replaceAll('jwt-staging', 'stripe-key')),
      ...starts,
      ...secret('ENABLED'),
    ];
    expect(verdictOn(ofService, seen)).toBe('confirmed');
    expect(readAloud(diagnosed(ofService, seen)).slice(1)).toMatchInlineSnapshot(`
      [
        "Why does \`api\` answer 503? Because \`backend\`, on which it depends, fails (60 of 80 requests 5xx).",
        "Why does \`backend\` fail? Because an instance of it cannot be given a secret: \`Could not fetch secret "projects/netra-staging/secrets/stripe-key/versions/7" for environment variable "JWT". Instance …\`.",
      ]
    `);
    expect(
      verdictOn(ofService, [
        ...without(seen, 'backend', 'log'),
        ...logged('backend', 19, 'Could not fetch secret "projects/1/secrets/stripe-key"'),
      ]),
    ).toBe('not named: weaker');
  });

  it('tells the whys down to the version, the permission, or that it is gone', () => {
    const gone = { gaps: [gap('E900', 'jwt', '*', 'not-found')] };
    expect(readAloud(diagnosed(asked, [...failing(disabled), ...starts, ...secret('DISABLED')])))
      .toMatchInlineSnapshot(`
        [
          "Why is the checkout journey blocked? Because \`api\` answers 503 in 300 ms.",
          "Why does \`api\` answer 503? Because \`backend\`, on which it depends, fails (60 of 80 requests 5xx).",
          "Why does \`backend\` fail? Because Cloud Run does not bring up its instances: \`Could not fetch secret "projects/netra-staging/secrets/jwt-staging/versions/7" for environment variable "JWT". Instance…\`, 40 times.",
          "Why do instances of \`backend\` not start? Because \`jwt\`, on which it depends, fails (version 7 DISABLED).",
        ]
      `);
    expect(readAloud(diagnosed(asked, [...failing(denied), ...secret('ENABLED')])).slice(2))
      .toMatchInlineSnapshot(`
      [
        "Why does \`backend\` fail? Because Cloud Run does not bring up its instances: \`Permission denied on secret: projects/123/secrets/jwt-staging/versions/latest for Revision service account backend@netr…\`, 40 times.",
        "Why do instances of \`backend\` not start? Because \`jwt\`, on which it depends, cannot be used, though it is healthy (version 7 ENABLED).",
      ]
    `);
    expect(readAloud(diagnosed(asked, failing(notFound), gone)).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`backend\` fail? Because Cloud Run does not bring up its instances: \`Secret projects/123/secrets/jwt-staging/versions/latest was not found\`, 40 times.",
        "Why do instances of \`backend\` not start? Because \`jwt\`, on which it depends, cannot be used (its state is not read: no such resource).",
      ]
    `);
  });

  it('says what speaks for it and against it', () => {
    expect(
      whysOf(asked, {
        nobody: [...failing("KeyError: 'plan'"), ...secret('DISABLED')],
        enabled: [...failing("KeyError: 'plan'"), ...secret('ENABLED')],
        again: [...failing(disabled), ...secret('ENABLED', '7')],
        late: [...failing(disabled, 40, '17:40:02'), ...secret('DISABLED')],
      }),
    ).toMatchInlineSnapshot(`
      {
        "again": "version \`7\` of it is \`ENABLED\` now, and \`backend\` was refused it: \`Could not fetch secret "projects/netra-staging/secrets/jwt-staging/versions/7" for environment variable "JWT". Instance…\`",
        "enabled": "version 7 is ENABLED, and no service that needs it logs that it was refused",
        "late": "version \`7\` of it is \`DISABLED\`, and \`backend\` was refused it: \`Could not fetch secret "projects/netra-staging/secrets/jwt-staging/versions/7" for environment variable "JWT". Instance…\`, but only after \`backend\` failed",
        "nobody": "version \`7\` of it is \`DISABLED\`, but nothing that fails says that it needs it",
      }
    `);
  });
});
