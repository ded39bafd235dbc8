import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/core/snapshot.ts';
import { at, day, deployed, window, windowBefore } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud, without } from './asked.fixture.ts';
import { authFails, counted, databaseAway, older, says, serving, told, whyNot } from './told.fixture.ts';

const asked = { cause: 'bad-deploy', component: 'auth' };

const text = "TypeError: Cannot read properties of undefined (reading 'plan')";

const image: Change['diff'] = [{ key: 'image', from: 'auth:41', to: 'auth:42' }];

function requestsOf(revision: string, [count, failed]: [string, string]): Seen[] {
  return [
    ['auth', 'requests.by_revision', count, { window, revision }],
    ['auth', 'requests.5xx.by_revision', failed, { window, revision }],
  ];
}

/** Requests of both revisions in the window, and those answered 5xx. */
function revisions(before: [all: string, failed: string], now: [all: string, failed: string]): Seen[] {
  return [...requestsOf(older, before), ...requestsOf(serving, now)];
}

const contrast = revisions(['20', '0'], ['40', '40']);
const all: Seen[] = [...authFails(), ...says(text), ...contrast];

const deploy = (clock = '17:19', diff = image, more: Partial<Change> = {}): Change[] => [
  deployed('auth', clock, diff, more),
];

describe('bad-deploy', () => {
  const table: [what: string, seen: Seen[], verdict: string, changes?: Change[]][] = [
    ['is confirmed by all of its evidence', all, 'confirmed'],
    [
      'is confirmed by exceptions, a contrast and their time, whatever changed and however soon',
      all,
      'confirmed',
      deploy('16:40'),
    ],
    [
      'is probable where no image was changed, and the failure came late',
      all,
      'probable',
      deploy('16:40', [{ key: 'env.LOG_LEVEL', from: 'a', to: 'b' }]),
    ],
    [
      'is confirmed by a revision before that served well in the last 24 hours',
      [
        ...authFails(),
        ...says(text),
        [
          'auth',
          'revision.healthy',
          '240',
          { window: day, revision: older, first: at('16:12'), last: at('17:19') },
        ],
        ['auth', 'revision.healthy.5xx', '0', { window: day, revision: older }],
      ],
      'confirmed',
    ],
    [
      'is confirmed by the hour before',
      [
        ...authFails(),
        ...says(text),
        ['auth', 'requests', '60', { window: windowBefore }],
        ['auth', 'requests.5xx', '0', { window: windowBefore }],
      ],
      'confirmed',
    ],
    ['is not told without an exception', [...authFails(), ...contrast], 'unknown: weaker'],
    [
      'is not told by a line that is no exception',
      [...authFails(), ...says('upstream said no'), ...contrast],
      'unknown: weaker',
    ],
    [
      'is not told by exceptions for less than half of the 5xx',
      [...authFails(), ...says(text, 19), ...contrast],
      'unknown: weaker',
    ],
    [
      'is not told where 5xx were not counted',
      [
        ...without(authFails(), 'auth', 'requests.5xx'),
        ...says(text),
        ...contrast.filter(([, name]) => name !== 'requests.5xx.by_revision'),
      ],
      'unknown: weaker',
    ],
    ['is not told without a contrast', [...authFails(), ...says(text)], 'unknown: weaker'],
    ['is not told where no change was read', all, 'unknown: untested', []],
    [
      'is not told by a change of a revision that does not serve',
      all,
      'unknown: untested',
      deploy('17:19', image, { revision: 'auth-3' }),
    ],
    ['is refuted by a change after the failure began', all, 'unknown: refuted', deploy('17:30')],
    [
      'is confirmed within the minute that dates the failure',
      [...authFails(), ...says(text, 40, { since: '17:20:45' }), ...contrast],
      'confirmed',
      deploy('17:20:40'),
    ],
    [
      'is refuted by a deployment of days ago',
      all,
      'unknown: refuted',
      deploy('17:19', image, { at: '2025-09-12T17:19:00Z' }),
    ],
    [
      'is refuted where the revision before fails alike',
      [...authFails(), ...says(text), ...revisions(['20', '18'], ['40', '40'])],
      'unknown: refuted',
    ],
    [
      'is not told where the revision before fails less',
      [...authFails(), ...says(text), ...revisions(['20', '4'], ['40', '40'])],
      'unknown: weaker',
    ],
    [
      'is refuted where the revision before logs the same exception',
      [...all, counted('log.error', 3, { text, revision: older, since: '17:06:00', until: '17:18:00' })],
      'unknown: refuted',
    ],
    [
      'is confirmed beside another exception of the revision before',
      [
        ...all,
        counted('log.error', 3, {
          text: 'ValueError: bad mail',
          revision: older,
          since: '17:06:00',
          until: '17:18:00',
        }),
      ],
      'confirmed',
    ],
    [
      'is not told by an exception that is a connection which did not come about',
      [...authFails(), ...says('ConnectionRefusedError: connect to 10.1.2.3:6379 refused'), ...contrast],
      'unknown: weaker',
    ],
    [
      'is not told by exceptions of another revision',
      [...authFails(), ...says(text, 40, { revision: 'auth-0' }), ...contrast],
      'unknown: weaker',
    ],
    [
      'gives way to an exit: then it does not start',
      [...all, counted('exit.1', 40, { since: '17:20:12', until: '18:04:52' })],
      'crash-on-start of auth confirmed',
    ],
    [
      'gives way to a setting that explains the errors',
      [...authFails(), ...says("KeyError: 'PLAN_URL'"), ...contrast],
      'config-drift of auth confirmed',
      deploy('17:19', [{ key: 'env.PLAN_URL', from: 'a', to: null }]),
    ],
    [
      'stays beside a database that is away and that no line names: the revision before works with it',
      databaseAway(all),
      'confirmed',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, changes = deploy()) => {
    expect(told(asked, seen, { changes })).toBe(verdict);
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all, { changes: deploy() })).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`auth\` fail? Because its program raises \`TypeError: Cannot read properties of undefined (reading 'plan')\`, 40 times.",
        "Why did it begin then? Because \`auth-2\` was deployed at 17:19 UTC, and the revision before it does not raise it.",
      ]
    `);
  });

  it('says what speaks against it', () => {
    const why = (seen: Seen[], changes = deploy()): string | undefined => whyNot(asked, seen, { changes });
    expect([
      why([...authFails(), ...contrast]),
      why([...authFails(), ...says('upstream said no'), ...contrast]),
      why([...authFails(), ...says(text, 19), ...contrast]),
      why([...authFails(), ...says(text)]),
      why(all, deploy('17:30')),
      why([...authFails(), ...says(text), ...revisions(['20', '18'], ['40', '40'])]),
    ]).toMatchInlineSnapshot(`
      [
        "\`auth-2\` was deployed at 17:19 UTC, but what it logs could not be read: timing alone is no cause",
        "\`auth-2\` was deployed at 17:19 UTC, but it logs no exception of its own: timing alone is no cause",
        "\`auth-2\` was deployed at 17:19 UTC, and logs \`TypeError: Cannot read properties of undefined (reading 'plan')\`, 19 times, but most of its 5xx have another reason",
        "\`auth-2\` was deployed at 17:19 UTC, and logs \`TypeError: Cannot read properties of undefined (reading 'plan')\`, 40 times, but whether the revision before served without it is not shown",
        "the failures began 10 min before its revision",
        "\`auth-2\` was deployed at 17:19 UTC, but the revision before it fails as well",
      ]
    `);
  });
});
