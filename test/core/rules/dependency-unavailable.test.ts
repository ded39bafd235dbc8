import { describe, expect, it } from 'vitest';
import { answer, configurationOf, gap, requests, window } from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { soundDiagnosis, readAloud } from './asked.fixture.ts';
import { counted, says, serving, told, whyNot } from './told.fixture.ts';

/** Both services need the same provider of payments; `login` leads to one of them. */
const configuration = configurationOf({
  components: {
    auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['pay'] },
    backend: { type: 'cloud-run', service: 'backend-staging', depends_on: ['pay'] },
    login: { type: 'http', url: 'https://auth.example.com/health', depends_on: ['auth'] },
    api: { type: 'http', url: 'https://api.example.com/health', depends_on: ['backend'] },
    pay: { type: 'http', url: 'https://api.pay.example.net/status' },
  },
  journeys: { 'golden-path': { title: 'Login to AI response', steps: ['login', 'api'] } },
});
const asked = { cause: 'dependency-unavailable', component: 'pay', configuration };

const named = 'ConnectTimeout: HTTPSConnectionPool(host=api.pay.example.net, port=443): timed out';

const failing: Seen[] = [
  ...answer('login', '503', '0.9'),
  ...answer('api', '200'),
  ...requests('auth', 60, 40, '17:20'),
  ['auth', 'revision.serving', serving],
  ...requests('backend', 60, 0),
];
const all: Seen[] = [...failing, ...answer('pay', '503', '8.1'), ...says(named)];

describe('dependency-unavailable', () => {
  const table: [what: string, seen: Seen[], verdict: string][] = [
    ['is confirmed by its own answer and the errors that name its host', all, 'confirmed'],
    [
      'is confirmed for two services that fail towards it',
      [
        ...all.filter(([component]) => component !== 'backend' && component !== 'api'),
        ...answer('api', '503'),
        ...requests('backend', 50, 45, '17:20'),
        [
          'backend',
          'log.error',
          '45',
          { window, text: named, first: '2025-09-15T17:20:12Z', last: '2025-09-15T18:04:50Z' },
        ],
      ],
      'confirmed',
    ],
    [
      'is probable where nothing dates the errors',
      [...failing, ...answer('pay', '503'), ['auth', 'log.error', '40', { window, text: named }]],
      'probable',
    ],
    [
      'is refuted where its host is named and it answers',
      [...failing, ...answer('pay', '200'), ...says(named)],
      'unknown: refuted',
    ],
    [
      'is refuted where it answers, only not to us',
      [...failing, ...answer('pay', '401'), ...says(named)],
      'unknown: weaker',
    ],
    [
      'is not told where it is slow',
      [...failing, ...answer('pay', '200', '12.5'), ...says(named)],
      'unknown: weaker',
    ],
    [
      'is not told where nothing that fails names it',
      [...failing, ...answer('pay', '503'), ...says('Boom')],
      'unknown: weaker',
    ],
    [
      'is not told where another host is named that only begins alike',
      [
        ...failing,
        ...answer('pay', '503'),
        ...says('ConnectTimeout: host=api.pay.example.network timed out'),
      ],
      'unknown: weaker',
    ],
    [
      'is not told where it is named for less than half of the failures',
      [...failing, ...answer('pay', '503'), ...says(named, 19)],
      'unknown: weaker',
    ],
    ['is not told where our own request was not made', [...failing, ...says(named)], 'unknown: untested'],
    [
      'is refuted where the failures are older than the errors',
      [...failing, ...answer('pay', '503'), counted('log.error', 40, { text: named, since: '17:40:10' })],
      'unknown: refuted',
    ],
  ];

  it.each(table)('%s', (_what, seen, verdict) => {
    expect(told(asked, seen)).toBe(verdict);
  });

  it('is not told of an answer that did not come: that is no measurement', () => {
    const gaps = [gap('E950', 'pay', 'status', 'timeout')];
    expect(told(asked, [...failing, ...says(named)], { gaps })).toBe('unknown: untested');
  });

  it('is not asked of an endpoint of ours, which nothing needs or which leads to a service', () => {
    const { alternatives } = soundDiagnosis(asked, all);
    expect(alternatives.filter(({ cause }) => cause === asked.cause)).toEqual([]);
    const ours = configurationOf({
      components: {
        ...configuration.components,
        auth: { type: 'cloud-run', service: 'auth-staging', depends_on: ['api'] },
      },
      journeys: configuration.journeys,
    });
    const seen: Seen[] = [
      ...failing,
      ...answer('api', '503'),
      ...says('ConnectTimeout: host=api.example.com timed out'),
    ];
    expect(told({ ...asked, component: 'api', configuration: ours }, seen)).toBe('unknown: not told');
  });

  it('reads as its whys', () => {
    expect(readAloud(soundDiagnosis(asked, all))).toMatchInlineSnapshot(`
      [
        "Why is the golden path blocked? Because \`login\` answers 503 in 900 ms.",
        "Why does \`login\` answer 503? Because \`auth\`, on which it depends, fails (40 of 60 requests 5xx).",
        "Why does \`auth\` fail? Because it logs \`ConnectTimeout: HTTPSConnectionPool(host=api.pay.example.net, port=443): timed out\`, 40 times.",
        "Why do requests of \`auth\` to \`pay\` fail? Because \`pay\`, on which it depends, answers 503 in 8.1 s.",
      ]
    `);
  });

  it('says what is not shown of it', () => {
    expect([
      whyNot(asked, [...failing, ...answer('pay', '200'), ...says(named)]),
      whyNot(asked, [...failing, ...answer('pay', '401'), ...says(named)]),
      whyNot(asked, [...failing, ...answer('pay', '503'), ...says('Boom')]),
    ]).toMatchInlineSnapshot(`
      [
        "it answers 200 in 200 ms",
        "\`auth\` fails towards it, but it answers our own request (401 in 200 ms)",
        "our own request to it fails (503 in 200 ms), but nothing that fails names it",
      ]
    `);
  });
});
