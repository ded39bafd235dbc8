import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import {
  answer,
  at,
  configurationOf,
  connector,
  gap,
  logged,
  requests,
  window,
  windowBefore,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf, without } from './asked.fixture.ts';

const asked = { cause: 'cloudsql-connections-exhausted', component: 'db' };

const clients = 'FATAL: sorry, too many clients already';
const slots = 'FATAL: remaining connection slots are reserved for non-replication superuser connections';

/** Both services are refused by the database since 17:09. */
function refused(text = slots, other = text): Seen[] {
  return [
    ...answer('login', '503', '0.3'),
    ...answer('api', '503', '0.3'),
    ...requests('auth', 22, 22),
    ...requests('backend', 16, 14),
    ...logged('auth', 176, text),
    ...logged('backend', 98, other, '17:09:11'),
    ...connector('3', '20', '09:00'),
  ];
}

/** A database that runs, with so many connections now, and at most so many in the window, of so many. */
function open(now: string, most = now, allowed: string | null = '100'): Seen[] {
  return [
    ['db', 'name', 'netra-staging:us-central1:staging-postgres'],
    ['db', 'state', 'RUNNABLE'],
    ['db', 'up', '1', { window }],
    ['db', 'operation', 'none', { window }],
    ['db', 'backends', now, { window, first: at('18:03'), last: at('18:03') }],
    ['db', 'backends.max', most, { window }],
    ...(allowed === null ? [] : ([['db', 'flag.max_connections', allowed]] as const)),
  ];
}

const rose: Seen[] = [['db', 'backends.max', '41', { window: windowBefore }]];

const pools: Seen[] = [
  ['backend', 'env.DB_POOL_SIZE', '5'],
  ['backend', 'env.DB_MAX_OVERFLOW', '10'],
  ['backend', 'instances.active', '9', { window }],
];

const one: Seen[] = [
  ...answer('login', '503', '0.3'),
  ...requests('auth', 22, 22),
  ...logged('auth', 176, slots),
  ...connector('3', '20', '09:00'),
];

describe('cloudsql-connections-exhausted', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    [
      'is confirmed with all that is asked for',
      [...refused(), ...open('97'), ...rose, ...pools],
      'confirmed',
    ],
    ['is confirmed by refusals at a full database', [...refused(), ...open('97')], 'confirmed'],
    ['is confirmed by those of one service', [...one, ...open('97')], 'confirmed'],
    [
      'is confirmed where the number of connections goes up and down at the limit',
      [...refused(), ...open('95', '97')],
      'confirmed',
    ],
    [
      'is confirmed where connections were closed since, and the window shows that all were open',
      [...refused(), ...open('60', '97')],
      'confirmed',
    ],
    ['is confirmed at 90 %', [...refused(), ...open('90')], 'confirmed'],
    ['is not shown at 89 %', [...refused(), ...open('89')], 'not named: weaker'],
    [
      'is confirmed where but the three connections are free that PostgreSQL reserves',
      [...refused(), ...open('22', '22', '25')],
      'confirmed',
    ],
    [
      'is confirmed against the documented limit of the tier',
      [...refused(), ...open('97', '97', null), ['db', 'max_connections.default', '100']],
      'confirmed',
    ],
    [
      'is at most probable where the limit is not known',
      [...refused(), ...open('97', '97', null)],
      'probable',
    ],
    [
      'is at most probable where the connections could not be read',
      [...refused(), ...without(open('97'), 'db', 'backends')],
      'probable',
      { gaps: [gap('E900', 'db', 'backends', 'denied')] },
    ],
    [
      'is refuted where at most half of them were ever open, as at the limit of one role',
      [...refused('FATAL: too many connections for role "app"'), ...open('24', '31')],
      'not named: refuted',
    ],
    [
      'is not shown by a full database that nobody is refused by',
      [...refused("KeyError: 'plan'"), ...open('97')],
      'not named: weaker',
    ],
    [
      'is not shown by few refusals among time-outs',
      [
        ...refused('dial tcp 10.68.0.3:5432: i/o timeout'),
        ...logged('auth', 8, slots),
        ...logged('backend', 8, slots),
        ...open('97'),
      ],
      'not named: weaker',
    ],
    [
      'is probable where the refusals may be older than the window',
      [
        ...answer('login', '503', '0.3'),
        ...without(requests('auth', 22, 22, '17:05'), 'auth', 'requests.5xx.since'),
        ...logged('auth', 176, slots, '17:05:01'),
        ...open('97'),
      ],
      'probable',
    ],
    [
      'is not shown by refusals that began after the failure',
      [
        ...answer('login', '503', '0.3'),
        ...requests('auth', 22, 22, '17:09'),
        ...logged('auth', 176, slots, '17:40:02'),
        ...open('97'),
      ],
      'not named: refuted',
    ],
    [
      'is not shown by waits for a pool of the program',
      [
        ...refused(
          'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out',
        ),
        ...open('97'),
      ],
      'not named: weaker',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  const texts: [who: string, text: string][] = [
    ['PostgreSQL', slots],
    [
      'PostgreSQL 16',
      'FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute',
    ],
    [
      'psycopg2',
      `psycopg2.OperationalError: connection to server at "10.68.0.3", port 5432 failed: ${clients}`,
    ],
    [
      'SQLAlchemy',
      `sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server on socket "/cloudsql/p:r:staging-postgres/.s.PGSQL.5432" failed: ${slots}`,
    ],
    [
      'asyncpg',
      'asyncpg.exceptions.TooManyConnectionsError: remaining connection slots are reserved for non-replication superuser connections',
    ],
    ['Node', 'error: sorry, too many clients already'],
    ['JDBC', `org.postgresql.util.PSQLException: ${slots}`],
    [
      'Hikari',
      `java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.\ncaused by org.postgresql.util.PSQLException: ${clients}`,
    ],
    [
      'pgx',
      `failed to connect to \`host=10.68.0.3 user=app database=app\`: server error (${slots} (SQLSTATE 53300))`,
    ],
    ['MySQL', 'Error 1040 (08004): Too many connections'],
    ['a MySQL driver', "pymysql.err.OperationalError: (1040, 'Too many connections')"],
  ];

  it.each(texts)('reads a refusal as %s words it', (_who, text) => {
    expect(verdictOn(asked, [...refused(text), ...open('97')])).toBe('confirmed');
  });

  it('is told of the database that the line names, where a service uses two', () => {
    const configuration = configurationOf({
      components: {
        auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['db', 'other'] },
        db: { type: 'cloud-sql', instance: 'staging-postgres' },
        other: { type: 'cloud-sql', instance: 'staging-orders' },
        login: { type: 'http', url: 'https://auth.example.com/health', depends_on: ['auth'] },
      },
    });
    const seen: Seen[] = [
      ...answer('login', '503', '0.3'),
      ...requests('auth', 22, 22),
      ...logged('auth', 176, `connection to "/cloudsql/p:r:staging-orders/.s.PGSQL.5432" failed: ${slots}`),
      ...open('97'),
    ];
    const full = open('97').map(([, ...rest]): Seen => ['other', ...rest]);
    expect(verdictOn({ ...asked, configuration }, seen)).toBe('not named: weaker');
    expect(verdictOn({ ...asked, component: 'other', configuration }, [...seen, ...full])).toBe('confirmed');
  });

  it('tells the whys down to what opens the connections', () => {
    const found = diagnosed(asked, [...refused(), ...open('97'), ...rose, ...pools]);
    expect(readAloud(found)).toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 503 in 300 ms. \`api\` fails too.",
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (22 of 22 requests 5xx).",
        "Why does \`auth\` fail? Because its connections to \`db\` are refused, 176 times.",
        "Why are the connections of \`auth\` refused? Because \`db\`, on which it depends, is degraded (97 of 100 connections, RUNNABLE).",
        "Why is \`db\` degraded? Because 97 of 100 connections are open, at most 41 in the hour before; 9 instances of \`backend\` with up to 15 connections each may open 135 against 100 allowed.",
      ]
    `);
  });

  it('names no pools that do not explain it, and tells a highest value and a documented limit as such', () => {
    const few: Seen[] = [...pools.slice(0, 1), ['backend', 'instances.active', '2', { window }]];
    const limit: Seen = ['db', 'max_connections.default', '100'];
    const { chain } = diagnosed(asked, [...refused(), ...few, ...open('60', '97', null), limit]);
    expect(chain.at(-1)?.answer).toBe(
      'Because up to 97 of 100 (documented default) connections were open in the window.',
    );
  });

  it('says what speaks for it and against it', () => {
    expect(
      whysOf(asked, {
        few: [...refused('FATAL: too many connections for role "app"'), ...open('24', '31')],
        nobody: [...refused("KeyError: 'plan'"), ...open('97')],
        almost: [...refused(), ...open('89')],
        mixed: [
          ...refused('dial tcp 10.68.0.3:5432: i/o timeout'),
          ...logged('auth', 8, slots),
          ...open('97'),
        ],
        fine: [...refused("KeyError: 'plan'"), ...open('24')],
      }),
    ).toMatchInlineSnapshot(`
      {
        "almost": "89 of 100 connections are open, which does not explain that it refuses \`auth\` and \`backend\`",
        "few": "at most 31 of 100 connections in the window",
        "fine": "at most 24 of 100 connections in the window",
        "mixed": "97 of 100 connections are open, but few of the failures of \`auth\` and \`backend\` are refusals",
        "nobody": "97 of 100 connections are open, and no service logs that it is refused",
      }
    `);
  });
});
