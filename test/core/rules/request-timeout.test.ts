import { describe, expect, it } from 'vitest';
import { window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud, without } from './asked.fixture.ts';
import { authFails, counted, databaseAway, older, says, serving, told, whyNot } from './told.fixture.ts';

const asked = { cause: 'request-timeout', component: 'auth' };

const text =
  'The request has been terminated because it has reached the maximum request timeout. To change this limit, see https://cloud.google.com/run/docs/configuring/request-timeout';

const setting: Seen = ['auth', 'timeout', '60', { unit: 's', revision: serving }];
const p99 = (ms: string): Seen => ['auth', 'latency.p99', ms, { window, unit: 'ms' }];

const all: Seen[] = [...authFails(), ...says(text), setting, p99('60000')];

describe('request-timeout', () => {
  const table: [what: string, seen: Seen[], verdict: string][] = [
    ['is confirmed by all of its evidence', all, 'confirmed'],
    ['is confirmed without a measured latency', [...authFails(), ...says(text), setting], 'confirmed'],
    [
      'is probable where the slowest requests take less',
      [...authFails(), ...says(text), setting, p99('47000')],
      'probable',
    ],
    [
      'is confirmed where they take about the timeout',
      [...authFails(), ...says(text), setting, p99('48000')],
      'confirmed',
    ],
    ['is not told without such a line', [...authFails(), setting, p99('60000')], 'unknown: untested'],
    [
      'is refuted by a log without such a line',
      [...authFails(), ...says('Boom'), setting],
      'unknown: refuted',
    ],
    [
      'is not told where the timeout was not read',
      [...authFails(), ...says(text), p99('60000')],
      'unknown: weaker',
    ],
    [
      'is not told by the timeout of another revision',
      [...authFails(), ...says(text), ['auth', 'timeout', '60', { revision: older }]],
      'unknown: weaker',
    ],
    [
      'is not told by lines for less than half of the 5xx',
      [...authFails(), ...says(text, 19), setting],
      'unknown: weaker',
    ],
    ['is not told where 5xx were not counted', without(all, 'auth', 'requests.5xx'), 'unknown: weaker'],
    [
      'is not told by 504 of a load balancer, or of anything before the service',
      [...authFails(), ...says('upstream request timeout: 504 Gateway Timeout'), setting, p99('60000')],
      'unknown: refuted',
    ],
    [
      'is not told by a revision that is no longer in use',
      [...authFails(), ...says(text, 40, { revision: older }), setting],
      'unknown: weaker',
    ],
    [
      'is refuted where the failures are older',
      [...authFails(), ...says(text, 40, { since: '17:40:10' }), setting],
      'unknown: refuted',
    ],
    ['is probable beside a database that is away: requests may wait for it', databaseAway(all), 'probable'],
    [
      'gives way to a database that is away and that the log names',
      [
        ...databaseAway(all),
        counted('log.error', 38, { text: 'TimeoutError: connection to database staging-postgres timed out' }),
      ],
      'cloudsql-unavailable of db confirmed',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict) => {
    expect(told(asked, seen)).toBe(verdict);
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all)).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`auth\` fail? Because requests to \`auth\` reach its request timeout of 60 s, 40 times (p99 60 s).",
      ]
    `);
  });

  it('says what is not shown of it', () => {
    expect([
      whyNot(asked, [...authFails(), ...says(text), p99('60000')]),
      whyNot(asked, [...authFails(), ...says(text, 19), setting]),
    ]).toMatchInlineSnapshot(`
      [
        "requests to \`auth\` reach its request timeout, 40 times, but how long that is was not read",
        "requests to \`auth\` reach its request timeout of 60 s, 19 times, but most of its 5xx have another reason",
      ]
    `);
  });
});
