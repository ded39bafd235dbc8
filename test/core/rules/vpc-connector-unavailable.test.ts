import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { answer, at, connector, database, gap, logged, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf } from './asked.fixture.ts';

const asked = { cause: 'vpc-connector-unavailable', component: 'connector' };

const timedOut = 'dial tcp 10.68.0.3:3307: i/o timeout';
const refused =
  'VPC connector projects/netra-staging/locations/us-central1/connectors/staging-connector does not exist, or Cloud Run does not have permission to use it.';

/** Both services fail since 17:09 with a line. */
function failing(text: string, since = '17:09:02'): Seen[] {
  return [
    ...answer('login', '503', '4.3'),
    ...answer('api', '503', '4.3'),
    ...requests('auth', 22, 22),
    ...requests('backend', 16, 14),
    ...logged('auth', 176, text, since),
    ...logged('backend', 98, text, since),
    ...database,
  ];
}

/** The last point of its metrics; the API gives its state, or knows none. */
function measuredUntil(clock: string): Seen[] {
  return [['connector', 'instances', '3', { window, first: window.from, last: at(clock) }]];
}

const gone: Partial<Snapshot> = { gaps: [gap('E900', 'connector', 'state', 'not-found')] };
const denied: Partial<Snapshot> = { gaps: [gap('E900', 'connector', 'state', 'denied')] };

/** What a service says where one of them is refused by Cloud Run, and the connector reads as it should. */
const saidOnly: Seen[] = [...failing(refused), ...connector('3', '20', '09:00')];

describe('vpc-connector-unavailable', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    [
      'is confirmed where it is gone, its metrics end and Cloud Run names it',
      [...failing(refused), ...measuredUntil('17:08')],
      'confirmed',
      gone,
    ],
    [
      'is confirmed where it is gone and what goes through it times out',
      [...failing(timedOut), ...measuredUntil('17:08')],
      'confirmed',
      gone,
    ],
    [
      'is confirmed where its state is ERROR',
      [...failing(timedOut), ['connector', 'state', 'ERROR'], ...measuredUntil('17:08')],
      'confirmed',
    ],
    [
      'is probable where nothing dates its state',
      [...failing(timedOut), ['connector', 'state', 'ERROR']],
      'probable',
    ],
    [
      'is probable while its metrics go on, so that it is not told when it went',
      [...failing(timedOut), ...measuredUntil('18:03')],
      'probable',
      gone,
    ],
    ['is confirmed where it is READY and Cloud Run may not use it', saidOnly, 'confirmed'],
    ['is confirmed by Cloud Run where the API does not tell', failing(refused), 'confirmed', denied],
    [
      'is not shown where the name was never measured: it may be misnamed',
      failing(timedOut),
      'not named: weaker',
      gone,
    ],
    [
      'is not shown where nothing that fails points to it',
      [...failing("KeyError: 'plan'"), ...measuredUntil('17:08')],
      'not named: weaker',
      gone,
    ],
    [
      'is not shown where the database answers: then the way is open',
      [...failing('FATAL: sorry, too many clients already (10.68.0.3)'), ...measuredUntil('17:08')],
      'not named: weaker',
      gone,
    ],
    [
      'is refuted where it was there until after they failed',
      [...failing(timedOut), ...measuredUntil('17:40')],
      'not named: refuted',
      gone,
    ],
    [
      'is refuted by a connector that is READY',
      [...failing(timedOut), ...connector('3', '20', '09:00')],
      'not named: refuted',
    ],
    [
      'is not shown by an update that goes on',
      [...failing(timedOut), ['connector', 'state', 'UPDATING'], ['connector', 'instances.max', '10']],
      'not named: untested',
    ],
    [
      'is not asked of another connector that Cloud Run names',
      [
        ...failing(refused.replace('staging-connector', 'staging-connector-2')),
        ...connector('3', '20', '09:00'),
      ],
      'not named: refuted',
    ],
    [
      'is not asked where the services are shown to go another way',
      [
        ...failing(timedOut),
        ...measuredUntil('17:08'),
        ['auth', 'connector', 'other-connector'],
        ['backend', 'connector', 'other-connector'],
      ],
      'not named: not told',
      gone,
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  it.each(['CREATING', 'DELETING', 'ERROR'])('takes %s for a connector that carries nothing', (state) => {
    const seen: Seen[] = [...failing(timedOut), ['connector', 'state', state], ...measuredUntil('17:08')];
    expect(verdictOn(asked, seen)).toBe('confirmed');
  });

  it('quotes Cloud Run where only that tells', () => {
    expect(readAloud(diagnosed(asked, saidOnly)).slice(2)).toMatchInlineSnapshot(`
      [
        "Why does \`auth\` fail? Because Cloud Run says \`VPC connector projects/netra-staging/locations/us-central1/connectors/staging-connector does not exist, or Cloud Run do…\`, 176 times.",
        "Why does Cloud Run say so of \`auth\`? Because \`connector\`, on which it depends, cannot be used, though it is healthy (3/10 instances, CPU 20 %, READY).",
        "Why can \`connector\` not be used? Because it exists (state \`READY\`) and Cloud Run cannot use it: of the reasons that Cloud Run names, a missing permission is left.",
      ]
    `);
  });

  it('says that the name may be wrong', () => {
    const { alternatives } = diagnosed(asked, failing(timedOut), gone);
    expect(alternatives.find(({ cause }) => cause === asked.cause)?.why).toBe(
      'the API knows no such connector, nor was one measured under that name: the configuration may name it wrongly',
    );
  });

  it('tells the whys down to what is wrong with it', () => {
    const found = diagnosed(asked, [...failing(refused), ...measuredUntil('17:08')], gone);
    expect(readAloud(found)).toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 503 in 4.3 s. \`api\` fails too.",
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (22 of 22 requests 5xx).",
        "Why does \`auth\` fail? Because Cloud Run says \`VPC connector projects/netra-staging/locations/us-central1/connectors/staging-connector does not exist, or Cloud Run do…\`, 176 times.",
        "Why does Cloud Run say so of \`auth\`? Because \`connector\`, on which it depends, fails (the API knows no such connector (last measured 17:08 UTC)).",
      ]
    `);
  });

  it('says what speaks for it and against it', () => {
    expect(
      whysOf(asked, {
        ready: [...failing(timedOut), ...connector('3', '20', '09:00')],
        errors: [...failing("KeyError: 'plan'"), ['connector', 'state', 'ERROR']],
        answers: [...failing('FATAL: too many clients (10.68.0.3)'), ['connector', 'state', 'ERROR']],
        late: [...failing(timedOut), ['connector', 'state', 'ERROR'], ...measuredUntil('17:40')],
      }),
    ).toMatchInlineSnapshot(`
      {
        "answers": "its state is \`ERROR\`, but databases answer \`auth\` and \`backend\` through it",
        "errors": "its state is \`ERROR\`, but the errors of nothing that fails point to it",
        "late": "its state is \`ERROR\`, but it began after \`auth\` and \`backend\` failed",
        "ready": "it is READY",
      }
    `);
  });
});
