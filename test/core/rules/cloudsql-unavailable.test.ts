import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { answer, at, connector, database, day, gap, logged, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf, without } from './asked.fixture.ts';

const asked = { cause: 'cloudsql-unavailable', component: 'db' };

const goes = 'FATAL: terminating connection due to administrator command';
const timedOut = 'TimeoutError: connection to "/cloudsql/p:r:staging-postgres" timed out after 20.0 s';

/** Both services fail since 17:09 with a line, until 18:04. */
function failing(text = timedOut, since = '17:09:02'): Seen[] {
  return [
    ...answer('login', '503', '4.3'),
    ...answer('api', '503', '4.3'),
    ...requests('auth', 22, 22),
    ...requests('backend', 16, 14),
    ...logged('auth', 176, text, since),
    ...logged('backend', 98, text, since),
    ...connector('3', '20', '09:00'),
  ];
}

const runs = without(database, 'db', 'operation');

/** The database with a state of the API, up or not since a time. */
function state(value: string, since?: string): Seen[] {
  const up: Seen[] = since ? [['db', 'up', '0', { window, first: at(since), last: at('18:03') }]] : [];
  return [['db', 'state', value], ...up];
}

function operation(value: string, from?: string, to?: string): Seen {
  const first = from === undefined ? {} : { first: at(from) };
  return ['db', 'operation', value, { window: day, ...first, ...(to === undefined ? {} : { last: at(to) }) }];
}

const going: Seen = operation('MAINTENANCE RUNNING', '17:08');

describe('cloudsql-unavailable', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    [
      'is confirmed with all that is asked for',
      [...failing(goes), ...state('MAINTENANCE', '17:08'), going],
      'confirmed',
    ],
    [
      'is confirmed by `up` that fell to 0 and by what fails towards it',
      [...failing(), ...state('RUNNABLE', '17:08')],
      'confirmed',
    ],
    [
      'is confirmed by an operation that goes on and its state',
      [...failing(), ...state('MAINTENANCE'), going],
      'confirmed',
    ],
    [
      'is confirmed by a maintenance that goes on, RUNNABLE as it reads',
      [...failing(), ...runs, going],
      'confirmed',
    ],
    [
      'is confirmed by a failover that ended as the failures did',
      [...failing(goes), ...runs, operation('FAILOVER DONE', '17:08', '17:58')],
      'confirmed',
    ],
    [
      'is at most probable by a failover that the failures outlast',
      [...failing(goes), ...runs, operation('FAILOVER DONE', '17:08', '17:11')],
      'probable',
    ],
    [
      'is at most probable by an update of which the database says nothing',
      [...failing(), ...runs, operation('UPDATE RUNNING', '17:08')],
      'probable',
    ],
    [
      'is confirmed by an update of which it says that it goes',
      [...failing(goes), ...runs, operation('UPDATE RUNNING', '17:08')],
      'confirmed',
    ],
    [
      'is probable where nothing dates its state',
      [...failing(), ...state('SUSPENDED'), operation('none')],
      'probable',
    ],
    [
      'is probable where it was stopped at an unknown time',
      [...failing(), ...runs, ['db', 'activation', 'NEVER']],
      'probable',
    ],
    [
      'is refuted where it went down after they failed',
      [...failing(), ...state('RUNNABLE', '17:40')],
      'not named: refuted',
    ],
    [
      'is not shown where nothing that fails points to it',
      [...failing("KeyError: 'plan'"), ...state('MAINTENANCE', '17:08'), going],
      'not named: weaker',
    ],
    [
      'is not shown where it answers that it is full',
      [...failing('FATAL: sorry, too many clients already'), ...state('RUNNABLE', '17:08')],
      'not named: weaker',
    ],
    [
      'is refuted by a database that runs, with no operation',
      [...failing(), ...runs, operation('none')],
      'not named: refuted',
    ],
    [
      'is refuted by a database that runs, with a backup only',
      [...failing(), ...runs, operation('BACKUP_VOLUME RUNNING', '17:08')],
      'not named: refuted',
    ],
    [
      'is not shown by an operation that ended before the window',
      [...failing(), ...runs, operation('RESTART DONE', '15:00', '15:04')],
      'not named: untested',
    ],
    [
      'is not shown by an operation that ended before they failed',
      [...failing(), ...runs, operation('RESTART DONE', '17:05', '17:07')],
      'not named: untested',
    ],
    [
      'is not shown by an operation that began after they failed',
      [...failing(), ...runs, operation('RESTART RUNNING', '17:30')],
      'not named: untested',
    ],
    [
      'is not shown by an operation that is but planned',
      [...failing(), ...runs, operation('MAINTENANCE PENDING')],
      'not named: untested',
    ],
    [
      'is not shown by a maintenance that goes on beside it',
      [...failing(), ...state('ONLINE_MAINTENANCE')],
      'not named: untested',
    ],
    [
      'is untested where nothing of it was read',
      failing(),
      'not named: untested',
      { gaps: [gap('E900', 'db', '*', 'denied')] },
    ],
    [
      'is not told by the list of its operations where that was cut',
      [...failing(), ...runs, ['db', 'operation', 'none', { window: day, partial: true }]],
      'not named: untested',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  const texts: [who: string, text: string][] = [
    ['PostgreSQL', goes],
    ['PostgreSQL that starts', 'FATAL: the database system is starting up'],
    ['asyncpg', 'asyncpg.exceptions.AdminShutdownError: terminating connection due to administrator command'],
    ['psycopg2', 'psycopg2.errors.AdminShutdown: terminating connection due to administrator command'],
    [
      'SQLAlchemy',
      'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "10.68.0.3", port 5432 failed: FATAL:  the database system is shutting down',
    ],
    ['Node', 'error: terminating connection due to administrator command'],
    [
      'JDBC',
      'org.postgresql.util.PSQLException: FATAL: the database system is not yet accepting connections',
    ],
    [
      'pgx',
      'failed to connect to `host=10.68.0.3 user=app database=app`: server error (FATAL: the database system is starting up (SQLSTATE 57P03))',
    ],
    ['MySQL', "pymysql.err.OperationalError: (1053, 'Server shutdown in progress')"],
  ];

  it.each(texts)('takes the word of the database as %s passes it on', (_who, text) => {
    expect(verdictOn(asked, [...failing(text), ...runs, operation('UPDATE RUNNING', '17:08')])).toBe(
      'confirmed',
    );
  });

  it('tells the whys down to the operation', () => {
    expect(readAloud(diagnosed(asked, [...failing(goes), ...state('MAINTENANCE', '17:08'), going])))
      .toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 503 in 4.3 s. \`api\` fails too.",
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (22 of 22 requests 5xx).",
        "Why does \`auth\` fail? Because its connections to \`db\` are refused, 176 times.",
        "Why are the connections of \`auth\` refused? Because \`db\`, on which it depends, fails (MAINTENANCE).",
        "Why does \`db\` fail? Because its metrics say that it is down since 17:08 UTC, operation \`MAINTENANCE\` began at 17:08 UTC and has not ended.",
      ]
    `);
    const over = diagnosed(asked, [...failing(goes), ...runs, operation('FAILOVER DONE', '17:08', '17:58')]);
    expect(readAloud(over).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`auth\` fail? Because its connections to \`db\` are refused, 176 times.",
        "Why are the connections of \`auth\` refused? Because \`db\`, on which it depends, was away (operation \`FAILOVER\` 17:08 to 17:58 UTC).",
      ]
    `);
  });

  it('says what speaks for it and against it', () => {
    const other = "KeyError: 'plan'";
    expect(
      whysOf(asked, {
        late: [...failing(), ...state('RUNNABLE', '17:40')],
        nobody: [...failing(other), ...state('MAINTENANCE', '17:08'), going],
        none: [...failing(), ...runs, operation('none')],
        backup: [...failing(), ...runs, operation('BACKUP_VOLUME RUNNING', '17:08')],
        update: [
          ...failing(other),
          ...logged('auth', 900, other, '17:09:02'),
          ...runs,
          operation('UPDATE RUNNING', '17:08'),
        ],
        full: [...failing('FATAL: sorry, too many clients already'), ...state('RUNNABLE', '17:08')],
      }),
    ).toMatchInlineSnapshot(`
      {
        "backup": "RUNNABLE, with no operation in the last 24 hours that takes it away",
        "full": "its metrics say that it is down since 17:08 UTC, but it answers \`auth\` and \`backend\` that no connection is free",
        "late": "its metrics say that it is down since 17:40 UTC, but it began after \`auth\` and \`backend\` failed",
        "nobody": "its state is \`MAINTENANCE\`, its metrics say that it is down since 17:08 UTC, but the errors of nothing that fails point to it",
        "none": "RUNNABLE, with no operation in the last 24 hours",
        "update": "not tested; this would decide: whether an operation on \`db\` overlaps the onset",
      }
    `);
  });
});
