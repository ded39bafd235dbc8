import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import {
  answer,
  at,
  connector,
  database,
  day,
  gap,
  logged,
  requests,
  saturated,
  window,
  windowBefore,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf, without } from './asked.fixture.ts';

const asked = { cause: 'vpc-connector-saturated', component: 'connector' };

const timedOut = 'dial tcp 10.68.0.3:3307: i/o timeout';
const full =
  'psycopg2.OperationalError: connection to server at "10.68.0.3", port 5432 failed: FATAL:  sorry, too many clients already';

/** Both services fail since 17:09 with these lines; the connector as the row says. */
function failing(auth: Seen[], backend: Seen[]): Seen[] {
  return [
    ...answer('login', '503', '4.3'),
    ...answer('api', '503', '4.3'),
    ...requests('auth', 22, 22),
    ...requests('backend', 16, 14),
    ...auth,
    ...backend,
    ...database,
  ];
}

const linesOfBoth: [Seen[], Seen[]] = [
  logged('auth', 176, timedOut),
  logged('backend', 98, timedOut, '17:09:11'),
];

const oneFails: Seen[] = [
  ...answer('login', '503', '4.3'),
  ...requests('auth', 22, 22),
  ...logged('auth', 176, timedOut),
  ...database,
];

function traffic(now: string, was: string): Seen[] {
  return [
    ['connector', 'received_bytes', now, { window, unit: 'bytes' }],
    ['connector', 'received_bytes', was, { window: windowBefore, unit: 'bytes' }],
  ];
}

/** Throughput of the busiest minute of ten instances that carry 100 Mbit/s each. */
function throughput(megabits: string): Seen[] {
  return [
    ['connector', 'throughput', megabits, { window, unit: 'Mbit/s', last: at('17:40') }],
    ['connector', 'throughput.instances', '10', { window, last: at('17:40') }],
    ['connector', 'throughput.each', '100', { unit: 'Mbit/s' }],
  ];
}

describe('vpc-connector-saturated', () => {
  const named: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    [
      'is confirmed with all that is asked for',
      [...saturated, ...traffic('49600000000', '12100000000')],
      'confirmed',
    ],
    ['is confirmed by instances, load and time-outs of two services', saturated, 'confirmed'],
    ['is confirmed by those of one service', [...oneFails, ...connector('10', '94')], 'confirmed'],
    [
      'is confirmed by its throughput where the CPU was not read',
      [...without(saturated, 'connector', 'cpu'), ...throughput('941')],
      'confirmed',
    ],
    ['is confirmed at 80 % CPU', [...failing(...linesOfBoth), ...connector('10', '80')], 'confirmed'],
    [
      'is confirmed while an update of it goes on',
      [...without(saturated, 'connector', 'state'), ['connector', 'state', 'UPDATING']],
      'confirmed',
    ],
    [
      'is at most probable where it was full for hours before they timed out, and no traffic was read',
      [...failing(...linesOfBoth), ...connector('10', '94', '09:00')],
      'probable',
    ],
    [
      'is at most probable where it was full all day and no traffic of the hour before was read',
      [
        ...without(failing(...linesOfBoth), 'connector'),
        ...without(connector('10', '94'), 'connector', 'instances.since'),
        ['connector', 'instances', '10', { window, first: window.from, last: at('18:03') }],
        ['connector', 'instances.since', day.from, { window: day }],
      ],
      'probable',
    ],
    [
      'is at most probable where the reading begins full, and neither the day nor the traffic was read',
      [
        ...without(failing(...linesOfBoth), 'connector'),
        ...without(connector('10', '94'), 'connector', 'instances.since'),
        ['connector', 'instances', '10', { window, first: at('17:06'), last: at('18:03') }],
      ],
      'probable',
    ],
    [
      'is no root where it was full for hours before, with the same traffic',
      [
        ...failing(...linesOfBoth),
        ...connector('10', '94', '09:00'),
        ...traffic('12200000000', '12100000000'),
      ],
      'not named: weaker',
    ],
    [
      'is at most probable where a service works through the same connector',
      [...oneFails, ...answer('api', '200'), ...requests('backend', 60, 0), ...connector('10', '94')],
      'probable',
    ],
    [
      'is confirmed where that service logged the same before it recovered',
      [
        ...oneFails,
        ...answer('api', '200'),
        ...requests('backend', 300, 0),
        ...logged('backend', 12, timedOut, '17:09:11'),
        ...connector('10', '94'),
      ],
      'confirmed',
    ],
    [
      'is not shown by a connector that is full and idle',
      [...failing(...linesOfBoth), ...connector('10', '20')],
      'not named: weaker',
    ],
    ['is not shown at 79 % CPU', [...failing(...linesOfBoth), ...connector('10', '79')], 'not named: weaker'],
    [
      'is not shown where no load was read',
      without(saturated, 'connector', 'cpu'),
      'not named: weaker',
      { gaps: [gap('E900', 'connector', 'cpu', 'denied')] },
    ],
    [
      'is refuted by nine of ten instances',
      [...failing(...linesOfBoth), ...connector('9', '94')],
      'not named: refuted',
    ],
    [
      'is untested where the instances could not be read',
      without(saturated, 'connector', 'instances'),
      'not named: untested',
      { gaps: [gap('E900', 'connector', 'instances', 'denied')] },
    ],
    [
      'is untested where only a part of the window was read',
      [
        ...failing(...linesOfBoth),
        ...without(connector('9', '94'), 'connector', 'instances.highest'),
        ['connector', 'instances.highest', '9', { window, partial: true }],
      ],
      'not named: untested',
    ],
    [
      'is refuted where it filled after they timed out',
      [...failing(...linesOfBoth), ...connector('10', '94', '17:30')],
      'not named: refuted',
    ],
    [
      'is not shown where nothing that fails says that it times out',
      failing([], []).concat(connector('10', '94')),
      'not named: weaker',
    ],
    [
      'is not shown by few time-outs',
      [
        ...failing(
          [...logged('auth', 10, timedOut), ...logged('auth', 166, "KeyError: 'plan'", '17:09:05')],
          [...logged('backend', 6, timedOut), ...logged('backend', 92, "KeyError: 'plan'", '17:09:05')],
        ),
        ...connector('10', '94'),
      ],
      'not named: weaker',
    ],
    [
      'is not shown by a database that answers that it is full',
      [
        ...failing(logged('auth', 176, full), logged('backend', 98, full, '17:09:11')),
        ...connector('10', '94'),
      ],
      'not named: weaker',
    ],
    [
      'is not shown by waits for a pool of the program',
      [
        ...failing(
          logged(
            'auth',
            176,
            'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
          ),
          logged(
            'backend',
            98,
            'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms. (postgresql)',
            '17:09:11',
          ),
        ),
        ...connector('10', '94'),
      ],
      'not named: weaker',
    ],
    [
      'is not asked where the services are shown to go another way',
      [...saturated, ['auth', 'connector', 'other-connector'], ['backend', 'connector', 'other-connector']],
      'not named: not told',
    ],
  ];

  it.each(named)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  const texts: [driver: string, text: string][] = [
    ['Go', timedOut],
    [
      'pgx',
      'failed to connect to `host=10.68.0.3 user=app database=app`: dial error (dial tcp 10.68.0.3:5432: connect: connection timed out)',
    ],
    [
      'psycopg2',
      'psycopg2.OperationalError: connection to server at "10.68.0.3", port 5432 failed: Connection timed out',
    ],
    [
      'SQLAlchemy',
      'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "10.68.0.3", port 5432 failed: timeout expired',
    ],
    [
      'asyncpg',
      'TimeoutError\ncaused by TimeoutError: connection to "/cloudsql/p:r:staging-postgres" timed out',
    ],
    ['Node', 'Error: connect ETIMEDOUT 10.68.0.3:5432'],
    [
      'JDBC',
      'org.postgresql.util.PSQLException: The connection attempt failed.\ncaused by java.net.SocketTimeoutException: Connect timed out: 10.68.0.3',
    ],
    [
      'the Cloud SQL connector',
      'failed to dial (connection name = "p:r:staging-postgres"): dial tcp 10.68.0.3:3307: i/o timeout',
    ],
    ['a cache', 'redis.exceptions.TimeoutError: Timeout connecting to server 10.68.0.9:6379'],
  ];

  it.each(texts)('reads a time-out as %s words it', (_driver, text) => {
    const seen = [...failing(logged('auth', 176, text), logged('backend', 98, text, '17:09:11'))];
    expect(verdictOn(asked, [...seen, ...connector('10', '94')])).toBe('confirmed');
  });

  it('tells the whys down to what fills it', () => {
    const found = diagnosed(asked, [...saturated, ...traffic('49600000000', '12100000000')]);
    expect(readAloud(found)).toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 503 in 4.3 s. \`api\` fails too.",
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (22 of 22 requests 5xx).",
        "Why does \`auth\` fail? Because its connections to \`db\` time out, 176 times.",
        "Why do the connections of \`auth\` time out? Because \`connector\`, on which it depends, fails (10/10 instances, CPU 94 %, READY).",
        "Why does \`connector\` fail? Because it is at its limit, all instances in use since 17:07 UTC, and its traffic rose: received 49.6 GB (was 12.1 GB).",
      ]
    `);
  });

  it('says what speaks for it and against it', () => {
    const peer = [...oneFails, ...answer('api', '200'), ...requests('backend', 60, 0)];
    expect(
      whysOf(asked, {
        load: [...failing(...linesOfBoth), ...connector('10', '20')],
        lines: [...failing([], []), ...connector('10', '94')],
        time: [...failing(...linesOfBoth), ...connector('10', '94', '17:30')],
        room: [...failing(...linesOfBoth), ...connector('9', '94')],
        answers: [
          ...failing(logged('auth', 176, full), logged('backend', 98, full)),
          ...connector('10', '94'),
        ],
        peer: [...peer, ...connector('10', '20')],
      }),
    ).toMatchInlineSnapshot(`
      {
        "answers": "10/10 instances since 17:07, CPU 94 %, but most failures that \`auth\` and \`backend\` log are no time-outs",
        "lines": "10/10 instances since 17:07, CPU 94 %, but the errors of nothing that fails point to it",
        "load": "10/10 instances since 17:07; against it: CPU 20 %",
        "peer": "10/10 instances since 17:07; against it: CPU 20 %, \`backend\` works through it",
        "room": "at most 9 of 10 instances in the window",
        "time": "10/10 instances since 17:30, CPU 94 %, but it began after \`auth\` and \`backend\` failed",
      }
    `);
  });
});
