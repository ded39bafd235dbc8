import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import { diagnosisSchema } from '../../src/core/diagnosis.ts';
import type { Alternative } from '../../src/core/diagnosis.ts';
import type { Gap } from '../../src/core/snapshot.ts';
import {
  answer,
  at,
  configurationOf,
  connector,
  database,
  deployed,
  gap,
  logged,
  observations,
  requests,
  saturated,
  shop,
  snapshotOf,
  window,
} from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

function diagnosisOf(seen: Seen[], gaps: Gap[] = [], configuration = shop) {
  return diagnosisSchema.parse(diagnose(configuration, snapshotOf(observations(seen), { gaps })));
}

/** The chain as hops of `component.signal`. */
function hops(...of: Parameters<typeof diagnosisOf>): string[] {
  return diagnosisOf(...of).chain.map(({ effect, cause, edge }) => {
    const end = cause ? `${cause.component}.${cause.signal}` : '?';
    return `${effect.component}.${effect.signal} -${edge ?? ''}-> ${end}`;
  });
}

/** All of a list but what is said of one component. */
function without(seen: Seen[], ...components: string[]): Seen[] {
  return seen.filter(([component]) => !components.includes(component));
}

describe('the walk', () => {
  it('goes from the journey to the connector that both services time out through, and what fills it', () => {
    expect(hops(saturated)).toEqual([
      'golden-path.journey -journey-> login.status',
      'login.status -depends_on-> auth.requests.5xx',
      'auth.requests.5xx -same-> auth.log.error',
      'auth.log.error -depends_on-> connector.instances',
      'connector.instances -same-> connector.instances.max',
    ]);
    const { root, chain, missing } = diagnosisOf(saturated);
    expect(root).toEqual({ cause: 'vpc-connector-saturated', component: 'connector', verdict: 'confirmed' });
    expect(chain.map(({ answer: told }) => told)).toEqual([
      'Because `login` answers 503 in 4.3 s. `api` fails too.',
      'Because `auth`, on which it depends, fails (22 of 22 requests 5xx).',
      'Because its connections to `db` time out, 176 times.',
      'Because `connector`, on which it depends, fails (10/10 instances, CPU 94 %, READY).',
      'Because it is at its limit, all instances in use since 17:07 UTC.',
    ]);
    expect(missing).toEqual([]);
  });

  it('names the exits of a container where they belong to the failure', () => {
    const exits: Seen = ['auth', 'exit.3', '90', { window, first: at('17:09:05'), last: at('18:04') }];
    expect(hops([...saturated, exits]).slice(1, 4)).toEqual([
      'login.status -depends_on-> auth.requests.5xx',
      'auth.requests.5xx -same-> auth.exit.3',
      'auth.exit.3 -same-> auth.log.error',
    ]);
  });

  it('leaves out exits that began after the failure', () => {
    const exits: Seen = ['auth', 'exit.3', '39', { window, first: at('17:30:05'), last: at('18:04') }];
    expect(hops([...saturated, exits])).not.toContain('auth.requests.5xx -same-> auth.exit.3');
  });

  const ends: [what: string, seen: Seen[], component: string][] = [
    [
      'at the service whose log says nothing',
      without(saturated, 'connector').filter(([, signal]) => signal !== 'log.error'),
      'auth',
    ],
    [
      'at the service whose log points nowhere, whatever the connector does',
      [
        ...saturated.filter(([, signal]) => signal !== 'log.error'),
        ...logged('auth', 90, 'ValueError: bad'),
        ...logged('backend', 90, 'ValueError: bad'),
      ],
      'auth',
    ],
    [
      'at the service of whose failures few point to the connector',
      saturated.map(([component, signal, value, more]): Seen => [
        component,
        signal,
        component === 'auth' && signal === 'log.error' ? '10' : value,
        more,
      ]),
      'auth',
    ],
    [
      'at the service where the connector has room',
      [...without(saturated, 'connector'), ...connector('3', '20')],
      'auth',
    ],
    [
      'at the service where the connector was full only later',
      [...without(saturated, 'connector'), ...connector('10', '94', '17:40')],
      'auth',
    ],
    [
      'at the endpoint behind which nothing is known to fail',
      [...answer('login', '503'), ...answer('api', '200')],
      'login',
    ],
    [
      'at the endpoint that answers 404: that is its own',
      [
        ...saturated.filter(([c]) => c !== 'login' && c !== 'api'),
        ...answer('login', '404'),
        ...answer('api', '200'),
      ],
      'login',
    ],
  ];

  it.each(ends)('ends %s', (_what, seen, component) => {
    expect(diagnosisOf(seen).root).toEqual({ cause: 'unknown', component, verdict: 'unknown' });
  });

  it.each<[what: string, seen: Seen[], cause: string, component: string, verdict: string]>([
    [
      'the connector that was full within the same minute',
      [...without(saturated, 'connector'), ...connector('10', '94', '17:09')],
      'vpc-connector-saturated',
      'connector',
      'confirmed',
    ],
    [
      'the database that the errors point to, without a time since when it is away',
      [
        ...without(saturated, 'connector', 'db'),
        ...connector('3', '20', '09:00'),
        ['db', 'state', 'SUSPENDED'],
      ],
      'cloudsql-unavailable',
      'db',
      'probable',
    ],
  ])('ends at %s', (_what, seen, cause, component, verdict) => {
    expect(diagnosisOf(seen).root).toEqual({ cause, component, verdict });
  });

  it('does not go to a connector that the API shows detached', () => {
    const detached: Seen[] = [
      ['auth', 'connector', 'none'],
      ['backend', 'connector', 'none'],
    ];
    expect(diagnosisOf([...saturated, ...detached]).root.component).toBe('auth');
  });

  it('goes through the database to the connector that only `via` names', () => {
    const configuration = configurationOf({
      components: {
        auth: { type: 'cloud-run', service: 'auth', depends_on: ['db'] },
        db: { type: 'cloud-sql', instance: 'staging-postgres', via: 'connector' },
        connector: { type: 'vpc-connector', name: 'staging-connector' },
      },
    });
    expect(hops(without(saturated, 'login', 'api', 'backend'), [], configuration)).toEqual([
      'auth.healthy -same-> auth.requests.5xx',
      'auth.requests.5xx -same-> auth.log.error',
      'auth.log.error -via-> connector.instances',
      'connector.instances -same-> connector.instances.max',
    ]);
  });

  it('shows the evidence of an edge that only the API proves', () => {
    const configuration = configurationOf({
      components: {
        auth: { type: 'cloud-run', service: 'auth' },
        connector: { type: 'vpc-connector', name: 'staging-connector' },
      },
    });
    const seen: Seen[] = [
      ['auth', 'connector', 'staging-connector'],
      ...requests('auth', 22, 22),
      ...logged('auth', 176, 'dial tcp 10.68.0.3:3307: i/o timeout'),
      ...connector('10', '94'),
    ];
    const { chain } = diagnosisOf(seen, [], configuration);
    expect(chain[2]).toMatchObject({ edge: 'attached', cause: { component: 'connector' } });
    expect(chain[2]?.evidence).toContain('E1');
  });

  it('takes the metrics of a service as silent while its endpoint and its log already fail', () => {
    const seen: Seen[] = [
      ...answer('login', '200'),
      ...answer('api', '503', '4.3'),
      ...requests('auth', 60, 0),
      ...requests('backend', 60, 0),
      ...logged('backend', 8, 'dial tcp 10.68.0.3:3307: i/o timeout', '17:59:11'),
      ...connector('10', '94', '17:57'),
      ...database,
    ];
    expect(
      diagnosisOf(seen)
        .chain.map(({ answer: told }) => told)
        .slice(1, 3),
    ).toEqual([
      'Because `backend`, on which it depends, logs that its connections to `db` time out, 8 times.',
      'Because `connector`, on which it depends, fails (10/10 instances, CPU 94 %, READY).',
    ]);
  });

  it('follows what most of the failing services share, not the failure of one', () => {
    const seen: Seen[] = [
      ...saturated,
      ['auth', 'revision.serving', 'auth-2'],
      ['auth', 'deployed', at('17:20'), { revision: 'auth-2' }],
      ...logged('auth', 5, "ModuleNotFoundError: No module named 'x'", '17:20:50', 'auth-2'),
      ['auth', 'exit.1', '5', { window, revision: 'auth-2', first: at('17:20:53'), last: at('18:04:53') }],
    ];
    expect(diagnosisOf(seen).root.component).toBe('connector');
  });

  it('begins at the first failing step that the end can be reached from', () => {
    const seen = saturated.filter(([component, signal]) => component !== 'auth' || signal !== 'log.error');
    const weighed = seen.map(([component, signal, value, more]): Seen =>
      component === 'auth' && (signal === 'requests' || signal === 'requests.5xx')
        ? [component, signal, '4', more]
        : [component, signal, value, more],
    );
    const { chain } = diagnosisOf(weighed);
    expect(chain[0]?.answer).toBe('Because `api` answers 503 in 4.3 s. `login` fails too.');
    expect(chain.at(-1)?.effect.component).toBe('connector');
  });

  it('begins with a service that fails a little, before a connector that nobody is seen to fail through', () => {
    const configuration = configurationOf({
      components: {
        connector: { type: 'vpc-connector', name: 'staging-connector' },
        auth: { type: 'cloud-run', service: 'auth-staging' },
      },
    });
    const seen = [...connector('10', '94', '09:00'), ...requests('auth', 60, 6)];
    expect(diagnosisOf(seen, [], configuration).chain[0]).toMatchObject({
      question: 'Why is `auth` not healthy?',
    });
    const healthy = [...connector('10', '94', '09:00'), ...requests('auth', 60, 0)];
    expect(diagnosisOf(healthy, [], configuration).chain[0]).toMatchObject({
      question: 'Why is `connector` not healthy?',
    });
  });

  it('has at most seven whys, and joins the hops between', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const configuration = configurationOf({
      components: Object.fromEntries(
        names.map((name, n) => [
          name,
          { type: 'cloud-run', service: `service-${name}`, depends_on: names.slice(n + 1, n + 2) },
        ]),
      ),
      journeys: { long: { title: 'A long way', steps: ['a'] } },
    });
    const seen = names.flatMap((name, n): Seen[] => [
      ...requests(name, 10, 10),
      ...logged(name, 30, `Error: connect ETIMEDOUT service-${names[n + 1] ?? 'nowhere'}`),
    ]);
    const { chain, root } = diagnosisOf(seen, [], configuration);
    expect(chain).toHaveLength(7);
    expect(root.component).toBe('h');
    expect(chain.map(({ cause }) => cause?.component ?? '?')).toEqual(['a', 'd', 'e', 'f', 'g', 'h', '?']);
    expect(chain[1]?.answer).toBe(
      'Because `d`, on which it depends, fails (10 of 10 requests 5xx); between them are `b` and `c`.',
    );
  });

  it('comes to an end where components depend on each other', () => {
    const configuration = configurationOf({
      components: {
        a: { type: 'cloud-run', service: 'service-a', depends_on: ['b'] },
        b: { type: 'cloud-run', service: 'service-b', depends_on: ['a'] },
      },
    });
    const seen = ['a', 'b'].flatMap((name): Seen[] => [
      ...requests(name, 10, 10),
      ...logged(name, 30, 'Error: connect ETIMEDOUT service-a service-b'),
    ]);
    const { chain } = diagnosisOf(seen, [], configuration);
    expect(chain.length).toBeGreaterThanOrEqual(2);
    expect(new Set(chain.map(({ cause }) => JSON.stringify(cause))).size).toBe(chain.length);
  });
});

describe('what is missing', () => {
  it('is first what could not be read and the errors point to', () => {
    const seen = without(saturated, 'connector');
    const { root, missing, chain } = diagnosisOf(seen, [gap('E99', 'connector', '*', 'denied')]);
    expect(root.component).toBe('auth');
    expect(missing[0]).toEqual({
      wouldDecide: 'the state of `connector` (not read: access denied)',
      command: 'gcloud read',
    });
    expect(chain.at(-1)?.answer).toBe(
      'Unknown – this query would decide: the state of `connector` (not read: access denied).',
    );
  });

  it('is nothing for a confirmed cause', () => {
    const seen: Seen[] = [
      ...without(saturated, 'login', 'auth', 'backend'),
      ...answer('login', '503'),
      ...requests('auth', 34, 34, '17:21'),
      ['auth', 'revision.serving', 'auth-2'],
      ...logged('auth', 19, "ModuleNotFoundError: No module named 'x'", '17:20:50', 'auth-2'),
      ['auth', 'exit.1', '19', { window, revision: 'auth-2', first: at('17:20:53'), last: at('18:04:53') }],
    ];
    const found = diagnosisOf(seen);
    expect(found.verdict).toBe('confirmed');
    expect(found.missing).toEqual([]);
  });

  it('quotes names for a shell and for a filter', () => {
    const read = configurationOf({ components: { a: { type: 'cloud-run', service: 'x" OR "y' } } });
    // No configuration that was read has such a project; the quoting does not rely on that.
    const configuration = { ...read, google_cloud: { project: "p'; rm -rf $HOME", region: 'r' } };
    const [first] = diagnosisOf(requests('a', 10, 10), [], configuration).missing;
    expect(first?.command).toBe(
      String.raw`gcloud logging read 'resource.type="cloud_run_revision" AND resource.labels.service_name="x\" OR \"y" AND severity>=ERROR' --freshness=1h --limit=200 --project='p'\''; rm -rf $HOME'`,
    );
  });
});

describe('where nothing is known to fail', () => {
  it('has no chain and no cause', () => {
    const seen = [...answer('login', '200'), ...answer('api', '200')];
    expect(diagnosisOf(seen)).toMatchObject({
      verdict: 'unknown',
      root: { cause: 'unknown', component: '', verdict: 'unknown' },
      chain: [],
      findings: [],
      alternatives: [],
    });
  });

  it('names what could not be read, first of all on journeys', () => {
    const seen = answer('login', '200');
    const { root, missing } = diagnosisOf(seen, [gap('E99', 'api', '*', 'timeout')]);
    expect(root.component).toBe('api');
    expect(missing[0]?.wouldDecide).toBe('the state of `api` (not read: no answer in time)');
  });

  it('says nothing of an empty snapshot but what is missing', () => {
    const { verdict, chain, missing } = diagnosisOf([]);
    expect({ verdict, chain }).toEqual({ verdict: 'unknown', chain: [] });
    expect(missing.length).toBeGreaterThan(0);
  });
});

/** The alternatives by cause, where another image was deployed in the morning. */
function verdicts(seen: Seen[]): Map<string, Alternative> {
  const changes = [deployed('backend', '10:00', [{ key: 'image', from: 'a', to: 'b' }])];
  const { alternatives } = diagnose(shop, snapshotOf(observations(seen), { changes }));
  return new Map(alternatives.map((one) => [one.cause, one]));
}

describe('alternatives', () => {
  it('holds every cause that the components on the way can have, each once, but no root', () => {
    const all = diagnosisOf(saturated).alternatives.map(({ cause, component }) => `${cause} of ${component}`);
    expect(new Set(all).size).toBe(all.length);
    expect(all).not.toContain('vpc-connector-saturated of connector');
    expect(all).toContain('vpc-connector-unavailable of connector');
    expect(all).toContain('cloudsql-unavailable of db');
    expect(all).toContain('regional-incident of region');
  });

  it('is untested with what would decide, where nothing speaks for or against it', () => {
    const unread = saturated.filter(([, signal]) => signal !== 'log.errors');
    expect(verdicts(unread).get('out-of-memory')).toMatchObject({
      verdict: 'untested',
      decidedBy: [],
      why: 'not tested; this would decide: whether containers of `backend` end at their memory limit',
    });
  });

  const refuted: [cause: string, more: Seen[], why: string][] = [
    ['vpc-connector-unavailable', [], 'it is READY'],
    ['cloudsql-unavailable', [], 'RUNNABLE, with no operation in the last 24 hours'],
    [
      'cloudsql-connections-exhausted',
      [
        ['db', 'backends.max', '64', { window }],
        ['db', 'flag.max_connections', '500'],
      ],
      'at most 64 of 500 connections in the window',
    ],
    [
      'max-instances-reached',
      [
        ['backend', 'instances.active.max', '40', { window, revision: 'b-2' }],
        ['backend', 'scaling.max', '100', { revision: 'b-2' }],
      ],
      'its instances stayed below the maximum in the window',
    ],
    [
      'max-instances-reached',
      [
        ['backend', 'instances.active.max', '100', { window, revision: 'b-2' }],
        ['backend', 'scaling.max', '100', { revision: 'b-2' }],
      ],
      'no request turned away in the log of the window',
    ],
    ['out-of-memory', [], 'no end at a memory limit in the log of the window'],
    ['startup-timeout', [['backend', 'exit.3', '39', { window }]], 'its container exits by itself'],
    [
      'egress-misrouted',
      [['backend', 'connector', 'staging-connector']],
      'it is attached to its connector, and its connections go to a private address',
    ],
    [
      'bad-deploy',
      [
        ['backend', 'revision.serving', 'b-2'],
        ['backend', 'deployed', '2025-09-12T15:58:30Z', { revision: 'b-2' }],
      ],
      'its revision had served for 3 d when the failures began',
    ],
  ];

  it('refutes nothing by a figure that was cut off: it may be greater', () => {
    const found = verdicts([
      ...saturated,
      ['db', 'backends.max', '64', { window, partial: true }],
      ['db', 'flag.max_connections', '500'],
    ]).get('cloudsql-connections-exhausted');
    expect(found?.verdict).not.toBe('refuted');
  });

  it('tells a count that was cut off as a lower bound', () => {
    const cut = saturated.map((seen): Seen => {
      const [component, name, value, more] = seen;
      return name === 'log.error' ? [component, name, value, { ...more, partial: true }] : seen;
    });
    const { chain } = diagnose(shop, snapshotOf(observations(cut)));
    expect(chain.map(({ answer: told }) => told).join(' ')).toContain('time out, at least 176 times');
  });

  it.each(refuted)('refutes %s by an observation', (cause, more, why) => {
    const found = verdicts([...saturated, ...more]).get(cause);
    expect(found).toMatchObject({ verdict: 'refuted', why });
    expect(found?.decidedBy.length).toBeGreaterThan(0);
  });

  const open: [cause: string, more: Seen[]][] = [
    [
      'cloudsql-connections-exhausted',
      [
        ['db', 'backends.max', '300', { window }],
        ['db', 'flag.max_connections', '500'],
      ],
    ],
    ['cloudsql-connections-exhausted', [['db', 'backends.max', '64', { window }]]],
    ['egress-misrouted', []],
    [
      'cloudsql-unavailable',
      [['db', 'operation', 'MAINTENANCE DONE', { window, first: at('16:05'), last: at('16:20') }]],
    ],
  ];

  it.each(open)('leaves %s open where no observation decides', (cause, more) => {
    expect(verdicts([...saturated, ...more]).get(cause)?.verdict).toBe('untested');
  });

  it('weakens a regional incident by a service that works there', () => {
    const configuration = configurationOf({
      components: {
        ...Object.fromEntries(Object.entries(shop.components)),
        web: { type: 'cloud-run', service: 'web' },
      },
      journeys: shop.journeys,
    });
    const { alternatives } = diagnosisOf([...saturated, ...requests('web', 90, 0)], [], configuration);
    expect(alternatives.find(({ cause }) => cause === 'regional-incident')).toMatchObject({
      verdict: 'weaker',
      why: '`web` works in the same region',
    });
  });
});
