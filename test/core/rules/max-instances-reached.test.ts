import { describe, expect, it } from 'vitest';
import { answer, at, connector, database, requests, window, windowBefore } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud } from './asked.fixture.ts';
import { counted, databaseAway, older, says, serving, told, whyNot } from './told.fixture.ts';

const asked = { cause: 'max-instances-reached', component: 'auth' };

const text = 'The request was aborted because there was no available instance.';

/** `login` is answered 429 since 17:20; `auth` answered so many requests, of which so many with 4xx. */
function turnsAway(all = '9000', refused = '2400'): Seen[] {
  return [
    ...answer('login', '429'),
    ...answer('api', '200'),
    ['auth', 'ready', 'CONDITION_SUCCEEDED'],
    ['auth', 'revision.serving', serving],
    ['auth', 'requests', all, { window, first: window.from, last: at('18:04') }],
    ['auth', 'requests.5xx', '0', { window }],
    ['auth', 'requests.4xx', refused, { window, first: at('17:20'), last: at('18:04') }],
    ...requests('backend', 60, 0),
    ...connector('3', '20', '09:00'),
    ...database,
  ];
}

const earlier = (count: string): Seen => ['auth', 'requests', count, { window: windowBefore }];
const idle = (count: string): Seen => ['auth', 'instances.idle', count, { window, revision: serving }];

/** Instances at most within the window, of so many that the revision may have. */
function instances(highest: string, most: string, revision = serving): Seen[] {
  return [
    ['auth', 'instances.active.max', highest, { window, revision }],
    ['auth', 'instances.active', highest, { window, revision }],
    ['auth', 'scaling.max', most, { revision }],
  ];
}

const full = instances('6', '6');
const lines = says(text, 2400);
const all: Seen[] = [...turnsAway(), earlier('1800'), ...lines, ...full, idle('0')];

describe('max-instances-reached', () => {
  const table: [what: string, seen: Seen[], verdict: string][] = [
    ['is confirmed by all of its evidence', all, 'confirmed'],
    ['is confirmed without a comparison of the traffic', [...turnsAway(), ...lines, ...full], 'confirmed'],
    [
      'is probable where the traffic did not rise',
      [...turnsAway(), earlier('9000'), ...lines, ...full],
      'probable',
    ],
    [
      'is confirmed at the maximum of the service, which two revisions share',
      [
        ...turnsAway(),
        ...lines,
        ...instances('4', '100'),
        ...instances('6', '100', older),
        ['auth', 'service.scaling.max', '10'],
      ],
      'confirmed',
    ],
    [
      'is refuted one below the maximum of the service',
      [
        ...turnsAway(),
        ...lines,
        ...instances('4', '100'),
        ...instances('5', '100', older),
        ['auth', 'service.scaling.max', '10'],
      ],
      'unknown: refuted',
    ],
    ['is not told where no request was turned away', [...turnsAway(), ...full], 'unknown: not told'],
    [
      'is not told by a log without such a line',
      [...turnsAway(), ...says('Boom'), ...full],
      'unknown: not told',
    ],
    ['is not told where the instances were not read', [...turnsAway(), ...lines], 'unknown: weaker'],
    [
      'is not told where the maximum was not read',
      [...turnsAway(), ...lines, ...full.slice(0, 2)],
      'unknown: weaker',
    ],
    [
      'is refuted one instance below the maximum',
      [...turnsAway(), ...lines, ...instances('5', '6')],
      'unknown: refuted',
    ],
    [
      'is not told by 429 of the application itself',
      [...turnsAway(), ...says(text, 12), ...full],
      'unknown: weaker',
    ],
    [
      'counts no 4xx that was as frequent in the hour before',
      [
        ...turnsAway('9000', '6000'),
        ['auth', 'requests.4xx', '3500', { window: windowBefore }],
        ...lines,
        ...full,
      ],
      'confirmed',
    ],
    [
      'is not told where neither 4xx nor 5xx were counted',
      [...turnsAway().filter(([, name]) => !/requests\.[45]xx/.test(name)), ...lines, ...full],
      'unknown: weaker',
    ],
    [
      'is not told by a revision that is no longer in use',
      [...turnsAway(), ...says(text, 2400, { revision: older }), ...full],
      'unknown: weaker',
    ],
    [
      'is probable beside a database that is away: its instances may be busy with waiting',
      databaseAway(all),
      'probable',
    ],
    [
      'gives way to a database that is away and that the log names',
      [
        ...databaseAway([...turnsAway('9000', '2400'), earlier('1800'), ...full]).filter(
          ([component, name]) => component !== 'auth' || name !== 'requests.5xx',
        ),
        ['auth', 'requests.5xx', '3000', { window, first: at('17:20'), last: at('18:04') }],
        ...says(text, 2400),
        counted('log.error', 2900, {
          text: 'TimeoutError: connection to database staging-postgres timed out',
        }),
      ],
      'cloudsql-unavailable of db confirmed',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict) => {
    expect(told(asked, seen)).toBe(verdict);
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all))).toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 429 in 200 ms.",
        "Why does \`login\` answer 429? Because \`auth\`, on which it depends, has no free instance for requests, 2,400 times.",
        "Why does \`auth\` have no free instance? Because it ran all 6 instances that it may have, and 2,400 requests found none free: 9,000 requests in the hour, 1,800 in the one before.",
      ]
    `);
  });

  it('says what is not shown of it', () => {
    expect([
      whyNot(asked, [...turnsAway(), ...lines]),
      whyNot(asked, [...turnsAway(), ...lines, ...instances('5', '6')]),
      whyNot(asked, [...turnsAway(), ...says(text, 12), ...full]),
    ]).toMatchInlineSnapshot(`
      [
        "requests found no instance, 2,400 times, but whether it was at its maximum is not shown",
        "its instances stayed below the maximum in the window (\`auth\` logs 2,400 times that no instance was free)",
        "it ran all 6 instances that it may have, and 12 requests found none free, but most of its failed requests have another reason",
      ]
    `);
  });
});
