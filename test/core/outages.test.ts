import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import {
  answer,
  at,
  configurationOf,
  connector,
  database,
  deployed,
  logged,
  observations,
  requests,
  saturated,
  shop,
  day,
  snapshotOf,
  window,
  windowBefore,
} from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

/** Outages as they were met, with what is easily mistaken for them beside each. */

function diagnosisOf(seen: readonly Seen[], more = {}): Diagnosis {
  return diagnose(shop, snapshotOf(observations(seen), more));
}

const rootOf = ({ root }: Diagnosis): string => `${root.cause} of ${root.component}: ${root.verdict}`;

const without = (seen: readonly Seen[], component: string): Seen[] => seen.filter(([id]) => id !== component);

const askedOf = (seen: readonly Seen[]): string[] =>
  diagnosisOf(seen).missing.map(({ wouldDecide }) => wouldDecide);

/** Both services fail in a way that their logs tell. */
function failing(text: string, more: readonly Seen[]): Seen[] {
  return [
    ...answer('login', '500'),
    ...answer('api', '500'),
    ...requests('auth', 200, 60),
    ...requests('backend', 150, 50),
    ...logged('auth', 60, text),
    ...logged('backend', 50, text),
    ...more,
  ];
}

const fullSince = (since: string): Seen[] => [
  ...without(saturated, 'connector'),
  ...connector('10', '94', since),
];

const downSince = (since: string): Seen[] =>
  failing('dial tcp 10.68.0.3:5432: i/o timeout', [
    ...connector('3', '12'),
    ...database.filter(([, name]) => name !== 'up'),
    ['db', 'up', '0', { window, first: at(since), last: at('18:02') }],
  ]);

describe('a gauge is sampled: what its first sample shows began before it', () => {
  it.each([
    ['in the sample after the first failure', '17:10', 'vpc-connector-saturated of connector: confirmed'],
    ['two samples after it, which is too late to be the cause', '17:12', 'unknown of auth: unknown'],
  ])('a connector that is full %s', (_what, since, root) => {
    expect(rootOf(diagnosisOf(fullSince(since)))).toBe(root);
  });

  it.each([
    ['in the sample after the first failure', '17:10', 'cloudsql-unavailable of db: confirmed'],
    ['three samples after it', '17:13', 'unknown of auth: unknown'],
  ])('a database that is down %s', (_what, since, root) => {
    expect(rootOf(diagnosisOf(downSince(since)))).toBe(root);
  });
});

const openOf = (count: string): Seen[] => [
  ['db', 'flag.max_connections', '100'],
  ['db', 'backends', count, { window }],
  ['db', 'backends.max', count, { window }],
];

describe('a database that says itself that it is full', () => {
  const said = 'Error: ER_CON_COUNT_ERROR: Too many connections';
  const running = database.filter(([, name]) => name !== 'backends');
  it.each<[what: string, seen: Seen[], root: string]>([
    [
      'without a metric of its connections, as for MySQL',
      failing(said, running),
      'cloudsql-connections-exhausted of db: probable',
    ],
    [
      'with next to all of them open',
      failing(said, [...running, ...openOf('99')]),
      'cloudsql-connections-exhausted of db: confirmed',
    ],
    [
      'with two thirds of them open: a limit of its own, of a role or a pool',
      failing(said, [...running, ...openOf('66')]),
      'unknown of db: unknown',
    ],
    ['with a third of them open', failing(said, [...running, ...openOf('33')]), 'unknown of db: unknown'],
  ])('%s', (_what, seen, root) => {
    expect(rootOf(diagnosisOf(seen))).toBe(root);
  });

  it('is not accused where a service has two databases and the line names none', () => {
    const { components, journeys } = shop;
    const two = configurationOf({
      components: {
        ...components,
        auth: { ...components['auth'], depends_on: ['connector', 'db', 'other'] },
        other: { type: 'cloud-sql', instance: 'reports', via: 'connector' },
      },
      journeys,
    });
    const { root } = diagnose(two, snapshotOf(observations(failing(said, running))));
    expect(root.component).not.toBe('other');
  });
});

const busyFor = (before: string, median: string): Seen[] => [
  ...answer('login', '429'),
  ...answer('api', '200'),
  ['auth', 'ready', 'CONDITION_SUCCEEDED'],
  ['auth', 'revision.serving', 'auth-1'],
  ['auth', 'requests', '3000', { window, first: at('17:05'), last: at('18:04') }],
  ['auth', 'requests', before, { window: windowBefore }],
  ['auth', 'requests.5xx', '0', { window }],
  ['auth', 'requests.4xx', '600', { window }],
  ['auth', 'latency.p50', median, { window, unit: 'ms' }],
  ['auth', 'latency.p50', '120', { window: windowBefore, unit: 'ms' }],
  ['auth', 'scaling.max', '5', { revision: 'auth-1' }],
  ['auth', 'instances.active.max', '5', { window, revision: 'auth-1' }],
  ...logged(
    'auth',
    600,
    'The request was aborted because there was no available instance.',
    '17:20:02',
    'auth-1',
  ),
];

describe('all instances run', () => {
  it.each([
    ['for twice as many requests', '1500', '240', 'confirmed'],
    ['for as many requests, which take long: they are not the root', '3100', '9000', 'probable'],
    ['for as many requests, none of them slower', '3100', '130', 'probable'],
  ])('%s', (_what, before, median, verdict) => {
    expect(rootOf(diagnosisOf(busyFor(before, median)))).toBe(`max-instances-reached of auth: ${verdict}`);
  });

  it('of the revision in use, whatever the one before it had', () => {
    const seen: Seen[] = [
      ...busyFor('1500', '240'),
      ['auth', 'scaling.max', '20', { revision: 'auth-0' }],
      ['auth', 'instances.active.max', '9', { window, revision: 'auth-0' }],
    ];
    expect(rootOf(diagnosisOf(seen))).toBe('max-instances-reached of auth: confirmed');
  });

  it('asks why requests take longer, and only where they do', () => {
    const asked = 'why requests to `auth` take longer';
    expect(askedOf(busyFor('3100', '9000'))).toContain(asked);
    expect(askedOf(busyFor('3100', '130'))).not.toContain(asked);
  });
});

describe('an event of Cloud SQL in the region', () => {
  const event: Seen[] = [
    ['region', 'events.active', '1'],
    [
      'region',
      'event',
      'ACTIVE IMPACTED',
      { text: 'Cloud SQL instances unavailable; Google Cloud SQL; us-central1', first: at('17:05') },
    ],
  ];
  const down: Seen[] = [
    ...database.filter(([, name]) => name !== 'up' && name !== 'operation'),
    ['db', 'up', '0', { window, first: at('17:09'), last: at('18:02') }],
  ];
  const none: Seen = ['db', 'operation', 'none', { window }];
  const failover: Seen = ['db', 'operation', 'FAILOVER RUNNING', { window, first: at('17:08:40') }];

  it.each<[what: string, seen: Seen[], root: string]>([
    [
      'is behind a database that is down by its metrics alone',
      [...down, none, ...event],
      'regional-incident of region: confirmed',
    ],
    [
      'is not behind one that an operation took away',
      [...down, failover, ...event],
      'cloudsql-unavailable of db: probable',
    ],
  ])('%s', (_what, seen, root) => {
    const text = 'dial tcp 10.68.0.3:5432: i/o timeout';
    expect(rootOf(diagnosisOf(failing(text, [...connector('3', '12'), ...seen])))).toBe(root);
  });
});

const refusedSecret = (secret: string): Seen[] => [
  ...answer('login', '500'),
  ...requests('auth', 200, 60),
  ...logged(
    'auth',
    60,
    `Permission denied on secret: projects/7/secrets/${secret}/versions/latest for Revision service account a@b.c`,
  ),
  ['key', 'state', 'ENABLED'],
  ['key', 'secret.version', '3'],
];

const fullConnector = (since: string, received: [now: string, before: string]): Seen[] => [
  ...connector('10', '94', '17:05').filter(([, name]) => name !== 'instances.since'),
  ['connector', 'instances.since', at(since), { window: day }],
  ['connector', 'received_bytes', received[0], { window }],
  ['connector', 'received_bytes', received[1], { window: windowBefore }],
];

describe('a connector that was full for long before anything failed', () => {
  const timedOut = 'Error: connect ETIMEDOUT 10.68.0.9:5432';

  it.each([
    [
      'carries what it carried before: it is not the cause',
      '12:00',
      ['900', '900'],
      'unknown of connector: unknown',
    ],
    [
      'carries twice as much now',
      '12:00',
      ['1800', '900'],
      'vpc-connector-saturated of connector: confirmed',
    ],
    [
      'was not full before, at the same traffic',
      '17:07',
      ['900', '900'],
      'vpc-connector-saturated of connector: confirmed',
    ],
  ] as const)('%s', (_what, since, [now, before], root) => {
    const seen = failing(timedOut, [...fullConnector(since, [now, before]), ...database]);
    expect(rootOf(diagnosisOf(seen))).toBe(root);
  });
});

describe('a connector that all traffic of a service takes', () => {
  it.each([
    ['all-traffic', 'vpc-connector-saturated of connector: confirmed'],
    ['private-ranges-only', 'unknown of auth: unknown'],
  ])('where connections to the Internet time out, with egress %s', (egress, root) => {
    const seen: Seen[] = [
      ...failing('Error: connect ETIMEDOUT 203.0.113.9:443', [
        ...connector('10', '94', '17:07'),
        ...database,
      ]),
      ['auth', 'egress', egress],
      ['backend', 'egress', egress],
    ];
    expect(rootOf(diagnosisOf(seen))).toBe(root);
  });
});

describe('a secret that a service is refused', () => {
  const file = {
    components: {
      auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['key'] },
      key: { type: 'secret', name: 'auth-key' },
      login: { type: 'http', url: 'https://auth.example.com/health', depends_on: ['auth'] },
    },
    journeys: { 'golden-path': { title: 'Login', steps: ['login'] } },
  };
  it.each([
    ['a configured one is asked, and not the service', 'auth-key', ['key']],
    ['another one is asked of the service', 'other-key', ['key', 'auth']],
  ])('%s', (_what, secret, asked) => {
    const { alternatives, root } = diagnose(
      configurationOf(file),
      snapshotOf(observations(refusedSecret(secret))),
    );
    const of = [root, ...alternatives]
      .filter(({ cause }) => cause === 'secret-inaccessible')
      .map(({ component }) => component);
    expect(new Set(of)).toEqual(new Set(asked));
  });
});

describe('something outside that answers late', () => {
  it('is weaker where most failures do not name it, and refuted where it answers in time', () => {
    const outside = configurationOf({
      components: {
        auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['geo'] },
        geo: { type: 'http', url: 'https://geo.example.com/', expect: { within: '2s' } },
        login: { type: 'http', url: 'https://auth.example.com/health', depends_on: ['auth'] },
      },
      journeys: { 'golden-path': { title: 'Login', steps: ['login'] } },
    });
    const verdictFor = (seconds: string): string | undefined => {
      const seen = [
        ...answer('login', '500'),
        ...answer('geo', '200', seconds),
        ...requests('auth', 200, 60),
        ...logged('auth', 60, 'order 17 rejected'),
      ];
      return diagnose(outside, snapshotOf(observations(seen))).alternatives.find(
        ({ cause }) => cause === 'dependency-unavailable',
      )?.verdict;
    };
    expect([verdictFor('4.7'), verdictFor('0.1')]).toEqual(['weaker', 'refuted']);
  });
});

describe('where the evidence ends', () => {
  it('asks for the error of the program, not for the status of its requests', () => {
    const seen = [
      ...answer('login', '500'),
      ...answer('api', '200'),
      ...requests('auth', 200, 60),
      ...logged('auth', 60, 'HTTP 500'),
      ...logged('auth', 58, 'cart is locked by another session'),
    ];
    expect(diagnosisOf(seen).missing[0]?.wouldDecide).toContain('cart is locked by another session');
  });
});

const egressVerdict = (text: string): string | undefined =>
  diagnosisOf(failing(text, database)).alternatives.find(({ cause }) => cause === 'egress-misrouted')
    ?.verdict;

describe('egress', () => {
  it.each([
    ['a program error', "KeyError: 'total'", 'refuted'],
    ['a refused connection', 'Error: connect ECONNREFUSED 127.0.0.1:9000', 'refuted'],
    ['a connection that times out', 'Error: connect ETIMEDOUT 203.0.113.9:443', 'untested'],
  ])('where the log tells of %s', (_what, text, verdict) => {
    expect(egressVerdict(text)).toBe(verdict);
  });
});

const afterDeployment = (text: string): Seen[] => [
  ...answer('login', '500'),
  ...answer('api', '200'),
  ...requests('auth', 200, 60),
  ['auth', 'revision.serving', 'auth-2'],
  ['auth', 'revision.healthy', '300', { revision: 'auth-1', first: at('15:00'), last: at('17:08') }],
  ['auth', 'revision.healthy.5xx', '0', { revision: 'auth-1' }],
  ['auth', 'requests.by_revision', '190', { window, revision: 'auth-2' }],
  ['auth', 'requests.5xx.by_revision', '60', { window, revision: 'auth-2' }],
  ...logged('auth', 60, text, '17:09:02', 'auth-2'),
];

const seenAfter = (since: string): Seen[] =>
  afterDeployment('ValueError: invalid literal for int()').map(([component, name, value, more]): Seen =>
    name === 'requests.5xx.since'
      ? [component, name, at(since), more]
      : [component, name, value, name === 'requests.5xx' ? { ...more, first: at(since) } : more],
  );

describe('a deployment that fails in its own code', () => {
  const change = deployed('auth', '17:08', [{ key: 'image', from: 'auth:1', to: 'auth:2' }]);
  it.each([
    [
      'a panic that the handler caught',
      'panic recovered: runtime error: index out of range [3]',
      'bad-deploy',
    ],
    ['a column that the database does not have', 'pq: column "centre" does not exist', 'bad-deploy'],
    ['an exception of Java', 'java.lang.NullPointerException: price is null', 'bad-deploy'],
    ['a line that names no error of a program', 'order 17 rejected', 'unknown'],
    ['what something else answered', 'AxiosError: Request failed with status code 503', 'unknown'],
    [
      'the same of Python',
      'requests.exceptions.HTTPError: 503 Server Error for url: https://a.example',
      'unknown',
    ],
  ])('%s', (_what, text, cause) => {
    expect(diagnosisOf(afterDeployment(text), { changes: [change] }).root.cause).toBe(cause);
  });

  it.each([
    ["KeyError: 'vat'", 'confirmed'],
    ['OperationalError: deadlock detected', 'probable'],
  ])('%s: is %s', (text, verdict) => {
    expect(diagnosisOf(afterDeployment(text), { changes: [change] }).root).toMatchObject({
      cause: 'bad-deploy',
      verdict,
    });
  });

  it('is not told by errors that were logged long before requests failed', () => {
    const later = seenAfter('17:30');
    const { root } = diagnosisOf(later, { changes: [change] });
    expect(root.cause).toBe('unknown');
  });

  it('is told by the errors of a revision that has but a part of the traffic', () => {
    const part = afterDeployment("KeyError: 'vat'").map((one): Seen =>
      one[1] === 'revision.serving' ? ['auth', 'revision.serving', 'auth-1'] : one,
    );
    const { root } = diagnosisOf(part, { changes: [change] });
    expect(root.cause).toBe('bad-deploy');
  });
});

const rootAfterChange = (to: string | null, text: string): string =>
  diagnosisOf(afterDeployment(text), {
    changes: [deployed('auth', '17:08', [{ key: 'env.REGION', from: 'eu', to }])],
  }).root.cause;

describe('a lower memory limit', () => {
  const ended = 'Memory limit of 512 MiB exceeded with 530 MiB used.';
  const change = deployed('auth', '17:08', [{ key: 'limit.memory', from: '2Gi', to: '512Mi' }]);

  it('is what is behind containers that are ended at it', () => {
    const seen: Seen[] = [
      ...afterDeployment('HTTP 503'),
      ['auth', 'memory.exceeded', '60', { window, revision: 'auth-2', text: ended, first: at('17:09:02') }],
    ];
    expect(rootOf(diagnosisOf(seen, { changes: [change] }))).toBe('config-drift of auth: confirmed');
  });
});

describe('refusals for a quota', () => {
  const text = 'ResourceExhausted: 429 Quota exceeded for quota metric Requests';
  const refusedSince = (line: string, since: string): Seen[] => [
    ...answer('login', '500'),
    ...answer('api', '200'),
    ...requests('auth', 200, 60, since),
    ...logged('auth', 60, text, line),
  ];

  it.each([
    ['that began with the failure', '17:30:02', '17:30', 'quota-exhausted of auth: confirmed'],
    ['that retries hid for some minutes', '17:26:02', '17:30', 'quota-exhausted of auth: confirmed'],
    ['that did no harm for long', '17:09:02', '17:30', 'unknown of auth: unknown'],
  ])('%s', (_what, line, since, root) => {
    expect(rootOf(diagnosisOf(refusedSince(line, since)))).toBe(root);
  });
});

describe('a changed variable', () => {
  it.each<[what: string, to: string | null, text: string, cause: string]>([
    ['is the cause where the log complains of it', 'eu1', 'Error: invalid REGION: eu1', 'config-drift'],
    ['is not where the log only mentions it', 'eu1', 'order refused by pricing in REGION eu1', 'unknown'],
    ['is the cause where it is gone and the log names it', null, 'no value for REGION', 'config-drift'],
  ])('%s', (_what, to, text, cause) => {
    expect(rootAfterChange(to, text)).toBe(cause);
  });
});
