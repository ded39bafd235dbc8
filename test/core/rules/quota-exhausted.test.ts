import { describe, expect, it } from 'vitest';
import { answer, connector, database, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud, without } from './asked.fixture.ts';
import { authFails, counted, older, says, serving, told, whyNot } from './told.fixture.ts';

const asked = { cause: 'quota-exhausted', component: 'auth' };

const text =
  "google.api_core.exceptions.ResourceExhausted: 429 RATE_LIMIT_EXCEEDED: Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service 'sheets.googleapis.com' for consumer 'project_number:1278'.";

const all: Seen[] = [...authFails(), ...says(text)];

/** The latest revision was not made, and another one serves well. */
const notMade: Seen[] = [
  ...answer('login', '200'),
  ...answer('api', '200'),
  ...requests('auth', 60, 0).filter(([, name]) => name !== 'ready'),
  [
    'auth',
    'ready',
    'CONDITION_FAILED',
    { text: 'ACTIVE_REVISION_LIMIT_REACHED: the project has too many active revisions' },
  ],
  ['auth', 'revision.serving', serving],
  ['auth', 'revision.created', 'auth-3'],
  ...requests('backend', 60, 0),
  ...connector('3', '20', '09:00'),
  ...database,
];

describe('quota-exhausted', () => {
  const table: [what: string, seen: Seen[], verdict: string][] = [
    ['is confirmed by refusals for most of the 5xx', all, 'confirmed'],
    [
      'is probable where nothing dates the refusals',
      [...authFails(), ['auth', 'log.error', '40', { window, text }]],
      'probable',
    ],
    ['is probable as the reason why the latest revision was not made', notMade, 'probable'],
    ['is not told without a refusal', authFails(), 'unknown: untested'],
    ['is refuted by a log without a refusal', [...authFails(), ...says('Boom')], 'unknown: refuted'],
    [
      'is not told by refusals for less than half of the 5xx',
      [...authFails(), ...says(text, 19)],
      'unknown: weaker',
    ],
    ['is not told where 5xx were not counted', without(all, 'auth', 'requests.5xx'), 'unknown: weaker'],
    [
      'is not told by a line that is no error',
      [
        ...authFails(),
        ['auth', 'log.errors', '0', { window }],
        ['auth', 'connect.time', '3', { window, text: 'Quota exceeded check done' }],
      ],
      'unknown: refuted',
    ],
    [
      'is not told by a disk that is full',
      [...authFails(), ...says('OSError: [Errno 122] Disk quota exceeded')],
      'unknown: refuted',
    ],
    [
      'is not told by a message that is too large',
      [
        ...authFails(),
        ...says('8 RESOURCE_EXHAUSTED: Received message larger than max (5242880 vs 4194304)'),
      ],
      'unknown: refuted',
    ],
    [
      'is not told by the limit of another provider',
      [...authFails(), ...says('Error: 429 rate_limit_exceeded: slow down')],
      'unknown: refuted',
    ],
    [
      'is not told by a revision that is no longer in use',
      [...authFails(), ...says(text, 40, { revision: older })],
      'unknown: weaker',
    ],
    [
      'is not told by a new revision that was not made, while the one before serves and fails',
      [
        ...authFails(),
        ['auth', 'revision.created', 'auth-3'],
        [
          'auth',
          'revision.state',
          'CONDITION_FAILED',
          { revision: 'auth-3', text: 'ACTIVE_REVISION_LIMIT_REACHED' },
        ],
      ],
      'unknown: untested',
    ],
    [
      'is refuted where the failures are older',
      [...authFails(), counted('log.error', 40, { text, since: '17:40:10' })],
      'unknown: refuted',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict) => {
    expect(told(asked, seen)).toBe(verdict);
  });

  it.each([
    ["Quota 'CPUS' exceeded. Limit: 24.0 in region us-central1.", 'confirmed'],
    ['Your project exceeded quota for free query bytes scanned', 'confirmed'],
    ['8 RESOURCE_EXHAUSTED: Quota exceeded', 'confirmed'],
    ['Project failed to initialize in this region due to quota exceeded.', 'confirmed'],
    ['8 RESOURCE_EXHAUSTED: Bandwidth exhausted', 'unknown: refuted'],
    ['StorageError: quota exceeded by user 17', 'unknown: refuted'],
    ['quotas are fine', 'unknown: refuted'],
  ])('of %s: %s', (line, verdict) => {
    expect(told(asked, [...authFails(), ...says(line)])).toBe(verdict);
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all)).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`auth\` fail? Because a quota is used up: \`google.api_core.exceptions.ResourceExhausted: 429 RATE_LIMIT_EXCEEDED: Quota exceeded for quota metric 'Read requests' …\`, 40 times.",
      ]
    `);
    expect(readAloud(soundDiagnosis(asked, notMade))).toMatchInlineSnapshot(`
      [
        "Why is \`auth\` not healthy? Because \`auth\` is degraded (the latest revision is not ready).",
        "Why is \`auth\` degraded? Because a quota is used up: \`ACTIVE_REVISION_LIMIT_REACHED: the project has too many active revisions\`.",
      ]
    `);
  });

  it('says what is not shown of it', () => {
    expect(whyNot(asked, [...authFails(), ...says(text, 19)])).toMatchInlineSnapshot(
      `"a quota is used up: \`google.api_core.exceptions.ResourceExhausted: 429 RATE_LIMIT_EXCEEDED: Quota exceeded for quota metric 'Read requests' …\`, 19 times, but most of its 5xx have another reason"`,
    );
  });
});
