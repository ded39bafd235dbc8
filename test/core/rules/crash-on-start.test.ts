import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/core/diagnose.ts';
import type { Change } from '../../../src/core/snapshot.ts';
import {
  answer,
  at,
  configurationOf,
  connector,
  database,
  deployed,
  logged,
  observations,
  requests,
  shop,
  snapshotOf,
  window,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';

const revision = 'auth-2';
const missingModule = "ModuleNotFoundError: No module named 'taxes'";

/** The container exits so often since a time, seconds after what its log holds. */
function exits(count = 19, code = '1', since = '17:20:53', of = revision): Seen[] {
  return [
    ['auth', 'revision.serving', of],
    ['auth', `exit.${code}`, String(count), { window, revision: of, first: at(since), last: at('18:04:53') }],
  ];
}

function line(text: string, count = 19, since = '17:20:50', of: string | undefined = revision): Seen[] {
  return logged('auth', count, text, since, of);
}

const failing: Seen[] = [
  ...answer('login', '503', '0.9'),
  ...answer('api', '200'),
  ...requests('auth', 34, 34, '17:21'),
  ...requests('backend', 60, 0),
  ...connector('3', '20', '09:00'),
  ...database,
];

function diagnosisOf(seen: Seen[], changes: Change[] = []) {
  return diagnose(shop, snapshotOf(observations(failing, seen), { changes }));
}

function findingOf(seen: Seen[], changes: Change[] = []) {
  const found = diagnosisOf(seen, changes).findings.find(({ cause }) => cause === 'crash-on-start');
  return found ? { verdict: found.verdict, role: found.role } : null;
}

describe('crash-on-start', () => {
  const root = { verdict: 'confirmed', role: 'root' };
  const unshown = { verdict: 'unknown', role: 'root' };
  const effect = { verdict: 'unknown', role: 'effect' };
  const table: [what: string, seen: Seen[], finding: typeof root | null][] = [
    ['is confirmed by a traceback seconds before the exits', [...exits(), ...line(missingModule)], root],
    [
      'is confirmed by an exception behind the one that came out',
      [...exits(), ...line(`StartupError: cannot start\ncaused by ${missingModule}`)],
      root,
    ],
    ['is confirmed for exit 3 as for any other', [...exits(19, '3'), ...line(missingModule)], root],
    ['is not shown by exit 3 alone', exits(19, '3'), unshown],
    [
      'is at most probable beside other errors that make most of the 5xx',
      [...exits(4), ...line(missingModule, 4), ...line("KeyError: 'vat'", 30, '17:21:54')],
      { verdict: 'probable', role: 'root' },
    ],
    [
      'is at most probable where it was not read which revision serves',
      [...exits().slice(1), ...line(missingModule)],
      { verdict: 'probable', role: 'root' },
    ],
    [
      'is confirmed beside a few other errors',
      [...exits(), ...line(missingModule), ...line("KeyError: 'vat'", 6, '17:21:54')],
      root,
    ],
    [
      'is not shown by a line that is no exception',
      [...exits(), ...line('Application startup failed')],
      unshown,
    ],
    [
      'is not shown by a traceback of another revision',
      [...exits(), ...line(missingModule, 19, '17:20:50', 'auth-1')],
      unshown,
    ],
    [
      'is not shown by a traceback of no known revision',
      [...exits(), ...logged('auth', 19, missingModule, '17:20:50')],
      unshown,
    ],
    [
      'is not shown by a traceback a minute before',
      [
        ...exits(),
        [
          'auth',
          'log.error',
          '19',
          { window, revision, text: missingModule, first: at('17:19:50'), last: at('18:03:50') },
        ],
      ],
      unshown,
    ],
    [
      'is not shown by a traceback after the exits',
      [
        ...exits(),
        [
          'auth',
          'log.error',
          '19',
          { window, revision, text: missingModule, first: at('17:20:58'), last: at('18:04:58') },
        ],
      ],
      unshown,
    ],
    ['is not shown by a traceback before few of the exits', [...exits(), ...line(missingModule, 9)], unshown],
    [
      'is confirmed by a traceback before half of the exits',
      [...exits(20), ...line(missingModule, 10)],
      root,
    ],
    [
      'is an effect of a database that times out',
      [...exits(19, '3'), ...line('RuntimeError: Database connection validation timeout exceeded (15s)')],
      effect,
    ],
    [
      'is an effect of a refused connection behind the exception that came out',
      [...exits(), ...line('StartupError: cannot start\ncaused by ConnectionRefusedError: [Errno 111] db')],
      effect,
    ],
    [
      'is an effect of a time-out to a host that is not configured',
      [...exits(), ...line('Error: connect ETIMEDOUT 203.0.113.9:443')],
      effect,
    ],
    [
      'stands beside time-outs that the program survives',
      [...exits(), ...line(missingModule), ...line('TimeoutError: cache timed out', 30)],
      root,
    ],
    ['is not asked of exits with 0', [...exits(19, '0'), ...line(missingModule)], null],
    [
      'is not asked of a revision that is no longer in use',
      [...exits(), ...line(missingModule), ['auth', 'revision.serving', 'auth-3', { at: at('18:05:01') }]],
      null,
    ],
  ];

  it.each(table)('%s', (_what, seen, finding) => {
    expect(findingOf(seen)).toEqual(finding);
  });

  it('explains nothing in a new revision that takes no requests, while the one before serves and fails', () => {
    const seen: Seen[] = [
      ...exits(12, '1', '17:21:53', 'auth-3'),
      ...line(missingModule, 12, '17:21:50', 'auth-3'),
      ['auth', 'revision.serving', revision, { at: at('18:05:01') }],
      ['auth', 'revision.created', 'auth-3'],
    ];
    expect(findingOf(seen)).toBeNull();
    expect(diagnosisOf(seen).alternatives.find(({ cause }) => cause === 'crash-on-start')?.why).toBe(
      'only a revision that takes no requests now exits',
    );
    expect(findingOf([...seen, ['auth', 'traffic', '10', { revision: 'auth-3' }]])).toEqual(root);
  });

  it('cannot be the cause of failures that began before it', () => {
    const late = diagnosisOf([
      ['auth', 'requests.5xx.since', at('17:05'), { window: { from: at('00:00'), to: at('18:05') } }],
      ...exits(),
      ...line(missingModule),
    ]);
    expect(late.root).toEqual({ cause: 'unknown', component: 'auth', verdict: 'unknown' });
  });

  it('began no earlier than the revision that exits, however rare its exits are', () => {
    const rare = [...exits(3), ...line(missingModule, 3)];
    const change = deployed('auth', '17:20', [{ key: 'image', from: 'auth:41', to: 'auth:42' }]);
    expect(findingOf(rare)).toEqual({ verdict: 'probable', role: 'root' });
    expect(findingOf(rare, [change])).toEqual(root);
  });

  it('is refuted by a log without exits that was read in full', () => {
    const { alternatives } = diagnosisOf([['auth', 'log.errors', '3', { window }]]);
    const alternative = alternatives.find(({ cause }) => cause === 'crash-on-start');
    expect(alternative).toMatchObject({ verdict: 'refuted', why: 'no container exit in the window' });
  });

  it('stays untested where the log was cut', () => {
    const { alternatives } = diagnosisOf([['auth', 'log.errors', '3000', { window, partial: true }]]);
    expect(alternatives.find(({ cause }) => cause === 'crash-on-start')?.verdict).toBe('untested');
  });

  it('tells the whys down to the deployment that brought it', () => {
    const change = deployed('auth', '17:20', [{ key: 'image', from: 'auth:41', to: 'auth:42' }]);
    const { chain, root: named } = diagnosisOf([...exits(), ...line(missingModule)], [change]);
    expect(named).toEqual({ cause: 'crash-on-start', component: 'auth', verdict: 'confirmed' });
    expect(chain.map(({ question, answer: told, edge }) => [question, told, edge])).toEqual([
      ['Why is the golden path blocked?', 'Because `login` answers 503 in 900 ms.', 'journey'],
      [
        'Why does `login` answer 503?',
        'Because `auth`, on which it depends, fails (34 of 34 requests 5xx, 19 exits with code 1).',
        'depends_on',
      ],
      ['Why does `auth` fail?', 'Because its container exits with code 1, 19 times in `auth-2`.', 'same'],
      [
        'Why does the container of `auth` exit?',
        `Because of \`${missingModule}\`, seconds before the exits.`,
        'same',
      ],
      [
        'Why did it begin then?',
        'Because `auth-2` was deployed at 17:20 UTC, which changed `image`.',
        'change',
      ],
    ]);
    expect(chain.at(-1)?.evidence).toEqual([change.id]);
  });

  it('keeps what a log says inside one code span', () => {
    const text = 'ValueError: `rm` @team\u2028\n<b>#1</b>';
    const { chain } = diagnosisOf([...exits(), ...line(text)]);
    expect(chain.at(-1)?.answer).toBe('Because of `ValueError: rm @team`, seconds before the exits.');
  });

  it('needs no journey', () => {
    const configuration = configurationOf({ components: { auth: { type: 'cloud-run', service: 'auth' } } });
    const seen = [...requests('auth', 34, 34, '17:21'), ...exits(), ...line(missingModule)];
    const { root: named, chain } = diagnose(configuration, snapshotOf(observations(seen)));
    expect(named).toEqual({ cause: 'crash-on-start', component: 'auth', verdict: 'confirmed' });
    expect(chain[0]?.question).toBe('Why is `auth` not healthy?');
  });
});
