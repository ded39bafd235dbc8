import { describe, expect, it } from 'vitest';
import { causesOf } from '../../src/core/criteria/readings.ts';
import { diagnose } from '../../src/core/diagnose.ts';
import { openCase } from '../../src/core/diagnose/case.ts';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import {
  answer,
  at,
  configurationOf,
  logged,
  observations,
  requests,
  snapshotOf,
  window,
} from './diagnose.fixture.ts';
import type { Seen } from './diagnose.fixture.ts';

/** Three services, each behind an endpoint of the journey, that need one database through one connector. */
const services = ['cart', 'search', 'mail'] as const;
type Service = (typeof services)[number];

const configuration = configurationOf({
  labels: {
    incident: ['incident'],
    apply: [
      { label: 'memory', when: "'out-of-memory' in causes" },
      { label: 'crash', when: "'crash-on-start' in causes" },
    ],
  },
  components: {
    ...Object.fromEntries(
      services.map((id) => [
        id,
        { type: 'cloud-run', service: `${id}-live`, depends_on: ['connector', 'db'] },
      ]),
    ),
    ...Object.fromEntries(
      services.map((id) => [
        `${id}-page`,
        { type: 'http', url: `https://${id}.example.com/health`, depends_on: [id] },
      ]),
    ),
    connector: { type: 'vpc-connector', name: 'live-connector' },
    db: { type: 'cloud-sql', instance: 'live-postgres', via: 'connector' },
  },
  journeys: { buy: { title: 'Find and buy', steps: services.map((id) => `${id}-page`) } },
});

const connectorWorks: Seen[] = [
  ['connector', 'state', 'READY'],
  ['connector', 'instances.max', '10'],
  ['connector', 'instances', '3', { window, first: window.from, last: at('18:03') }],
];

const databaseWorks: Seen[] = [
  ['db', 'state', 'RUNNABLE'],
  ['db', 'up', '1', { window }],
];

function works(service: Service): Seen[] {
  return [...answer(`${service}-page`, '200'), ...requests(service, 100, 0)];
}

/** So many 5xx since 17:20, and nothing that says why. */
function fails(service: Service, failed: number): Seen[] {
  return [
    ...answer(`${service}-page`, '503'),
    ...requests(service, failed + 5, failed, '17:20'),
    [service, 'revision.serving', `${service}-2`],
  ];
}

const span = (service: Service, since: string, until: string) => ({
  window,
  revision: `${service}-2`,
  first: at(since),
  last: at(until),
});

function runsOutOfMemory(service: Service, failed: number): Seen[] {
  return [
    ...fails(service, failed),
    [service, 'memory.exceeded', String(failed), span(service, '17:20:10', '18:04:50')],
  ];
}

function crashes(service: Service, failed: number): Seen[] {
  return [
    ...fails(service, failed),
    ...logged(service, failed, "ModuleNotFoundError: No module named 'taxes'", '17:20:10', `${service}-2`),
    [service, 'exit.1', String(failed), span(service, '17:20:13', '18:04:53')],
  ];
}

function timesOutOn(service: Service, failed: number): Seen[] {
  return [
    ...fails(service, failed),
    ...logged(service, failed, 'TimeoutError: connection to database live-postgres timed out', '17:20:10'),
  ];
}

function diagnosisOf(...seen: Seen[][]): Diagnosis {
  return diagnose(configuration, snapshotOf(observations(...seen)));
}

const rooted = ({ cause, component, verdict }: Diagnosis['root']): string =>
  `${cause} of ${component} ${verdict}`;

function rootsOf(diagnosis: Diagnosis): (string | null)[] {
  return [rooted(diagnosis.root), diagnosis.second && rooted(diagnosis.second.root)];
}

const healthy = [connectorWorks, databaseWorks];

describe('a second root', () => {
  const table: [what: string, seen: Seen[][], roots: (string | null)[], unexplained: string[]][] = [
    [
      'is what the first leaves over: 60 to 40',
      [runsOutOfMemory('cart', 60), crashes('search', 40), works('mail'), ...healthy],
      ['out-of-memory of cart confirmed', 'crash-on-start of search confirmed'],
      [],
    ],
    [
      'is the smaller part, whichever it is: 40 to 60',
      [runsOutOfMemory('cart', 40), crashes('search', 60), works('mail'), ...healthy],
      ['crash-on-start of search confirmed', 'out-of-memory of cart confirmed'],
      [],
    ],
    [
      'is the one with less evidence, where both are as large',
      [runsOutOfMemory('cart', 50), crashes('search', 50), works('mail'), ...healthy],
      ['crash-on-start of search confirmed', 'out-of-memory of cart confirmed'],
      [],
    ],
    [
      'may have the same cause in another component',
      [runsOutOfMemory('cart', 60), runsOutOfMemory('search', 40), works('mail'), ...healthy],
      ['out-of-memory of cart confirmed', 'out-of-memory of search confirmed'],
      [],
    ],
    [
      'is the last: of three faults one stays unexplained',
      [runsOutOfMemory('cart', 60), crashes('search', 25), runsOutOfMemory('mail', 15), ...healthy],
      ['out-of-memory of cart confirmed', 'crash-on-start of search confirmed'],
      ['mail-page'],
    ],
    [
      'is not told of three faults of which none makes half',
      [runsOutOfMemory('cart', 34), crashes('search', 33), runsOutOfMemory('mail', 33), ...healthy],
      ['unknown of cart unknown', null],
      ['cart-page', 'search-page', 'mail-page'],
    ],
    [
      'is not told of what nothing explains',
      [runsOutOfMemory('cart', 60), fails('search', 40), works('mail'), ...healthy],
      ['out-of-memory of cart confirmed', null],
      ['search-page'],
    ],
    [
      'is not told where the first is unknown',
      [fails('cart', 60), crashes('search', 40), works('mail'), ...healthy],
      ['unknown of cart unknown', null],
      ['cart-page', 'search-page'],
    ],
    [
      'is not told where one cause accounts for all',
      [
        timesOutOn('cart', 60),
        timesOutOn('search', 40),
        works('mail'),
        connectorWorks,
        [
          ['db', 'state', 'MAINTENANCE'],
          ['db', 'up', '0', { window, first: at('17:18'), last: at('18:04') }],
        ],
      ],
      ['cloudsql-unavailable of db confirmed', null],
      [],
    ],
    [
      'is not told where only one thing fails',
      [runsOutOfMemory('cart', 60), works('search'), works('mail'), ...healthy],
      ['out-of-memory of cart confirmed', null],
      [],
    ],
    [
      'is not told of a service that fails and that no user misses',
      [
        runsOutOfMemory('cart', 60),
        crashes('search', 40),
        answer('search-page', '200'),
        works('mail'),
        ...healthy,
      ].map((seen, n) => (n === 1 ? seen.filter(([component]) => component !== 'search-page') : seen)),
      ['out-of-memory of cart confirmed', null],
      [],
    ],
  ];

  it.each(table)('%s', (_what, seen, roots, unexplained) => {
    const diagnosis = diagnosisOf(...seen);
    expect(rootsOf(diagnosis)).toEqual(roots);
    expect(diagnosis.unexplained).toEqual(unexplained);
  });

  it('is the same whatever was read first', () => {
    const seen = [
      ...runsOutOfMemory('cart', 50),
      ...crashes('search', 50),
      ...works('mail'),
      ...healthy.flat(),
    ];
    const snapshot = snapshotOf(observations(seen));
    const reversed = { ...snapshot, observations: snapshot.observations.toReversed() };
    expect(diagnose(configuration, reversed)).toEqual(diagnose(configuration, snapshot));
  });

  const both = diagnosisOf(runsOutOfMemory('cart', 60), crashes('search', 40), works('mail'), ...healthy);

  it('has whys of its own, from what users miss', () => {
    expect(both.chain.map(({ answer: because }) => because)).toMatchInlineSnapshot(`
      [
        "Because \`cart-page\` answers 503 in 200 ms. \`search-page\` fails too.",
        "Because \`cart\`, on which it depends, fails (60 of 65 requests 5xx, memory limit exceeded 60 times).",
        "Because its containers are ended at their memory limit, 60 times.",
      ]
    `);
    expect(both.second?.chain.map(({ question, answer: because }) => `${question} ${because}`))
      .toMatchInlineSnapshot(`
        [
          "Why is the buy journey blocked? Because \`search-page\` answers 503 in 200 ms.",
          "Why does \`search-page\` answer 503? Because \`search\`, on which it depends, fails (40 of 45 requests 5xx, 40 exits with code 1).",
          "Why does \`search\` fail? Because its container exits with code 1, 40 times in \`search-2\`.",
          "Why does the container of \`search\` exit? Because of \`ModuleNotFoundError: No module named 'taxes'\`, seconds before the exits.",
        ]
      `);
  });

  it('counts for criteria and labels as the first does', () => {
    const snapshot = snapshotOf([]);
    const { index, states } = openCase(configuration, snapshot);
    const facts = { configuration, snapshot, index, states, journeys: {}, diagnosis: both };
    expect(causesOf(facts)?.found).toEqual(['out-of-memory', 'crash-on-start']);
    expect(both.labels).toEqual(['memory', 'crash']);
  });

  it('is a finding of its own verdict, and no alternative', () => {
    const named = both.findings.map((found) => rooted(found));
    expect(named.toSorted()).toEqual([
      'crash-on-start of search confirmed',
      'out-of-memory of cart confirmed',
    ]);
    const roots = new Set(['out-of-memory of cart', 'crash-on-start of search']);
    expect(both.alternatives.filter(({ cause, component }) => roots.has(`${cause} of ${component}`))).toEqual(
      [],
    );
  });
});
