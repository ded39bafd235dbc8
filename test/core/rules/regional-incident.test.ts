import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { answer, at, configurationOf, day, gap, logged, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { diagnosed, readAloud, verdictOn, whysOf, without } from './asked.fixture.ts';

/** Two services that share nothing but the region, and a third one. */
const configuration = configurationOf({
  components: {
    shop: { type: 'http', url: 'https://shop.example.com/health', depends_on: ['cart'] },
    pay: { type: 'http', url: 'https://pay.example.com/health', depends_on: ['payments'] },
    cart: { type: 'cloud-run', service: 'cart-prod' },
    payments: { type: 'cloud-run', service: 'payments-prod', depends_on: ['db'] },
    web: { type: 'cloud-run', service: 'web-prod' },
    db: { type: 'cloud-sql', instance: 'prod-postgres' },
    region: { type: 'google-region' },
  },
  journeys: { checkout: { title: 'Checkout', steps: ['shop', 'pay'] } },
});

const asked = { cause: 'regional-incident', component: 'region', configuration };

const notStarted = 'The request failed because the instance could not start successfully.';
const noInstance = 'The request was aborted because there was no available instance.';

/** Both services fail since 17:09, and log a line, `pay` so often. */
function failing(text = notStarted, count = 30): Seen[] {
  return [
    ...answer('shop', '503', '9.1'),
    ...answer('pay', '503', '9.1'),
    ...requests('cart', 40, 30),
    ...requests('payments', 40, 30),
    ...logged('cart', count, text),
    ...logged('payments', count, text, '17:09:11'),
    ...instances('cart', '4'),
    ...instances('payments', '3'),
    ['db', 'state', 'RUNNABLE'],
    ['db', 'up', '1', { window }],
  ];
}

function instances(service: string, most: string, limit = '10'): Seen[] {
  return [
    [service, 'instances.active.max', most, { window }],
    [service, 'scaling.max', limit],
  ];
}

/** One event that Google tells, and how many go on. */
function event(
  value = 'ACTIVE IMPACTED',
  { text = 'Elevated errors starting instances; Cloud Run; us-central1', since = '17:05', active = '1' } = {},
): Seen[] {
  return [
    ['region', 'events.active', active, { window: day }],
    ['region', 'event', value, { window: day, text, first: at(since) }],
  ];
}

const quiet: Seen[] = [['region', 'events.active', '0', { window: day }]];

describe('regional-incident', () => {
  const table: [what: string, seen: Seen[], verdict: string, more?: Partial<Snapshot>][] = [
    ['is confirmed with all that is asked for', [...failing(), ...event()], 'confirmed'],
    [
      'is confirmed by two services that share nothing',
      [...failing(), ...event('ACTIVE RELATED')],
      'confirmed',
    ],
    [
      'is confirmed by an outage in the public feed',
      [...failing(), ...event('ACTIVE SERVICE_OUTAGE')],
      'confirmed',
    ],
    [
      'is confirmed where it is global',
      [...failing(), ...event('ACTIVE IMPACTED', { text: 'Cloud Run errors; Cloud Run; global' })],
      'confirmed',
    ],
    [
      'is confirmed where it is told for the continent',
      [...failing(), ...event('ACTIVE IMPACTED', { text: 'Cloud Run errors; Cloud Run; us' })],
      'confirmed',
    ],
    [
      'is confirmed where no place is told',
      [...failing(), ...event('ACTIVE IMPACTED', { text: 'Cloud Run errors; Cloud Run' })],
      'confirmed',
    ],
    [
      'is probable where one service fails so and Google does not say that the project is hit',
      [...without(failing(), 'payments').filter(([of]) => of !== 'pay'), ...event('ACTIVE RELATED')],
      'probable',
    ],
    [
      'is confirmed where Google states the beginning some minutes late',
      [...failing(), ...event('ACTIVE IMPACTED', { since: '17:20' })],
      'confirmed',
    ],
    [
      'is refuted where it began half an hour after the failure',
      [...failing(), ...event('ACTIVE IMPACTED', { since: '17:40' })],
      'not named: refuted',
    ],
    [
      'is refuted where only an event of another product began before',
      [
        ...failing(),
        ...event('ACTIVE IMPACTED', { since: '17:40' }),
        ...event('ACTIVE RELATED', { text: 'Queries fail; BigQuery; us-central1', since: '09:00' }).slice(1),
      ],
      'not named: refuted',
    ],
    [
      'is not shown by an event that is over',
      [...failing(), ...event('CLOSED IMPACTED', { active: '0' })],
      'not named: untested',
    ],
    [
      'is not shown by an event that does not concern the project',
      [...failing(), ...event('ACTIVE NOT_IMPACTED', { active: '0' })],
      'not named: untested',
    ],
    [
      'is not shown by an event of another product',
      [...failing(), ...event('ACTIVE IMPACTED', { text: 'Queries fail; BigQuery; us-central1' })],
      'not named: weaker',
    ],
    [
      'is not shown by an event of another region',
      [...failing(), ...event('ACTIVE IMPACTED', { text: 'Cloud Run errors; Cloud Run; europe-west1' })],
      'not named: weaker',
    ],
    [
      'is not shown by an event of a region whose name only begins alike',
      [...failing(), ...event('ACTIVE IMPACTED', { text: 'Cloud Run errors; Cloud Run; us-central12' })],
      'not named: weaker',
    ],
    [
      'is not shown where the services fail otherwise',
      [...failing("KeyError: 'plan'"), ...event()],
      'not named: weaker',
    ],
    ['is not shown by few of the failures', [...failing(notStarted, 14), ...event()], 'not named: weaker'],
    [
      'is refuted by a service that runs its maximum of instances',
      [...without(failing(noInstance), 'cart', 'instances'), ...instances('cart', '10'), ...event()],
      'not named: refuted',
    ],
    [
      'is refuted where no event is told and a service of the region works',
      [...failing("KeyError: 'plan'"), ...requests('web', 90, 0), ...quiet],
      'not named: refuted',
    ],
    [
      'is weakened where no event is told: it may not be told yet',
      [...failing("KeyError: 'plan'"), ...quiet],
      'not named: weaker',
    ],
    [
      'is untested where Google could not be asked',
      failing("KeyError: 'plan'"),
      'not named: untested',
      { gaps: [gap('E900', 'region', '*', 'api-disabled')] },
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict, more = {}) => {
    expect(verdictOn(asked, seen, more)).toBe(verdict);
  });

  it('goes through a database that an event of its product takes away', () => {
    const seen: Seen[] = [
      ...answer('pay', '503', '9.1'),
      ...requests('payments', 40, 30),
      ...logged('payments', 30, 'TimeoutError: connection to "/cloudsql/p:r:prod-postgres" timed out'),
      ['db', 'state', 'RUNNABLE'],
      ['db', 'up', '0', { window, first: at('17:08'), last: at('18:03') }],
      ...event('ACTIVE IMPACTED', { text: 'Instances are down; Cloud SQL; us-central1' }),
    ];
    expect(readAloud(diagnosed(asked, seen))).toMatchInlineSnapshot(`
      [
        "Why is the checkout journey blocked? Because \`pay\` answers 503 in 9.1 s.",
        "Why does \`pay\` answer 503? Because \`payments\`, on which it depends, fails (30 of 40 requests 5xx).",
        "Why does \`payments\` fail? Because its connections to \`db\` time out, 30 times.",
        "Why do the connections of \`payments\` time out? Because \`db\`, on which it depends, fails (RUNNABLE, up 0).",
        "Why does \`db\` fail? Because \`region\`, in which it lies, fails (1 event goes on: Instances are down, since 17:05 UTC).",
      ]
    `);
  });

  it('tells the whys down to what Google reports', () => {
    expect(readAloud(diagnosed(asked, [...failing(), ...event()]))).toMatchInlineSnapshot(`
      [
        "Why is the checkout journey blocked? Because \`shop\` answers 503 in 9.1 s. \`pay\` fails too.",
        "Why does \`shop\` answer 503? Because \`cart\`, on which it depends, fails (30 of 40 requests 5xx).",
        "Why does \`cart\` fail? Because Cloud Run does not bring up its instances: \`The request failed because the instance could not start successfully.\`, 30 times.",
        "Why do instances of \`cart\` not start? Because \`region\`, in which it lies, fails (1 event goes on: Elevated errors starting instances, since 17:05 UTC).",
      ]
    `);
  });

  it('says what speaks for it and against it', () => {
    const one = without(failing(), 'payments').filter(([of]) => of !== 'pay');
    expect(
      whysOf(asked, {
        late: [...failing(), ...event('ACTIVE IMPACTED', { since: '17:40' })],
        product: [...failing(), ...event('ACTIVE IMPACTED', { text: 'Queries fail; BigQuery; us-central1' })],
        otherwise: [...failing("KeyError: 'plan'"), ...event()],
        maximum: [
          ...without(failing(noInstance), 'cart', 'instances'),
          ...instances('cart', '10'),
          ...event(),
        ],
        single: [...without(one, 'cart', 'instances'), ...instances('cart', '10'), ...event()],
        none: [...failing("KeyError: 'plan'"), ...quiet],
        works: [...failing("KeyError: 'plan'"), ...requests('web', 90, 0), ...quiet],
      }),
    ).toMatchInlineSnapshot(`
      {
        "late": "Google reports \`Elevated errors starting instances; Cloud Run; us-central1\`, \`ACTIVE IMPACTED\` since 17:40 UTC, but it began after \`cart\` and \`payments\` failed",
        "maximum": "Google reports \`Elevated errors starting instances; Cloud Run; us-central1\`, \`ACTIVE IMPACTED\` since 17:05 UTC, but \`cart\` runs its maximum of instances",
        "none": "Google reports no event of the last 24 hours for the products in use",
        "otherwise": "Google reports \`Elevated errors starting instances; Cloud Run; us-central1\`, \`ACTIVE IMPACTED\` since 17:05 UTC, but the errors of nothing that fails point to it",
        "product": "Google reports \`Queries fail; BigQuery; us-central1\`, \`ACTIVE IMPACTED\` since 17:05 UTC, but the errors of nothing that fails point to it",
        "single": "Google reports \`Elevated errors starting instances; Cloud Run; us-central1\`, \`ACTIVE IMPACTED\` since 17:05 UTC, but \`cart\` runs its maximum of instances",
        "works": "\`web\` works in the same region; Google reports no event of the last 24 hours for the products in use",
      }
    `);
  });
});
