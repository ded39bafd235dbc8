import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { answer, connector, database, gap, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud } from './asked.fixture.ts';
import { authFails, counted, databaseAway, older, says, serving, told, whyNot } from './told.fixture.ts';

const asked = { cause: 'startup-timeout', component: 'auth' };

const text =
  'STARTUP TCP probe failed 1 time consecutively for container "auth" on port 8080. The instance was not started.';
const condition =
  'Revision auth-2 is not ready and cannot serve traffic. The user-provided container failed to start and listen on the port defined by the PORT=8080 environment variable within the allocated timeout.';

const starts: Seen[] = [
  ['auth', 'starts', '41', { window }],
  ['auth', 'starts.ready', '1', { window }],
];
const probe: Seen = ['auth', 'startup_probe', 'tcp port 8080, timeout 10 s', { revision: serving }];
const failed = (of: string, said = condition): Seen => [
  'auth',
  'revision.state',
  'CONDITION_FAILED',
  { revision: of, text: said },
];

const all: Seen[] = [...authFails(), ...says(text), ...starts, probe, failed(serving)];
const conditionOnly: Seen[] = [...authFails(), failed(serving)];

describe('startup-timeout', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    ['is confirmed by all of its evidence', all, 'confirmed'],
    [
      'is confirmed by the failed probes of most starts',
      [...authFails(), ...says(text), ...starts],
      'confirmed',
    ],
    [
      'is confirmed by as many failed probes as 5xx, where starts were not counted',
      [...authFails(), ...says(text)],
      'confirmed',
    ],
    [
      'is probable by the condition of the revision, which nothing dates',
      [...conditionOnly, ['auth', 'log.errors', '0', { window }]],
      'probable',
    ],
    [
      'is probable by its reason',
      [
        ...authFails(),
        failed(serving, 'DEADLINE_EXCEEDED: Ready condition'),
        ['auth', 'log.errors', '0', { window }],
      ],
      'probable',
    ],
    ['is not told where no probe failed', [...authFails(), ...starts, probe], 'unknown: untested'],
    ['is refuted by a log without such a line', [...authFails(), ...says('Boom')], 'unknown: refuted'],
    [
      'is not told by the failed probes of less than half of the starts',
      [...authFails(), ...says(text, 18), ...starts],
      'unknown: weaker',
    ],
    [
      'is not told where neither starts nor 5xx were counted',
      [...authFails().filter(([, name]) => name !== 'requests.5xx'), ...says(text)],
      'unknown: weaker',
    ],
    ['is refuted by a container that exits by itself', [...all, counted('exit.1', 40)], 'unknown: refuted'],
    [
      'is not told by a call of gRPC that ends in time',
      [...authFails(), ...says('grpc: DEADLINE_EXCEEDED: Deadline exceeded after 9.9 s')],
      'unknown: refuted',
    ],
    [
      'is not told by a revision that is no longer in use',
      [...authFails(), ...says(text, 40, { revision: older }), failed(older)],
      'unknown: weaker',
    ],
    [
      'is not told by a new revision that takes no requests, while the one before serves and fails',
      [
        ...authFails(),
        ['auth', 'revision.created', 'auth-3'],
        ...says(text, 40, { revision: 'auth-3' }),
        failed('auth-3'),
      ],
      'unknown: weaker',
    ],
    [
      'is probable for a new revision that takes no requests, where the one before works',
      [
        ...answer('login', '200'),
        ...answer('api', '200'),
        ...requests('auth', 60, 0).filter(([, name]) => name !== 'ready'),
        ['auth', 'ready', 'CONDITION_FAILED', { text: condition }],
        ['auth', 'revision.serving', serving],
        ['auth', 'revision.created', 'auth-3'],
        ...requests('backend', 60, 0),
        ...connector('3', '20', '09:00'),
        ...database,
        ...says(text, 40, { revision: 'auth-3' }),
        ...starts,
      ],
      'probable',
    ],
    [
      'is probable beside a database that is away: a start may wait for it',
      [...databaseAway(authFails()), ...says(text), ...starts],
      'probable',
    ],
    [
      'gives way to a database that is away and that the log names',
      [
        ...databaseAway(authFails()),
        ...says(text),
        ...starts,
        counted('log.error', 45, { text: 'TimeoutError: connection to database staging-postgres timed out' }),
      ],
      'cloudsql-unavailable of db confirmed',
    ],
    [
      'is refuted where the failures are older',
      [...authFails(), ...says(text, 40, { since: '17:40:10' }), ...starts],
      'unknown: refuted',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(told(asked, seen, more)).toBe(verdict);
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all)).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`auth\` fail? Because its instances do not listen in time: \`STARTUP TCP probe failed 1 time consecutively for container "auth" on port 8080. The instance was not started.\`, 40 times.",
      ]
    `);
  });

  it('says what speaks against it', () => {
    const denied = { gaps: [gap('E950', 'auth', 'exit.', 'denied')] };
    expect([
      whyNot(asked, [...all, counted('exit.1', 40)]),
      whyNot(asked, [...authFails(), ...says(text, 18), ...starts]),
      soundDiagnosis(
        asked,
        [...conditionOnly, ['auth', 'log.errors', '0', { window }]],
        denied,
      ).findings.find(({ cause }) => cause === asked.cause)?.summary,
      soundDiagnosis(asked, [...databaseAway(authFails()), ...says(text), ...starts]).findings.find(
        ({ cause }) => cause === asked.cause,
      )?.summary,
    ]).toMatchInlineSnapshot(`
      [
        "its instances do not listen in time: \`STARTUP TCP probe failed 1 time consecutively for container "auth" on port 8080. The instance was not started.\`, 40 times, but its container exits by itself",
        "its instances do not listen in time: \`STARTUP TCP probe failed 1 time consecutively for container "auth" on port 8080. The instance was not started.\`, 18 times, but most of its failed starts have another reason",
        "\`auth\` starts too slowly: its instances do not listen in time: \`…failed to start and listen on the port defined by the PORT=8080 environment variable within the allocated timeout.\`, but whether its container exits was not read",
        "\`auth\` starts too slowly: its instances do not listen in time: \`STARTUP TCP probe failed 1 time consecutively for container "auth" on port 8080. The instance was not started.\`, 40 times, but \`db\`, on which it depends, fails at the same time",
      ]
    `);
  });
});
