import { describe, expect, it } from 'vitest';
import { configurationOf, day, shop, window, windowBefore } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud } from './asked.fixture.ts';
import { authFails, databaseAway, older, says, serving, told, whyNot } from './told.fixture.ts';

const configuration = configurationOf({
  components: Object.fromEntries(Object.entries(shop.components).filter(([id]) => id !== 'region')),
  journeys: shop.journeys,
});
const asked = { cause: 'scaling-lag', component: 'auth', configuration };

const text = 'The request was aborted because there was no available instance.';

function instances(highest: string, most: string, revision = serving): Seen[] {
  return [
    ['auth', 'instances.active.max', highest, { window, revision }],
    ['auth', 'scaling.max', most, { revision }],
  ];
}

const earlier = (count: string): Seen => ['auth', 'requests', count, { window: windowBefore }];

const failing = authFails(600, 400);
const lines = says(text, 380);
const all: Seen[] = [...failing, ...lines, ...instances('12', '100'), earlier('200')];

describe('scaling-lag', () => {
  const table: [what: string, seen: Seen[], verdict: string][] = [
    ['is confirmed by lines, room below the maximum, and traffic that rose', all, 'confirmed'],
    [
      'is not told without such a line',
      [...failing, ...instances('12', '100'), earlier('200')],
      'unknown: untested',
    ],
    [
      'is refuted by a log without such a line',
      [...failing, ...says('Boom'), ...instances('12', '100'), earlier('200')],
      'unknown: refuted',
    ],
    [
      'is not told by lines for less than half of the 5xx',
      [...failing, ...says(text, 190), ...instances('12', '100'), earlier('200')],
      'unknown: weaker',
    ],
    ['is not told where instances were not read', [...failing, ...lines, earlier('200')], 'unknown: weaker'],
    [
      'gives way to the maximum where all instances ran',
      [...failing, ...lines, ...instances('100', '100'), earlier('200')],
      'max-instances-reached of auth confirmed',
    ],
    [
      'is not told where the traffic before was not read',
      [...failing, ...lines, ...instances('12', '100')],
      'unknown: weaker',
    ],
    [
      'is not told by traffic that did not rise',
      [...failing, ...lines, ...instances('12', '100'), earlier('580')],
      'unknown: weaker',
    ],
    [
      'is not told by a rise of less than a fifth',
      [...failing, ...lines, ...instances('12', '100'), earlier('501')],
      'unknown: weaker',
    ],
    [
      'is confirmed by a rise of a fifth',
      [...failing, ...lines, ...instances('12', '100'), earlier('500')],
      'confirmed',
    ],
    [
      'is refuted where the failures are older',
      [...all, ['auth', 'requests.5xx.since', '2025-09-15T16:20:00Z', { window: day }]],
      'unknown: refuted',
    ],
    [
      'is not told by a revision that is no longer in use',
      [...failing, ...says(text, 380, { revision: older }), ...instances('12', '100'), earlier('200')],
      'unknown: weaker',
    ],
    ['is probable beside a database that is away', databaseAway(all), 'probable'],
  ];

  it.each(table)('%s', (_what, seen, verdict) => {
    expect(told(asked, seen)).toBe(verdict);
  });

  it('gives way to an event of Cloud Run in the region', () => {
    const event: Seen[] = [
      ['region', 'events.active', '1'],
      [
        'region',
        'event',
        'ACTIVE IMPACTED',
        {
          window: day,
          text: 'Instances start slowly; Cloud Run; us-central1',
          first: '2025-09-15T17:10:00Z',
        },
      ],
    ];
    expect(told({ ...asked, configuration: shop }, [...all, ...event])).toBe(
      'regional-incident of region confirmed',
    );
    expect(told({ ...asked, configuration: shop }, all)).toBe('confirmed');
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all)).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`auth\` fail? Because requests found no instance, 380 times, while it ran fewer instances than it may (600 requests in the hour, 200 in the one before).",
      ]
    `);
  });

  it('says what is not shown of it', () => {
    expect([
      whyNot(asked, [...failing, ...lines, earlier('200')]),
      whyNot(asked, [...failing, ...lines, ...instances('12', '100'), earlier('580')]),
      whyNot(asked, [...failing, ...says(text, 380, { revision: older })]),
    ]).toMatchInlineSnapshot(`
      [
        "requests found no instance, 380 times (600 requests in the hour, 200 in the one before), but whether it was below its maximum is not shown",
        "requests found no instance, 380 times (600 requests in the hour, 580 in the one before), but its traffic did not rise",
        "only a revision that takes no requests now logs it",
      ]
    `);
  });
});
