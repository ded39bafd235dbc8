import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import { asPrevious } from '../../src/core/previous.ts';
import type { Observation, PreviousUpdate } from '../../src/core/snapshot.ts';
import { at, configurationOf, day, observations, shop, snapshotOf, window } from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

function sides(all: readonly { value: string }[]): string {
  return all.map(({ value }) => value).join(' / ');
}

function told({ contradictions, differences }: Diagnosis): string[] {
  return [
    ...contradictions.map(
      (one) => `${one.kind} ${one.about.component}.${one.about.signal}: ${sides(one.sides)}`,
    ),
    ...differences.map((one) => `differs ${one.about.component}.${one.about.signal}: ${sides(one.sides)}`),
  ];
}

const point = (clock: string, more: Partial<Observation> = {}): Partial<Observation> => ({
  window,
  last: at(clock),
  ...more,
});

const recent = { from: at('17:57'), to: at('18:02') };
const answered = (all: string, failed: string): Seen[] => [
  ['backend', 'requests.recent', all, { window: recent }],
  ['backend', 'requests.5xx.recent', failed, { window: recent }],
];
const active = (count: string, since: string): Seen => [
  'backend',
  'instances.active',
  count,
  point('18:04', { first: at(since) }),
];

describe('a state and the metrics of the same time', () => {
  const through: Seen[] = [
    ['backend', 'connector', 'staging-connector'],
    ['backend', 'egress', 'all-traffic'],
    ['backend', 'requests.2xx', '12', { window }],
  ];
  const ready: Seen = ['connector', 'state', 'READY'];
  const runnable: Seen = ['db', 'state', 'RUNNABLE'];
  const serves: Seen = ['backend', 'ready', 'CONDITION_SUCCEEDED'];
  it.each<[string, Seen[], string[]]>([
    [
      'READY without an instance',
      [ready, ['connector', 'instances', '0', point('18:03')]],
      ['measured-measured connector.state: READY / instances 0'],
    ],
    ['READY with instances', [ready, ['connector', 'instances', '2', point('18:03')]], []],
    [
      'not READY without an instance',
      [
        ['connector', 'state', 'CREATING'],
        ['connector', 'instances', '0', point('18:03')],
      ],
      [],
    ],
    [
      'READY, and the last point is old',
      [ready, ['connector', 'instances', '0', point('17:20')]],
      ['differs connector.state: READY / instances 0'],
    ],
    [
      'READY, a service sends all through it and nothing was sent',
      [...through, ready, ['connector', 'sent_bytes', '0', { window, unit: 'bytes' }]],
      ['measured-measured connector.state: READY / sent_bytes 0 bytes / requests.2xx 12'],
    ],
    ['READY, nothing was sent and nobody sends', [ready, ['connector', 'sent_bytes', '0', { window }]], []],
    [
      'READY, nothing was sent and the service is on another connector',
      [
        ['backend', 'connector', 'other'],
        ...through.slice(1),
        ready,
        ['connector', 'sent_bytes', '0', { window }],
      ],
      [],
    ],
    [
      'READY, nothing was sent and what answers sends private ranges only',
      [
        ['backend', 'connector', 'staging-connector'],
        ['backend', 'egress', 'private-ranges-only'],
        ...through.slice(2),
        ready,
        ['connector', 'sent_bytes', '0', { window }],
      ],
      [],
    ],
    [
      'RUNNABLE and not up',
      [runnable, ['db', 'up', '0', point('18:02')]],
      ['measured-measured db.state: RUNNABLE / up 0'],
    ],
    ['RUNNABLE and up', [runnable, ['db', 'up', '1', point('18:02')]], []],
    [
      'RUNNABLE, and not up half an hour ago',
      [runnable, ['db', 'up', '0', point('17:35')]],
      ['differs db.state: RUNNABLE / up 0'],
    ],
    [
      'RUNNABLE, stopped and not up',
      [runnable, ['db', 'activation', 'NEVER'], ['db', 'up', '0', point('18:02')]],
      [],
    ],
    [
      'under maintenance and not up',
      [
        ['db', 'state', 'MAINTENANCE'],
        ['db', 'up', '0', point('18:02')],
      ],
      [],
    ],
    [
      'ready, answers and has had no instance all the while',
      [serves, ...answered('5', '1'), active('0', '17:50')],
      [
        'measured-measured backend.instances.active: CONDITION_SUCCEEDED / instances.active 0 / requests.recent 5',
      ],
    ],
    [
      'ready without an instance, and nothing answers',
      [serves, ...answered('5', '5'), active('0', '17:50')],
      [],
    ],
    ['ready without an instance, and nobody asks', [serves, ...answered('0', '0'), active('0', '17:50')], []],
    [
      'ready and answers, the last instance went since',
      [serves, ...answered('5', '0'), active('0', '18:01')],
      [],
    ],
    ['all 5xx while ready', [serves, ...answered('5', '5'), active('3', '17:50')], []],
  ])('%s', (_what, seen, expected) => {
    const found = diagnose(shop, snapshotOf(observations(seen)));
    expect(told(found).filter((line) => !line.startsWith('configured'))).toEqual(expected);
  });
});

/** What was read at 17:35, with ids of its own. */
const before = (...seen: Seen[]): PreviousUpdate => ({
  takenAt: at('17:35'),
  url: null,
  states: {},
  figures: observations(seen).map((one) => ({ ...one, id: `E9${one.id.slice(1)}` })),
  root: null,
});
const since = (clock: string, from = day.from): Seen => [
  'backend',
  'requests.5xx.since',
  at(clock),
  { window: { ...day, from } },
];
const errors = (value: string, over = window, more: Partial<Observation> = {}): Seen => [
  'backend',
  'requests.5xx',
  value,
  { window: over, ...more },
];
const timeout = (value: string, revision: string): Seen => ['backend', 'env.DB_TIMEOUT', value, { revision }];

describe('the update before and this one', () => {
  const earlier = { from: at('16:35'), to: at('17:35') };
  const within = { from: at('17:10'), to: at('17:35') };

  it.each<[string, PreviousUpdate, Seen[], string[]]>([
    [
      'fewer 5xx over a window that holds the other',
      before(errors('9', within)),
      [errors('4')],
      ['previous-measured backend.requests.5xx: 9 (17:10–17:35 UTC) / 4 (17:05–18:05 UTC)'],
    ],
    ['more 5xx over it', before(errors('4', within)), [errors('9')], []],
    ['fewer 5xx over another window', before(errors('9', earlier)), [errors('4')], []],
    [
      'a reading that was cut short',
      before(errors('9', within)),
      [errors('4', window, { partial: true })],
      [],
    ],
    [
      'fewer 5xx from another source',
      before(errors('9', within, { source: { api: 'other', method: 'Read', query: 'q' } })),
      [errors('4')],
      [],
    ],
    [
      'a share that fell',
      before(['backend', 'errors.share', '70', { window: within }]),
      [['backend', 'errors.share', '10', { window }]],
      [],
    ],
    [
      'a last point that fell',
      before(['connector', 'instances', '10', { window: within }]),
      [['connector', 'instances', '3', { window }]],
      [],
    ],
    [
      'a maximum that fell in a window that holds it',
      before(['connector', 'instances.highest', '10', { window: within }]),
      [['connector', 'instances.highest', '8', { window }]],
      ['previous-measured connector.instances.highest: 10 (17:10–17:35 UTC) / 8 (17:05–18:05 UTC)'],
    ],
    [
      'another value of a setting of the same revision',
      before(timeout('75', 'backend-1')),
      [timeout('15', 'backend-1')],
      ['previous-measured backend.env.DB_TIMEOUT: 75 of backend-1 / 15 of backend-1'],
    ],
    [
      'the same value, written otherwise',
      before(timeout('75', 'backend-1')),
      [timeout('75.0', 'backend-1')],
      [],
    ],
    [
      'another value in another revision',
      before(timeout('75', 'backend-1')),
      [timeout('15', 'backend-2')],
      [],
    ],
    [
      'another share of the traffic of a revision',
      before(['backend', 'traffic', '90', { revision: 'backend-1' }]),
      [['backend', 'traffic', '10', { revision: 'backend-1' }]],
      [],
    ],
    [
      'an onset that moved to later',
      before(since('17:09')),
      [since('17:20')],
      [
        'previous-measured backend.requests.5xx.since: 2025-09-15T17:09:00Z (18:05–18:05 UTC) / 2025-09-15T17:20:00Z (18:05–18:05 UTC)',
      ],
    ],
    [
      'an onset that moved to earlier',
      before(since('17:20')),
      [since('17:09')],
      [
        'previous-measured backend.requests.5xx.since: 2025-09-15T17:20:00Z (18:05–18:05 UTC) / 2025-09-15T17:09:00Z (18:05–18:05 UTC)',
      ],
    ],
    ['an onset that moved by the width of a point', before(since('17:09')), [since('17:10')], []],
    ['a failure that began after the update before', before(since('17:09')), [since('17:50')], []],
    [
      'a failure that began right before it, when points were late',
      before(since('17:09')),
      [since('17:32')],
      [],
    ],
    ['a failure longer than what is searched', before(since('16:00', at('16:00'))), [since('17:09')], []],
  ])('%s', (_what, previous, seen, expected) => {
    const found = diagnose(shop, snapshotOf(observations(seen), { previous }));
    expect(told(found)).toEqual(expected);
  });

  it('names the evidence of both', () => {
    const previous = before(errors('9', within));
    const { contradictions } = diagnose(shop, snapshotOf(observations([errors('4')]), { previous }));
    expect(contradictions[0]?.sides.map(({ evidence }) => evidence)).toEqual(['E91', 'E1']);
  });

  it('is handed the settings that the configuration expects, and no others', () => {
    const expecting = configurationOf({
      components: {
        backend: { type: 'cloud-run', service: 'b', expect: { env: { DB_TIMEOUT: '75' } } },
      },
    });
    const seen: Seen[] = [
      timeout('75', 'backend-1'),
      ['backend', 'env.MODE', 'live', { revision: 'backend-1' }],
    ];
    const snapshot = snapshotOf(observations(seen));
    const { figures } = asPrevious(expecting, snapshot, diagnose(expecting, snapshot), null);
    expect(figures.map(({ signal }) => signal)).toEqual(['env.DB_TIMEOUT']);
  });
});
