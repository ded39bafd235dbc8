import { describe, expect, it } from 'vitest';
import { componentStates, journeyReadings } from '../../src/core/states.ts';
import type { ComponentState, Gap } from '../../src/core/snapshot.ts';
import {
  answer,
  at,
  configurationOf,
  connector,
  database,
  gap,
  observations,
  requests,
  shop,
  snapshotOf,
  window,
} from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

function stateOf(component: string, seen: Seen[], gaps: Gap[] = []) {
  const found = componentStates(shop, snapshotOf(observations(seen), { gaps }))[component];
  if (!found) throw new Error(`no state of ${component}`);
  return found;
}

const revision = 'auth-2';
const serving: Seen = ['auth', 'revision.serving', revision];
const exits: Seen = ['auth', 'exit.3', '39', { window, revision, first: at('17:13'), last: at('18:04') }];
const ready: Seen = ['auth', 'ready', 'CONDITION_SUCCEEDED'];
const notReady: Seen = ['auth', 'ready', 'CONDITION_FAILED'];

/** The busiest minute of a connector of e2-micro instances. */
function carries(megabits: string, instances: string): Seen[] {
  return [
    ['connector', 'throughput', megabits, { window, unit: 'Mbit/s' }],
    ['connector', 'throughput.instances', instances, { window }],
    ['connector', 'throughput.each', '100', { unit: 'Mbit/s' }],
  ];
}

describe('the state of a component', () => {
  const table: [what: string, component: string, seen: Seen[], state: ComponentState, why: string][] = [
    ['answers in time', 'api', answer('api', '200', '0.2'), 'healthy', '200 in 200 ms'],
    ['answers late', 'api', answer('api', '200', '11'), 'degraded', '200 in 11 s, expected within 10s'],
    ['answers wrongly', 'api', answer('api', '503', '4.3'), 'failing', '503 in 4.3 s'],
    ['redirects', 'api', answer('api', '302', '0.1'), 'failing', '302 in 100 ms'],
    ['has no latency', 'api', [['api', 'status', '200']], 'unknown', '200; not read'],

    ['serves', 'auth', requests('auth', 60, 0), 'healthy', 'ready, 0 of 60 requests 5xx'],
    ['fails half', 'auth', requests('auth', 20, 10), 'failing', '10 of 20 requests 5xx'],
    ['fails a few', 'auth', requests('auth', 100, 1), 'degraded', '1 of 100 requests 5xx'],
    ['fails very few', 'auth', requests('auth', 1000, 9), 'healthy', 'ready, 9 of 1,000 requests 5xx'],
    ['is only ready', 'auth', [ready], 'unknown', 'ready, no request seen; not read'],
    [
      'is ready and its endpoint answers',
      'auth',
      [ready, ...answer('login', '200')],
      'healthy',
      'ready, an endpoint of it answers 200 in 200 ms',
    ],
    [
      'has clean metrics and an endpoint that fails',
      'auth',
      [...requests('auth', 60, 0), ...answer('login', '503')],
      'degraded',
      'an endpoint of it answers 503 in 200 ms',
    ],
    ['has no ready condition', 'auth', requests('auth', 60, 0).slice(1), 'unknown', 'not read'],
    [
      'had no request',
      'auth',
      [ready, ['auth', 'requests', '0', { window }]],
      'unknown',
      'ready, no request seen; not read',
    ],
    ['is not ready', 'auth', [notReady, serving, exits], 'failing', 'not ready, 39 exits with code 3'],
    [
      'is not ready while an older revision serves',
      'auth',
      [
        ...requests('auth', 60, 0).slice(1),
        notReady,
        ['auth', 'revision.serving', 'auth-1'],
        ['auth', 'revision.created', 'auth-2'],
      ],
      'degraded',
      'the latest revision is not ready',
    ],
    [
      'exits while it serves',
      'auth',
      [...requests('auth', 60, 0), serving, exits],
      'degraded',
      '39 exits with code 3',
    ],
    [
      'loses containers to their memory limit while it serves',
      'auth',
      [
        ...requests('auth', 60, 0),
        serving,
        ['auth', 'memory.exceeded', '5', { window, revision }],
        ['auth', 'terminated.9', '3', { window, revision, partial: true }],
      ],
      'degraded',
      'memory limit exceeded 5 times, at least 3 ended by signal 9',
    ],
    [
      'has containers that were ended in order',
      'auth',
      [...requests('auth', 60, 0), serving, ['auth', 'terminated.15', '8', { window, revision }]],
      'healthy',
      'ready, 0 of 60 requests 5xx',
    ],
    [
      'has figures that were cut off',
      'auth',
      [
        ready,
        ['auth', 'requests', '40', { window, partial: true }],
        ['auth', 'requests.5xx', '31', { window, partial: true }],
      ],
      'failing',
      'at least 31 of 40 requests 5xx',
    ],
    [
      'has an old revision that exited',
      'auth',
      [...requests('auth', 60, 0), ['auth', 'revision.serving', 'auth-3'], exits],
      'healthy',
      'ready, 0 of 60 requests 5xx',
    ],
    [
      'no 5xx since 17:50, but most of the window failed',
      'auth',
      [
        ready,
        ['auth', 'requests', '40', { window, last: at('18:03') }],
        ['auth', 'requests.5xx', '31', { window, first: at('17:13'), last: at('17:50') }],
      ],
      'degraded',
      'recovering: no 5xx since 17:50 UTC, 31 of 40 requests 5xx in the window',
    ],
    [
      'failed at 17:50, without a request since',
      'auth',
      [
        ready,
        ['auth', 'requests', '40', { window, last: at('17:50') }],
        ['auth', 'requests.5xx', '31', { window, first: at('17:13'), last: at('17:50') }],
      ],
      'failing',
      '31 of 40 requests 5xx',
    ],
    [
      'fails in the serving revision only',
      'auth',
      [
        ...requests('auth', 500, 34),
        serving,
        ['auth', 'requests.by_revision', '34', { window, revision }],
        ['auth', 'requests.5xx.by_revision', '34', { window, revision }],
      ],
      'failing',
      '34 of 500 requests 5xx, 34 of 34 in the serving revision',
    ],
    [
      'gives a share without counts',
      'auth',
      [ready, ['auth', 'errors.share', '80', { window, unit: '%' }]],
      'failing',
      '80 % of requests 5xx',
    ],

    ['has room', 'connector', connector('7', '40'), 'healthy', '7/10 instances, CPU 40 %, READY'],
    ['is at its maximum', 'connector', connector('10', '40'), 'degraded', '10/10 instances, CPU 40 %, READY'],
    [
      'is at its maximum and loaded',
      'connector',
      connector('10', '94'),
      'failing',
      '10/10 instances, CPU 94 %, READY',
    ],
    [
      'is at its maximum and near what it is documented to carry',
      'connector',
      [...connector('10', '40'), ...carries('941', '10')],
      'failing',
      '10/10 instances, CPU 40 %, 941 of about 1,000 Mbit/s, READY',
    ],
    [
      'is at its maximum and far from what it is documented to carry',
      'connector',
      [...connector('10', '40'), ...carries('120', '10')],
      'degraded',
      '10/10 instances, CPU 40 %, 120 of about 1,000 Mbit/s, READY',
    ],
    [
      'had no instance that could carry its throughput',
      'connector',
      [...connector('7', '40'), ...carries('120', '0')],
      'healthy',
      '7/10 instances, CPU 40 %, READY',
    ],
    ['is in error', 'connector', [['connector', 'state', 'ERROR']], 'failing', 'ERROR'],
    [
      'is only READY',
      'connector',
      [['connector', 'state', 'READY']],
      'unknown',
      'READY, load unread; not read',
    ],

    ['runs', 'db', database, 'healthy', 'RUNNABLE, 24 connections'],
    [
      'runs with a limit',
      'db',
      [...database, ['db', 'flag.max_connections', '100']],
      'healthy',
      'RUNNABLE, 24 of 100 connections',
    ],
    [
      'runs with the default limit',
      'db',
      [...database, ['db', 'max_connections.default', '100']],
      'healthy',
      'RUNNABLE, 24 of 100 (documented default) connections',
    ],
    [
      'has a full disk',
      'db',
      [
        ...database,
        ['db', 'cpu', '34', { window, unit: '%' }],
        ['db', 'disk', '98.2', { window, unit: '%' }],
      ],
      'degraded',
      'disk 98.2 %, RUNNABLE',
    ],
    [
      'is only RUNNABLE',
      'db',
      [['db', 'state', 'RUNNABLE']],
      'unknown',
      'RUNNABLE, not shown to answer; not read',
    ],
    [
      'is down',
      'db',
      [
        ['db', 'state', 'RUNNABLE'],
        ['db', 'up', '0', { window }],
      ],
      'failing',
      'RUNNABLE, up 0',
    ],
    ['is suspended', 'db', [['db', 'state', 'SUSPENDED']], 'failing', 'SUSPENDED'],
    [
      'is stopped',
      'db',
      [
        ['db', 'state', 'RUNNABLE'],
        ['db', 'activation', 'NEVER'],
      ],
      'failing',
      'stopped (activation NEVER)',
    ],
    [
      'restarts',
      'db',
      [...database, ['db', 'operation', 'RESTART RUNNING']],
      'degraded',
      'RESTART RUNNING in progress',
    ],
    [
      'has few connections left',
      'db',
      [
        ['db', 'state', 'RUNNABLE'],
        ['db', 'up', '1', { window }],
        ['db', 'backends', '90', { window }],
        ['db', 'flag.max_connections', '100'],
      ],
      'degraded',
      '90 of 100 connections, RUNNABLE',
    ],
    [
      'has no value that is a number',
      'db',
      [
        ['db', 'state', 'RUNNABLE'],
        ['db', 'up', 'yes', { window }],
      ],
      'unknown',
      'RUNNABLE, not shown to answer; not read',
    ],
  ];

  it.each(table)('%s', (_what, component, seen, state, why) => {
    const found = stateOf(component, seen);
    expect({ state: found.state, why: found.why }).toEqual({ state, why });
  });

  it('names the gap that left it unknown, and its reason', () => {
    const found = stateOf(
      'connector',
      [['connector', 'state', 'READY']],
      [gap('E7', 'connector', 'instances', 'denied')],
    );
    expect(found).toEqual({
      state: 'unknown',
      evidence: ['E1', 'E7'],
      why: 'READY, load unread; not read: access denied',
    });
  });

  it('is unknown for a type that nothing reads, whatever was observed', () => {
    expect(stateOf('region', [], [gap('E1', 'region', '*', 'unsupported')])).toEqual({
      state: 'unknown',
      evidence: ['E1'],
      why: 'not read: no collector for this type',
    });
  });

  it('takes the figures of the present window, not those of the hour before', () => {
    const before: Seen[] = [
      ['auth', 'requests', '50', { window: { from: at('16:05'), to: at('17:05') } }],
      ['auth', 'requests.5xx', '50', { window: { from: at('16:05'), to: at('17:05') } }],
    ];
    expect(stateOf('auth', [...requests('auth', 60, 0), ...before]).state).toBe('healthy');
  });
});

describe('a journey', () => {
  const configuration = configurationOf({
    components: {
      one: { type: 'http', url: 'https://one.example.com' },
      two: { type: 'http', url: 'https://two.example.com' },
      three: { type: 'http', url: 'https://three.example.com' },
    },
    journeys: { walk: { title: 'A walk', steps: ['one', 'two', 'three'] } },
  });
  const good = '200';
  const bad = '500';
  const table: [string, (string | null)[], boolean | null, string | null, string[]][] = [
    ['all steps work', [good, good, good], false, null, ['E1', 'E2', 'E3', 'E4', 'E5', 'E6']],
    ['a step fails', [good, bad, good], true, 'two', ['E3', 'E4']],
    ['the first of two failing steps counts', [good, bad, bad], true, 'two', ['E3', 'E4']],
    ['a step before the failing one is unknown', [null, bad, good], true, 'two', ['E1', 'E2', 'E90']],
    ['a step after the failing one is unknown', [bad, null, good], true, 'one', ['E1', 'E2']],
    ['a step is unknown, none fails', [good, null, good], null, 'two', ['E91']],
    ['nothing could be read', [null, null, null], null, 'one', ['E90']],
  ];

  it.each(table)('%s', (_what, statuses, blocked, stop, evidence) => {
    const ids = ['one', 'two', 'three'];
    const seen = statuses.flatMap((status, n) => (status === null ? [] : answer(ids[n] ?? '', status)));
    const gaps = statuses.flatMap((status, n) =>
      status === null ? [gap(`E9${n}`, ids[n] ?? '', '*', 'timeout')] : [],
    );
    const snapshot = snapshotOf(observations(seen), { gaps });
    const reading = journeyReadings(configuration, componentStates(configuration, snapshot))['walk'];
    expect(reading).toMatchObject({ id: 'walk', title: 'A walk', blocked, at: stop, evidence });
    expect(reading?.steps.map((step) => step.component)).toEqual(ids);
  });
});
