import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import {
  answer,
  at,
  configurationOf,
  connector,
  database,
  logged,
  requests,
  window,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf, without } from './asked.fixture.ts';

const asked = { cause: 'cloudsql-permission', component: 'auth' };

const password = 'FATAL: password authentication failed for user "app"';
const notAuthorized =
  'Cloud SQL connection failed. Please see https://cloud.google.com/sql/docs/postgres/connect-run for additional details: ensure that the account has access to "netra-staging:us-central1:staging-postgres" (and make sure there\'s no typo in that name). Error during generateEphemeral for netra-staging:us-central1:staging-postgres: googleapi: Error 403: The client is not authorized to make this request., notAuthorized';

/** One service fails since 17:09; the other one works with the same database. */
const failing: Seen[] = [
  ...answer('login', '503', '0.9'),
  ...answer('api', '200'),
  ...requests('auth', 34, 34),
  ...requests('backend', 60, 0),
  ...connector('3', '20', '09:00'),
];

function refused(text = notAuthorized, count = 34, since = '17:09:02'): Seen[] {
  return [...failing, ...logged('auth', count, text, since)];
}

/** The container exits each time that it starts, right after the line. */
function exiting(text: string, count = 19): Seen[] {
  const exit = { window, revision: 'auth-2', first: at('17:09:05'), last: at('18:04:53') };
  return [
    ...failing,
    ['auth', 'revision.serving', 'auth-2'],
    ...logged('auth', count, text, '17:09:02', 'auth-2'),
    ['auth', 'exit.1', String(count), exit],
  ];
}

describe('cloudsql-permission', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    ['is confirmed with all that is asked for', [...refused(), ...database], 'confirmed'],
    ['is confirmed where nothing of the database was read', refused(), 'confirmed'],
    ['is confirmed by half of the 5xx', [...refused(password, 17), ...database], 'confirmed'],
    [
      'is not shown by less than half of the 5xx',
      [...refused(password, 16), ...database],
      'not named: weaker',
    ],
    [
      'is not shown where the 5xx were not counted',
      [
        ...without(refused(), 'auth', 'requests'),
        ['auth', 'errors.share', '100', { window, unit: '%' }],
        ...database,
      ],
      'not named: weaker',
    ],
    [
      'is not shown by refusals that began after the failure',
      [...refused(password, 34, '17:40:02'), ...database],
      'not named: refuted',
    ],
    [
      'is probable where neither the failure nor the refusals are dated',
      [
        ...without(refused(password, 34, '17:05:01'), 'auth', 'requests.5xx'),
        ['auth', 'requests.5xx', '34', { window, first: at('17:05'), last: at('18:04') }],
        ...database,
      ],
      'probable',
    ],
    [
      'is refuted by a log that was read in full',
      [...refused("KeyError: 'plan'"), ...database],
      'not named: refuted',
    ],
    [
      'is untested where the log was cut',
      [
        ...without(refused("KeyError: 'plan'"), 'auth', 'log.errors'),
        ['auth', 'log.errors', '3000', { window, partial: true }],
        ...database,
      ],
      'not named: untested',
    ],
    [
      'is not asked of what another service logs',
      [...refused("KeyError: 'plan'"), ...logged('backend', 34, password), ...database],
      'not named: refuted',
    ],
    [
      'is confirmed where the refusals end a container that starts, however many requests fail meanwhile',
      [
        ...without(exiting(`asyncpg.exceptions.InvalidPasswordError: ${password}`), 'auth', 'requests'),
        ...without(requests('auth', 340, 340), 'auth', 'ready'),
        ...database,
      ],
      'confirmed',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  const texts: [who: string, text: string][] = [
    ['Cloud Run', notAuthorized],
    [
      'the auth proxy',
      'failed to connect to instance: Config error: failed to get instance metadata (connection name = "netra-staging:us-central1:staging-postgres"): googleapi: Error 403: boss::NOT_AUTHORIZED: Not authorized to access resource. Possibly missing permission cloudsql.instances.get on resource instances/staging-postgres., forbidden',
    ],
    [
      'the Go connector',
      'failed to get ephemeral certificate (connection name = "netra-staging:us-central1:staging-postgres"): googleapi: Error 403: The client is not authorized to make this request., notAuthorized',
    ],
    [
      'the Python connector',
      "aiohttp.client_exceptions.ClientResponseError: 403, message=\"Forbidden: Authenticated IAM principal does not seem authorized to make API request. Verify 'Cloud SQL Admin API' is enabled within your GCP project and 'Cloud SQL Client' role has been granted to IAM principal.\"",
    ],
    [
      'psycopg2',
      `psycopg2.OperationalError: connection to server at "10.68.0.3", port 5432 failed: ${password}`,
    ],
    ['asyncpg', `asyncpg.exceptions.InvalidPasswordError: password authentication failed for user "app"`],
    ['SQLAlchemy', `sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) ${password}`],
    ['Node', 'error: password authentication failed for user "app"'],
    ['JDBC', `org.postgresql.util.PSQLException: ${password}`],
    [
      'pgx',
      'failed to connect to `host=10.68.0.3 user=app database=app`: server error (FATAL: password authentication failed for user "app" (SQLSTATE 28P01))',
    ],
    ['IAM', 'FATAL: Cloud SQL IAM service account authentication failed for user "auth@netra-staging.iam"'],
    ['a missing role', 'FATAL: role "app" does not exist'],
    ['a database without a grant', 'FATAL: permission denied for database "app"'],
    [
      'pg_hba.conf',
      'FATAL: no pg_hba.conf entry for host "10.8.0.4", user "app", database "app", no encryption',
    ],
    [
      'MySQL',
      "pymysql.err.OperationalError: (1045, \"Access denied for user 'app'@'cloudsqlproxy~10.8.0.4' (using password: YES)\")",
    ],
  ];

  it.each(texts)('reads a refusal as %s words it', (_who, text) => {
    expect(verdictOn(asked, [...refused(text), ...database])).toBe('confirmed');
  });

  const others: [what: string, text: string][] = [
    ['a table without a grant', 'psycopg2.errors.InsufficientPrivilege: permission denied for table orders'],
    [
      'a bucket',
      'google.api_core.exceptions.Forbidden: 403 auth@netra-staging.iam.gserviceaccount.com does not have storage.objects.get access',
    ],
    [
      'an API that is not enabled',
      'Error during generateEphemeral for netra-staging:us-central1:staging-postgres: googleapi: Error 403: Cloud SQL Admin API has not been used in project 123 before or it is disabled., accessNotConfigured',
    ],
    ['another service that refuses an account', 'NotAuthorizedException: Incorrect username or password.'],
    ['a user of the application', 'AuthenticationError: wrong password for user "kim"'],
  ];

  it.each(others)('does not take it for a refusal: %s', (_what, text) => {
    expect(verdictOn(asked, [...refused(text), ...database])).not.toMatch(/confirmed|probable/);
  });

  it('tells the whys down to the refusal', () => {
    expect(readAloud(diagnosed(asked, [...refused(), ...database]))).toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 503 in 900 ms.",
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (34 of 34 requests 5xx).",
        "Why does \`auth\` fail? Because \`db\` refuses its identity: \`…Error 403: The client is not authorized to make this request., notAuthorized\`, 34 times.",
      ]
    `);
    const text = `asyncpg.exceptions.InvalidPasswordError: password authentication failed for user "app"`;
    expect(readAloud(diagnosed(asked, [...exiting(text), ...database])).slice(1)).toMatchInlineSnapshot(`
      [
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (34 of 34 requests 5xx, 19 exits with code 1).",
        "Why does \`auth\` fail? Because \`db\` refuses its identity: \`asyncpg.exceptions.InvalidPasswordError: password authentication failed for user "app"\`, 19 times.",
      ]
    `);
  });

  it('names the database that the line names, and no other', () => {
    const configuration = configurationOf({
      components: {
        auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['db', 'orders'] },
        db: { type: 'cloud-sql', instance: 'staging-postgres' },
        orders: { type: 'cloud-sql', instance: 'staging-orders' },
        login: { type: 'http', url: 'https://auth.example.com/health', depends_on: ['auth'] },
      },
    });
    const last = (text: string) =>
      diagnosed({ ...asked, configuration }, [...refused(text), ...database]).chain.at(-1)?.answer;
    expect([
      last(notAuthorized.replaceAll('staging-postgres', 'staging-orders').slice(-200)),
      last(notAuthorized.replaceAll('staging-postgres', 'staging-billing').slice(-200)),
      last(password),
    ]).toMatchInlineSnapshot(`
      [
        "Because \`orders\` refuses its identity: \`…Error 403: The client is not authorized to make this request., notAuthorized\`, 34 times.",
        "Because \`netra-staging:us-central1:staging-billing\` refuses its identity: \`…Error 403: The client is not authorized to make this request., notAuthorized\`, 34 times.",
        "Because a database refuses its identity: \`FATAL: password authentication failed for user "app"\`, 34 times.",
      ]
    `);
  });

  it('says what speaks for it and against it', () => {
    expect(
      whysOf(asked, {
        few: [...refused(password, 16), ...database],
        late: [...refused(password, 34, '17:40:02'), ...database],
        none: [...refused("KeyError: 'plan'"), ...database],
      }),
    ).toMatchInlineSnapshot(`
      {
        "few": "\`db\` refuses its identity: \`FATAL: password authentication failed for user "app"\`, 16 times, less than half of its failures",
        "late": "\`db\` refuses its identity: \`FATAL: password authentication failed for user "app"\`, 34 times, but only after \`auth\` failed",
        "none": "no refusal of its identity in the log of the window",
      }
    `);
  });
});
