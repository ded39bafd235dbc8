import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import {
  answer,
  at,
  configurationOf,
  day,
  gap,
  logged,
  requests,
  window,
  windowBefore,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf, without } from './asked.fixture.ts';

const configuration = configurationOf({
  components: {
    api: { type: 'http', url: 'https://api.example.com/health', depends_on: ['search'] },
    search: { type: 'cloud-run', service: 'search-prod', depends_on: ['db'] },
    web: { type: 'cloud-run', service: 'web-prod', depends_on: ['db'] },
    connector: { type: 'vpc-connector', name: 'prod-connector' },
    db: { type: 'cloud-sql', instance: 'prod-postgres' },
  },
  journeys: { travel: { title: 'Travel', steps: ['api'] } },
});

const asked = { cause: 'egress-misrouted', component: 'search', configuration };

const toPrivate = 'dial tcp 10.36.0.3:3307: i/o timeout';
const toPublic = 'dial tcp 34.72.10.9:3307: i/o timeout';

/** The service fails since 17:09 with a line; the database runs. */
function failing(text: string, count = 60, since = '17:09:02', revision?: string): Seen[] {
  return [
    ...answer('api', '503', '4.8'),
    ...requests('search', 80, 60),
    ...logged('search', count, text, since, revision),
    ['search', 'revision.serving', 'search-2'],
    ['db', 'state', 'RUNNABLE'],
    ['db', 'up', '1', { window }],
    ['db', 'backends', '24', { window }],
  ];
}

/** What its serving revision, or another one, is set to. */
function set(connector: string, egress = 'private-ranges-only', network = 'none', of = 'search'): Seen[] {
  const revision = `${of}-2`;
  return [
    [of, 'connector', connector, { revision }],
    ...(network === 'none' ? [] : ([[of, 'vpc.network', network, { revision }]] as const)),
    [of, 'egress', egress, { revision }],
  ];
}

function born(clock: string): Seen[] {
  return [['search', 'deployed', at(clock), { revision: 'search-2' }]];
}

const update: Seen = [
  'db',
  'operation',
  'UPDATE DONE',
  { window: day, first: at('17:04'), last: at('17:07') },
];

/** Another service that reaches the database. */
function peer(connector: string, egress?: string): Seen[] {
  return [
    ...requests('web', 90, 0),
    ['web', 'revision.serving', 'web-2'],
    ...set(connector, egress, 'none', 'web'),
  ];
}

describe('egress-misrouted', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    [
      'is confirmed with all that is asked for',
      [...failing(toPrivate), ...set('none'), update, ...peer('prod-connector')],
      'confirmed',
    ],
    [
      'is confirmed by a change of the database just before',
      [...failing(toPrivate), ...set('none'), update],
      'confirmed',
    ],
    [
      'is confirmed by a deployment just before',
      [...failing(toPrivate), ...set('none'), ...born('17:08')],
      'confirmed',
    ],
    [
      'is at most probable where nothing changed: the revision worked so before',
      [...failing(toPrivate), ...set('none'), ...born('09:00')],
      'probable',
    ],
    [
      'is at most probable where nothing tells what changed',
      [...failing(toPrivate), ...set('none')],
      'probable',
    ],
    [
      'is at most probable towards a public address: whether there is a NAT is not read',
      [...failing(toPublic), ...set('prod-connector', 'all-traffic'), ...born('17:08')],
      'probable',
    ],
    [
      'is not shown towards a public address where another service gets there the same way',
      [
        ...failing(toPublic),
        ...set('prod-connector', 'all-traffic'),
        ...born('17:08'),
        ...peer('prod-connector', 'all-traffic'),
      ],
      'not named: refuted',
    ],
    [
      'is not asked of a public address where only private ranges go through the network',
      [...failing(toPublic), ...set('prod-connector'), ...born('17:08')],
      'not named: untested',
    ],
    [
      'is refuted where it is attached and times out towards a private address',
      [...failing(toPrivate), ...set('prod-connector'), ...born('17:08')],
      'not named: refuted',
    ],
    [
      'is not asked where a network is attached',
      [...failing(toPrivate), ...set('none', 'private-ranges-only', 'prod-vpc'), ...born('17:08')],
      'not named: untested',
    ],
    [
      'is not asked of lines of another revision',
      [...failing(toPrivate, 60, '17:09:02', 'search-1'), ...set('none'), ...born('17:08')],
      'not named: untested',
    ],
    [
      'is not shown by few of the failures, whatever else times out',
      [
        ...failing(toPrivate, 10),
        ...logged('search', 50, 'TimeoutError: payments.example.net timed out', '17:09:04'),
        ...set('none'),
        ...born('17:08'),
      ],
      'not named: weaker',
    ],
    [
      'is refuted where the database answers from the private address',
      [
        ...failing(
          'psycopg2.OperationalError: connection to server at "10.36.0.3", port 5432 failed: FATAL:  sorry, too many clients already',
        ),
        ...set('none'),
        ...born('17:08'),
      ],
      'not named: refuted',
    ],
    [
      'is not shown where the database does not run as it should',
      [
        ...without(failing(toPrivate), 'db'),
        ['db', 'state', 'ONLINE_MAINTENANCE'],
        ...set('none'),
        ...born('17:08'),
      ],
      'not named: weaker',
    ],
    [
      'is not shown where the database could not be read',
      [...without(failing(toPrivate), 'db'), ...set('none'), ...born('17:08')],
      'not named: weaker',
      { gaps: [gap('E900', 'db', '*', 'denied')] },
    ],
    [
      'is refuted where more connections arrive than before',
      [
        ...failing(toPrivate),
        ['db', 'backends', '12', { window: windowBefore }],
        ...set('none'),
        ...born('17:08'),
      ],
      'not named: refuted',
    ],
    [
      'is refuted where nothing times out',
      [...failing("KeyError: 'plan'"), ...set('none'), ...born('17:08')],
      'not named: refuted',
    ],
    [
      'is refuted where the revision came after the failure began',
      [...failing(toPrivate, 60, '17:31:00'), ...set('none'), ...born('17:30')],
      'not named: refuted',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  const texts: [who: string, text: string, verdict: string][] = [
    ['Go', toPrivate, 'confirmed'],
    [
      'psycopg2',
      'psycopg2.OperationalError: connection to server at "10.36.0.3", port 5432 failed: Connection timed out',
      'confirmed',
    ],
    ['Node', 'Error: connect ETIMEDOUT 10.36.0.3:5432', 'confirmed'],
    ['JDBC', 'java.net.SocketTimeoutException: Connect timed out: /10.36.0.3:5432', 'confirmed'],
    [
      'pgx',
      'failed to connect to `host=10.36.0.3 user=app database=app`: dial error: timeout: context deadline exceeded',
      'confirmed',
    ],
  ];

  it.each(texts)('reads a time-out to a private address as %s words it', (_who, text, verdict) => {
    expect(verdictOn(asked, [...failing(text), ...set('none'), ...born('17:08')])).toBe(verdict);
  });

  it.each([
    [
      'psycopg2',
      'psycopg2.OperationalError: connection to server at "34.72.10.9", port 5432 failed: timeout expired',
    ],
    ['Node', 'Error: connect ETIMEDOUT 34.72.10.9:5432'],
  ])('reads a time-out to a public address as %s words it', (_who, text) => {
    const seen = [...failing(text), ...set('prod-connector', 'all-traffic'), ...born('17:08')];
    expect(verdictOn(asked, seen)).toBe('probable');
  });

  it('tells the whys down to the setting and what came before', () => {
    expect(readAloud(diagnosed(asked, [...failing(toPrivate), ...set('none'), update])))
      .toMatchInlineSnapshot(`
        [
          "Why is the travel journey blocked? Because \`api\` answers 503 in 4.8 s.",
          "Why does \`api\` answer 503? Because \`search\`, on which it depends, fails (60 of 80 requests 5xx).",
          "Why does \`search\` fail? Because its connections to a private address time out (\`dial tcp 10.36.0.3:3307: i/o timeout\`, 60 times), and no connector or network is attached to it.",
          "Why did it begin then? Because operation \`UPDATE\` of \`db\` ran from 17:04 to 17:07 UTC, just before; what it changed is not read, so that is correlated only.",
        ]
      `);
    const open = [...failing(toPublic), ...set('prod-connector', 'all-traffic'), ...born('17:08')];
    expect(readAloud(diagnosed(asked, open)).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`search\` fail? Because its connections to a public address time out (\`dial tcp 34.72.10.9:3307: i/o timeout\`, 60 times), and all its traffic leaves through the network (egress \`all-traffic\`).",
      ]
    `);
  });

  it('says what speaks for it and against it', () => {
    expect(
      whysOf(asked, {
        attached: [...failing(toPrivate), ...set('prod-connector')],
        arrives: [
          ...failing(toPrivate),
          ['db', 'backends', '12', { window: windowBefore }],
          ...set('none'),
          ...born('17:08'),
        ],
        same: [
          ...failing(toPublic),
          ...set('prod-connector', 'all-traffic'),
          ...peer('prod-connector', 'all-traffic'),
        ],
        few: [...failing(toPrivate, 10), ...set('none'), ...born('17:08')],
        unread: [...without(failing(toPrivate), 'db'), ...set('none'), ...born('17:08')],
        late: [...failing(toPrivate, 60, '17:31:00'), ...set('none'), ...born('17:30')],
      }),
    ).toMatchInlineSnapshot(`
      {
        "arrives": "its connections to a private address time out (\`dial tcp 10.36.0.3:3307: i/o timeout\`, 60 times), and no connector or network is attached to it; but connections arrive: 24 are open, 12 in the hour before",
        "attached": "it is attached to its connector, and its connections go to a private address",
        "few": "its connections to a private address time out (\`dial tcp 10.36.0.3:3307: i/o timeout\`, 10 times), and no connector or network is attached to it; but that is less than half of its failures",
        "late": "its connections to a private address time out (\`dial tcp 10.36.0.3:3307: i/o timeout\`, 60 times), and no connector or network is attached to it; but only after \`search\` failed",
        "same": "its connections to a public address time out (\`dial tcp 34.72.10.9:3307: i/o timeout\`, 60 times), and all its traffic leaves through the network (egress \`all-traffic\`); but \`web\` reaches the database by the same setting",
        "unread": "its connections to a private address time out (\`dial tcp 10.36.0.3:3307: i/o timeout\`, 60 times), and no connector or network is attached to it; but the database was not read",
      }
    `);
  });
});
