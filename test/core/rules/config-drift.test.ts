import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/core/diagnose.ts';
import type { Change } from '../../../src/core/snapshot.ts';
import {
  answer,
  at,
  configurationOf,
  connector,
  database,
  day,
  deployed,
  logged,
  observations,
  requests,
  saturated,
  shop,
  snapshotOf,
  stated,
  window,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';

const shorter = [{ key: 'env.DATABASE_TIMEOUT', from: '75.0', to: '15.0' }];

const timesOut = 'RuntimeError: Database connection validation timeout exceeded (15s)';

/** Backend fails from a time on; auth and everything else work. */
function failing(since = '17:13', text = timesOut): Seen[] {
  return [
    ...answer('login', '200'),
    ...answer('api', '503', '4.3'),
    ...requests('auth', 60, 0),
    ...requests('backend', 40, 30, since),
    ...logged('backend', 30, text, `${since}:54`, 'backend-2'),
    ['backend', 'revision.serving', 'backend-2'],
    ...connector('3', '20', '09:00'),
    ...database,
  ];
}

/** How long connecting took, as the log of the old revision says. */
function connects(...seconds: string[]): Seen[] {
  return seconds.map((value) => [
    'backend',
    'connect.time',
    value,
    { window, unit: 's', revision: 'backend-1' },
  ]);
}

/** Requests of the revision before, and those that failed. */
function older(all: string, failed: string): Seen[] {
  return [
    ['backend', 'requests.by_revision', all, { window, revision: 'backend-1' }],
    ['backend', 'requests.5xx.by_revision', failed, { window, revision: 'backend-1' }],
    ['backend', 'requests.by_revision', '30', { window, revision: 'backend-2' }],
    ['backend', 'requests.5xx.by_revision', '30', { window, revision: 'backend-2' }],
  ];
}

function diagnosisOf(seen: Seen[], changes: Change[] = [deployed('backend', '17:12:05', shorter)]) {
  return diagnose(shop, snapshotOf(observations(seen), { changes }));
}

function findingOf(...of: Parameters<typeof diagnosisOf>) {
  const found = diagnosisOf(...of).findings.find(({ cause }) => cause === 'config-drift');
  return found ? `${found.role} ${found.verdict}` : null;
}

function alternativeOf(...of: Parameters<typeof diagnosisOf>) {
  const found = diagnosisOf(...of).alternatives.find(
    ({ cause, component }) => cause === 'config-drift' && component === 'backend',
  );
  return found ? `${found.verdict}: ${found.why}` : null;
}

describe('config-drift', () => {
  const table: [what: string, seen: Seen[], finding: string | null][] = [
    [
      'is confirmed by a connect time between both values, a clean old revision, and failures after the change',
      [...failing(), ...connects('22.4', '31.2'), ...older('20', '0')],
      'root confirmed',
    ],
    [
      'is at most probable where only the log of the new revision dates the failures',
      [
        ...failing().filter(([of, name]) => of !== 'backend' || !name.startsWith('requests.5xx')),
        ...connects('22.4', '31.2'),
        ...older('20', '0'),
      ],
      'root probable',
    ],
    [
      'is unknown without a contrast: the old revision was not seen to serve',
      [...failing(), ...connects('22.4', '31.2')],
      'root unknown',
    ],
    [
      'amplifies where the old revision fails as well',
      [...failing(), ...connects('22.4', '31.2'), ...older('20', '15')],
      'amplifier unknown',
    ],
    [
      'is unknown where the old revision fails less',
      [...failing(), ...connects('22.4', '31.2'), ...older('20', '4')],
      'root unknown',
    ],
    [
      'amplifies where failures began before the change',
      [...failing('17:09'), ...connects('22.4', '31.2'), ...older('20', '0')],
      'amplifier unknown',
    ],
    [
      'holds where failures are dated to the minute of the change',
      [...failing('17:12'), ...connects('22.4', '31.2'), ...older('20', '0')],
      'root confirmed',
    ],
    ['amplifies where it never connects at all', [...failing(), ...older('20', '0')], 'amplifier unknown'],
    [
      'amplifies where connecting takes longer than the old value',
      [...failing(), ...connects('80', '92.5'), ...older('20', '0')],
      'amplifier unknown',
    ],
    [
      'amplifies where connecting takes less than the new value',
      [...failing(), ...connects('0.4', '14.9'), ...older('20', '0')],
      'amplifier unknown',
    ],
  ];

  it.each(table)('%s', (_what, seen, finding) => {
    expect(findingOf(seen)).toBe(finding);
  });

  const mechanisms: [what: string, diff: Change['diff'][number], text: string, finding: string | null][] = [
    ['a longer timeout', { key: 'env.DATABASE_TIMEOUT', from: '15.0', to: '75.0' }, timesOut, null],
    ['another image', { key: 'image', from: 'a:1', to: 'a:2' }, timesOut, null],
    ['an unrelated variable', { key: 'env.LOG_LEVEL', from: 'info', to: 'debug' }, timesOut, null],
    [
      'a variable that the log misses',
      { key: 'env.JWT_SECRET', from: 'a', to: null },
      "KeyError: 'JWT_SECRET'",
      'root confirmed',
    ],
    [
      'a variable whose name only begins alike',
      { key: 'env.JWT', from: 'a', to: null },
      "KeyError: 'JWT_SECRET'",
      null,
    ],
    [
      'a connector that is gone',
      { key: 'connector', from: 'staging-connector', to: 'none' },
      timesOut,
      'root confirmed',
    ],
    [
      'another egress, with no connection that fails',
      { key: 'egress', from: 'all-traffic', to: 'private-ranges-only' },
      'ValueError: bad input',
      null,
    ],
    [
      'another address of the database',
      { key: 'env.DATABASE_HOST', from: '10.0.0.1', to: '10.0.0.2' },
      timesOut,
      'root confirmed',
    ],
    [
      'less memory, and its limit in the log',
      { key: 'limit.memory', from: '1Gi', to: '512Mi' },
      'Memory limit of 512 MiB exceeded with 520 MiB used.',
      'root confirmed',
    ],
    [
      'more memory, and its limit in the log',
      { key: 'limit.memory', from: '512Mi', to: '1Gi' },
      'Memory limit of 1024 MiB exceeded with 1030 MiB used.',
      null,
    ],
    [
      'fewer instances, and none left in the log',
      { key: 'scaling.max', from: '100', to: '5' },
      'The request was aborted because there was no available instance.',
      'root confirmed',
    ],
  ];

  it.each(mechanisms)('of %s', (_what, difference, text, finding) => {
    const changes = [deployed('backend', '17:12:05', [difference])];
    expect(findingOf([...failing('17:13', text), ...older('20', '0')], changes)).toBe(finding);
  });

  it('reads the contrast from the window before where the revisions were not counted', () => {
    const windowBefore = { from: at('16:05'), to: at('17:05') };
    const before: Seen[] = [
      ['backend', 'requests', '50', { window: windowBefore }],
      ['backend', 'requests.5xx', '0', { window: windowBefore }],
    ];
    expect(findingOf([...failing(), ...connects('22.4'), ...before])).toBe('root confirmed');
  });

  it('has no contrast in the window before where the old revision still serves, and fails less', () => {
    const windowBefore = { from: at('16:05'), to: at('17:05') };
    const before: Seen[] = [
      ['backend', 'requests', '50', { window: windowBefore }],
      ['backend', 'requests.5xx', '0', { window: windowBefore }],
    ];
    expect(findingOf([...failing(), ...connects('22.4'), ...older('20', '4'), ...before])).toBe(
      'root unknown',
    );
  });

  it('is a change without mechanism only by its time', () => {
    const changes = [deployed('backend', '17:12:05', [{ key: 'env.LOG_LEVEL', from: 'info', to: 'debug' }])];
    expect(alternativeOf([...failing(), ...older('20', '0')], changes)).toBe(
      'weaker: `backend-2` changed `env.LOG_LEVEL` at 17:12 UTC, but nothing ties that to the failure: timing alone is no cause',
    );
  });

  it('is refuted where only the image changed', () => {
    const changes = [deployed('backend', '17:12:05', [{ key: 'image', from: 'a:1', to: 'a:2' }])];
    expect(alternativeOf(failing(), changes)).toBe('refuted: `backend-2` changed the image and no setting');
  });

  it('is refuted for a revision that had served for days: settings live in revisions', () => {
    const seen: Seen[] = [
      ...failing(),
      ['backend', 'deployed', '2025-09-09T09:41:10Z', { revision: 'backend-2' }],
    ];
    expect(alternativeOf(seen, [])).toBe(
      "refuted: the serving revision dates from 6 d before the failure, and a revision's settings never change",
    );
  });

  it('stays untested where no difference could be read', () => {
    expect(alternativeOf(failing(), [])).toBe('untested: no difference to the revision before could be read');
  });

  it('is not asked of a change to a revision that does not serve', () => {
    const changes = [deployed('backend', '17:12:05', shorter, { revision: 'backend-3' })];
    expect(findingOf([...failing(), ...connects('22.4'), ...older('20', '0')], changes)).toBeNull();
  });

  it('is at most probable beside a connector at its limit that the errors point to', () => {
    const full = failing().filter(([component]) => component !== 'connector');
    const seen = [...full, ...connector('10', '94'), ...connects('22.4'), ...older('20', '0')];
    expect(diagnosisOf(seen).root).toEqual({
      cause: 'config-drift',
      component: 'backend',
      verdict: 'probable',
    });
  });

  it('does not account for a service that fails alike and was not deployed', () => {
    const seen: Seen[] = [
      ...failing().filter(([component]) => component !== 'login' && component !== 'auth'),
      ...answer('login', '503', '4.3'),
      ...requests('auth', 40, 40, '17:13'),
      ...logged('auth', 40, 'TimeoutError: database timed out', '17:13:54'),
      ...connects('22.4', '31.2'),
      ...older('20', '0'),
    ];
    const { root, findings } = diagnosisOf(seen);
    expect(findings.map(({ cause, verdict }) => [cause, verdict])).toEqual([['config-drift', 'unknown']]);
    expect(root.cause).toBe('unknown');
  });

  it('tells the change, the values and the measurement, with the evidence of each', () => {
    const seen = [...failing(), ...connects('22.4', '25', '31.2'), ...older('20', '0')];
    const { chain } = diagnosisOf(seen);
    const all = observations(seen);
    const ids = all
      .filter(({ signal, value }) => signal === 'connect.time' && value !== '25')
      .map(({ id }) => id);
    expect(chain.at(-1)).toMatchObject({
      question: 'Why does `backend` fail?',
      answer:
        'Because `backend-2`, deployed at 17:12 UTC, changed `env.DATABASE_TIMEOUT` from `75.0` to `15.0`, and connecting takes 22.4 to 31.2 s.',
      cause: { component: 'backend', signal: 'env.DATABASE_TIMEOUT' },
      edge: 'change',
      evidence: [...ids, 'E900'],
    });
  });

  const missing = "KeyError: 'JWT_SECRET'";
  const gone = [deployed('backend', '17:12:05', [{ key: 'env.JWT_SECRET', from: 'a', to: null }])];
  const exits: Seen = [
    'backend',
    'exit.1',
    '30',
    { window, revision: 'backend-2', first: at('17:13:56'), last: at('18:04:56') },
  ];

  it('goes behind the exits of a start that fails for the setting', () => {
    const { root, chain, findings } = diagnosisOf(
      [...failing('17:13', missing), ...older('20', '0'), exits],
      gone,
    );
    expect(findings.map(({ cause, verdict }) => `${cause} ${verdict}`).toSorted()).toEqual([
      'config-drift confirmed',
      'crash-on-start confirmed',
    ]);
    expect(root).toEqual({ cause: 'config-drift', component: 'backend', verdict: 'confirmed' });
    expect(chain.slice(2).map(({ question, answer: told }) => `${question} ${told}`)).toEqual([
      'Why does `backend` fail? Because its container exits with code 1, 30 times in `backend-2`.',
      `Why does the container of \`backend\` exit? Because of \`${missing}\`, seconds before the exits.`,
      'Why did it begin then? Because `backend-2`, deployed at 17:12 UTC, changed `env.JWT_SECRET` from `a` to unset, and the log names it.',
    ]);
  });

  it('leaves both unknown where another cause is as likely and rests on other readings', () => {
    const seen: Seen[] = [
      ...failing(),
      ...connects('22.4', '31.2'),
      ...older('20', '0'),
      exits,
      ...logged('backend', 30, "ModuleNotFoundError: No module named 'x'", '17:13:54', 'backend-2'),
    ];
    const { root, findings } = diagnosisOf(seen);
    expect(findings.map(({ cause, verdict }) => `${cause} ${verdict}`).toSorted()).toEqual([
      'config-drift unknown',
      'crash-on-start unknown',
    ]);
    expect(root).toEqual({ cause: 'unknown', component: 'backend', verdict: 'unknown' });
  });

  it('is the same for changes and statements in any order', () => {
    const changes = [
      ...gone,
      deployed('backend', '17:12:05', shorter, { id: 'E901' }),
      deployed('backend', '17:12:05', [{ key: 'egress', from: 'a', to: 'b' }], { id: 'E902' }),
    ];
    const seen = [...failing(), ...connects('22.4'), ...older('20', '0')];
    expect(diagnosisOf(seen, changes.toReversed())).toEqual(diagnosisOf(seen, changes));
    const statements = [stated('Cloud SQL `one` is fine'), stated('Cloud SQL `another` is fine')];
    const said = (some: typeof statements) =>
      diagnose(shop, snapshotOf(observations(seen), { statements: some })).contradictions;
    expect(said(statements)[0]?.sides).toHaveLength(3);
    expect(said(statements.toReversed())).toEqual(said(statements));
  });

  it('makes a failure worse that began three minutes before it', () => {
    const seen: Seen[] = [
      ...saturated,
      ...connects('22.4', '31.2'),
      ['backend', 'revision.serving', 'backend-2'],
    ];
    const found = diagnosisOf(seen);
    expect(found.findings.find(({ cause }) => cause === 'config-drift')).toMatchObject({
      role: 'amplifier',
      verdict: 'unknown',
    });
    expect(alternativeOf(seen)).toBe(
      'weaker: `backend-2` changed `env.DATABASE_TIMEOUT` from `75.0` to `15.0` at 17:12 UTC, but the failures began at 17:09, 3 min before; it makes the failure worse (connecting takes 22.4 to 31.2 s)',
    );
  });

  it('cannot be dated where the failure reaches back beyond the readings', () => {
    const configuration = configurationOf({
      components: { backend: { type: 'cloud-run', service: 'backend' } },
    });
    const seen: Seen[] = [
      ...requests('backend', 40, 30, '17:05').filter(([, signal]) => signal !== 'requests.5xx.since'),
      ['backend', 'revision.serving', 'backend-2'],
      ...connects('22.4'),
      ...older('20', '0'),
    ];
    const changes = [deployed('backend', '09:00', shorter)];
    const { findings } = diagnose(configuration, snapshotOf(observations(seen), { changes }));
    expect(findings.map(({ verdict }) => verdict)).toEqual(['unknown']);
    const dated: Seen[] = [...seen, ['backend', 'requests.5xx.since', at('09:10'), { window: day }]];
    const known = diagnose(configuration, snapshotOf(observations(dated), { changes }));
    expect(known.findings.map(({ verdict }) => verdict)).toEqual(['confirmed']);
  });
});

/** `backend-0` served well until 17:12; both revisions after it fail. */
const healthy = (revision: string): Seen[] => [
  ['backend', 'revision.healthy', '240', { window: day, revision, first: at('16:12'), last: at('17:12') }],
  ['backend', 'revision.healthy.5xx', '0', { window: day, revision }],
];

const drift = (diff: Change['diff']): Change =>
  deployed('backend', '17:12:05', diff, { id: 'E901', kind: 'drift', previousRevision: 'backend-0' });

describe('config-drift against the last healthy revision', () => {
  const bothFail: Seen[] = [
    ['backend', 'requests.by_revision', '10', { window, revision: 'backend-1' }],
    ['backend', 'requests.5xx.by_revision', '10', { window, revision: 'backend-1' }],
    ['backend', 'requests.by_revision', '30', { window, revision: 'backend-2' }],
    ['backend', 'requests.5xx.by_revision', '30', { window, revision: 'backend-2' }],
  ];
  const step = deployed('backend', '17:12:30', [{ key: 'env.LOG_LEVEL', from: 'info', to: 'debug' }]);

  it('is confirmed where the revision before fails as well, and the healthy one has the old value', () => {
    const seen = [...failing(), ...connects('22.4', '31.2'), ...bothFail, ...healthy('backend-0')];
    expect(findingOf(seen, [step, drift(shorter)])).toBe('root confirmed');
    expect(findingOf(seen, [step])).toBeNull();
  });

  it('is refuted where the serving revision has no other setting than the healthy one', () => {
    expect(alternativeOf([...failing(), ...bothFail, ...healthy('backend-0')], [step, drift([])])).toBe(
      'refuted: `backend-2` has no other setting than `backend-0`, which served 240 requests with 0 5xx until 17:12 UTC',
    );
  });

  it('is refuted where the serving revision itself was the healthy one', () => {
    expect(alternativeOf([...failing(), ...healthy('backend-2')], [])).toBe(
      "refuted: the serving revision itself served 240 requests with 0 5xx until 17:12 UTC, and a revision's settings never change",
    );
  });

  it('has its contrast in the time in which the revision before was healthy', () => {
    const seen = [...failing(), ...connects('22.4', '31.2'), ...healthy('backend-1')];
    expect(findingOf(seen)).toBe('root confirmed');
  });

  it('has none in a healthy time before a window in which it fails too', () => {
    const seen = [...failing(), ...connects('22.4', '31.2'), ...older('20', '4'), ...healthy('backend-1')];
    expect(findingOf(seen)).toBe('root unknown');
  });
});
