import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/core/diagnose.ts';
import type { ListedChange } from '../../../src/core/diagnosis.ts';
import type { Change, Observation, PreviousUpdate } from '../../../src/core/snapshot.ts';
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
  window,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';

/** The symptom of `saturated` begins at 17:09. */
function listOf(
  seen: readonly Seen[],
  changes: Change[] = [],
  previous: PreviousUpdate | null = null,
  configuration = shop,
): ListedChange[] {
  return diagnose(configuration, snapshotOf(observations(seen), { changes, previous })).changes;
}

const source = { api: 'api.github.com', method: 'graphql', query: 'q' };
const sha = '5d0c3b7e19a84f62d3b0e5c8a79614fd2b8e0c37';
const image = (tag: string) => [
  { key: 'image', from: 'docker.pkg.dev/p/auth:b1e09a4d7', to: `docker.pkg.dev/p/auth:${tag}` },
];

/** A change that nothing ties to the failures. */
function colour(when: string, date = '15'): Change {
  return deployed('auth', '17:00', [{ key: 'env.COLOUR', from: 'red', to: 'blue' }], {
    at: `2025-09-${date}T${when}:00Z`,
  });
}

/** A shorter timeout. */
function shorter(clock: string, more: Partial<Change> = {}): Change {
  return deployed('auth', clock, [{ key: 'env.DB_TIMEOUT', from: '75', to: '15' }], more);
}

/** An operation on the database as it is read. */
function operation(value: string, first: string, last?: string): Seen {
  const end = last === undefined ? {} : { last: at(last) };
  return ['db', 'operation', value, { window: day, first: at(first), ...end }];
}

function inRepository(id: string, kind: Change['kind'], clock: string, more: Partial<Change> = {}): Change {
  return { id, kind, component: 'repository', at: at(clock), diff: [], sha, source, ...more };
}

function ofNoCommit(id: string, kind: Change['kind'], clock: string): Change {
  return { id, kind, component: 'repository', at: at(clock), diff: [], source };
}

function idsOf(changes: Change[]): string[] {
  return listOf(saturated, changes).flatMap(({ evidence }) => evidence);
}

/** What is said of a deployment of 17:03 beside a revision. */
function deploymentBeside(clock: string): string | undefined {
  const changes = [inRepository('E1', 'deployment', '17:03'), deployed('auth', clock, image('v2'))];
  return listOf(saturated, changes).find(({ kind }) => kind === 'deployment')?.what;
}

const told = ({ kind, component, what, relation, evidence }: ListedChange) => ({
  kind,
  component,
  what,
  relation,
  evidence,
});

describe('a change without a mechanism', () => {
  test.each<[string, Change, ListedChange['relation'], number | null]>([
    ['before the failures is correlated only', colour('17:05'), 'correlated', 4],
    ['hours before is correlated only', colour('09:09'), 'correlated', 480],
    ['in the minute of the onset, which has that resolution', colour('17:09'), 'correlated', 0],
    ['a minute after it is no cause', colour('17:10'), 'after', -1],
    ['after it is no cause, however long', colour('18:04'), 'after', -55],
  ])('%s', (_name, one, relation, minutes) => {
    const [found] = listOf(saturated, [one]);
    expect(found).toMatchObject({
      relation,
      mechanism: null,
      minutesBeforeOnset: minutes,
      evidence: ['E900'],
      what: 'revision `auth-2` changed `env.COLOUR` from `red` to `blue`',
    });
  });

  test('of more than a day before the onset is not listed; of a day it is', () => {
    expect(listOf(saturated, [colour('17:08', '14')])).toEqual([]);
    expect(listOf(saturated, [colour('17:10', '14')])).toHaveLength(1);
  });

  test('cites what dates the onset', () => {
    const [found] = listOf(saturated, [colour('17:05')]);
    const byId = new Map(observations(saturated).map((one) => [one.id, one.signal]));
    expect(found?.onset.map((id) => byId.get(id))).toContain('requests.5xx.since');
  });

  test('has no order where no reading dates the failures', () => {
    const seen: Seen[] = [...answer('login', '503'), ['auth', 'ready', 'CONDITION_FAILED']];
    expect(listOf(seen, [colour('17:05')])[0]).toMatchObject({
      relation: 'undated',
      minutesBeforeOnset: null,
    });
  });

  test('has no order where the failures may be older than the readings', () => {
    const seen: Seen[] = [
      ...answer('login', '503'),
      ['auth', 'ready', 'CONDITION_SUCCEEDED'],
      ['auth', 'requests', '100', { window }],
      ['auth', 'requests.5xx', '100', { window, first: at('17:05'), last: at('18:04') }],
    ];
    expect(listOf(seen, [colour('17:01')])[0]).toMatchObject({
      relation: 'undated',
      minutesBeforeOnset: null,
    });
    expect(listOf(seen, [colour('17:30')])[0]).toMatchObject({ relation: 'after', minutesBeforeOnset: null });
  });

  test('is listed without an order where nothing fails', () => {
    expect(listOf([], [colour('17:05')]).map(told)).toMatchObject([{ relation: 'undated' }]);
  });
});

describe('a mechanism', () => {
  const slow: Seen[] = [
    ...saturated,
    ['auth', 'connect.time', '22.5', { window, unit: 's', revision: 'auth-2' }],
    ['auth', 'revision.serving', 'auth-2'],
  ];
  const clause = '`env.DB_TIMEOUT`: connecting takes 22.5 s';

  test.each<[string, readonly Seen[], Change, ListedChange['relation'], string | null]>([
    ['ties a setting of before to the failures', slow, shorter('17:05'), 'mechanism', clause],
    ['of a setting of after makes them worse', slow, shorter('17:20'), 'after', clause],
    [
      'is none where the value is no more in force',
      [...slow, ['auth', 'env.DB_TIMEOUT', '75', { revision: 'auth-2' }]],
      shorter('17:05'),
      'correlated',
      null,
    ],
    [
      'stays where the value is in force',
      [...slow, ['auth', 'env.DB_TIMEOUT', '15', { revision: 'auth-2' }]],
      shorter('17:05'),
      'mechanism',
      clause,
    ],
    ['is none where nothing was measured', saturated, shorter('17:05'), 'correlated', null],
    [
      'is none of a component that does not fail',
      [...slow, ['web', 'connect.time', '22.5', { window, unit: 's' }]],
      shorter('17:05', { component: 'web' }),
      'correlated',
      null,
    ],
  ])('%s', (_name, seen, change, relation, mechanism) => {
    expect(listOf(seen, [change])[0]).toMatchObject({ relation, mechanism });
  });

  test('lists a change whatever its age', () => {
    expect(listOf(slow, [shorter('17:05', { at: '2025-09-12T17:05:00Z' })])).toHaveLength(1);
  });

  test('is the cause that was found, where its evidence is the change', () => {
    const seen: Seen[] = [
      ...answer('login', '503'),
      ...requests('auth', 40, 40),
      ...logged('auth', 50, "ModuleNotFoundError: No module named 'x'", '17:09:02', 'auth-2'),
      ['auth', 'exit.1', '50', { window, first: at('17:09:03'), last: at('18:04:03'), revision: 'auth-2' }],
      ['auth', 'revision.serving', 'auth-2'],
    ];
    const found = listOf(seen, [deployed('auth', '17:08', image('v2'))]);
    expect(found[0]?.relation).toBe('mechanism');
    expect(found[0]?.mechanism).toMatch(/^crash-on-start of `auth`: .*exits on start/);
  });
});

describe('what is put together', () => {
  const revision = deployed('auth', '17:12', image('5d0c3b7e1'));

  test.each<[string, Change[], string[][]]>([
    [
      'a revision with what its image names',
      [
        revision,
        inRepository('E1', 'commit', '17:03'),
        inRepository('E2', 'workflow-run', '17:04'),
        inRepository('E3', 'deployment', '17:12'),
      ],
      [['E900', 'E1', 'E2', 'E3']],
    ],
    [
      'not by time alone: the image names no commit',
      [deployed('auth', '17:12', image('v2')), inRepository('E3', 'deployment', '17:12')],
      [['E900'], ['E3']].toReversed(),
    ],
    [
      'not another commit',
      [revision, inRepository('E3', 'deployment', '17:11', { sha: sha.replace('5d0c', '5d0d') })],
      [['E900'], ['E3']],
    ],
    [
      'not an abbreviation of six digits',
      [deployed('auth', '17:12', image('5d0c3b')), inRepository('E3', 'deployment', '17:11')],
      [['E900'], ['E3']],
    ],
    [
      'not a deployment of later than the revision',
      [revision, inRepository('E3', 'deployment', '17:30')],
      [['E3'], ['E900']],
    ],
    [
      'commit, merge and run of one commit, without a revision',
      [
        inRepository('E1', 'commit', '17:03'),
        inRepository('E2', 'workflow-run', '17:04'),
        inRepository('E3', 'pull-request', '17:03'),
      ],
      [['E2', 'E1', 'E3']],
    ],
    [
      'not the second deployment of one commit with the first',
      [inRepository('E1', 'deployment', '16:03'), inRepository('E2', 'deployment', '17:04')],
      [['E2'], ['E1']],
    ],
    [
      'not changes without a commit',
      [ofNoCommit('E1', 'deployment', '16:03'), ofNoCommit('E2', 'workflow-run', '17:04')],
      [['E2'], ['E1']],
    ],
    [
      'a revision with its comparison to the last healthy one',
      [revision, { ...revision, id: 'E901', kind: 'drift', previousRevision: 'auth-0' }],
      [['E900', 'E901']],
    ],
    [
      'not the comparison of another revision',
      [revision, { ...revision, id: 'E901', kind: 'drift', revision: 'auth-3' }],
      [['E900'], ['E901']],
    ],
  ])('%s', (_name, changes, evidence) => {
    expect(listOf(saturated, changes).map((one) => one.evidence)).toEqual(evidence);
    expect(listOf(saturated, changes.toReversed())).toEqual(listOf(saturated, changes));
  });

  test('two revisions that one commit brought out each name it', () => {
    const other = { ...deployed('backend', '17:12', image('5d0c3b7e1')), id: 'E901' };
    const found = listOf(saturated, [revision, other, inRepository('E1', 'commit', '17:03')]);
    expect(found.map((one) => one.evidence)).toEqual([
      ['E900', 'E1'],
      ['E901', 'E1'],
    ]);
  });
});

describe('the sentence', () => {
  test.each<[string, Change, string]>([
    [
      'settings before the image, four at most',
      deployed('auth', '17:12', [
        ...image('v2'),
        { key: 'env.A', from: null, to: '1' },
        { key: 'env.B', from: '1', to: null },
        { key: 'limit.memory', from: '1Gi', to: '512Mi' },
        { key: 'scaling.max', from: '10', to: '2' },
      ]),
      'revision `auth-2` changed `env.A` from not set to `1`, `env.B` from `1` to not set, `limit.memory` from `1Gi` to `512Mi`, `scaling.max` from `10` to `2` and 1 more',
    ],
    [
      'without a difference',
      deployed('auth', '17:12', []),
      'revision `auth-2` has no other setting than `auth-1`',
    ],
    [
      'a value that may be a secret is hidden',
      deployed('auth', '17:12', [{ key: 'env.API_KEY', from: 'hunter2', to: 'hunter3' }]),
      'revision `auth-2` changed `env.API_KEY` from (hidden) to (hidden)',
    ],
    [
      'foreign text stays in its code span',
      inRepository('E1', 'commit', '17:03', { by: 'bo`b', title: '`**@all** see\n#1' }),
      'commit `5d0c3b7` by `bo b`: `**@all** see #1`',
    ],
    [
      'a pull request',
      inRepository('E1', 'pull-request', '17:03', { number: 12, by: 'bob', title: 'Fix' }),
      'pull request `#12` `5d0c3b7` merged by `bob`: `Fix`',
    ],
    [
      'a deployment',
      inRepository('E1', 'deployment', '17:03', { environment: 'staging', state: 'success' }),
      'deployment to `staging` `5d0c3b7`: `success`',
    ],
    [
      'a run',
      inRepository('E1', 'workflow-run', '17:03', { number: 4, state: 'failure', title: 'Deploy' }),
      'run `#4` `5d0c3b7`: `failure`: `Deploy`',
    ],
  ])('%s', (_name, change, what) => {
    expect(listOf(saturated, [change])[0]?.what).toBe(what);
  });

  test('a deployment names the revision that came within 15 minutes, as no more than that', () => {
    expect(deploymentBeside('17:05')).toBe(
      'deployment `5d0c3b7`: `state unknown`; `auth` got `auth-2` within 2 min (E900)',
    );
    expect(deploymentBeside('17:19')).toBe('deployment `5d0c3b7`: `state unknown`');
  });
});

describe('readings that are changes', () => {
  const stack = configurationOf({
    components: {
      ...shop.components,
      jwt: { type: 'secret', name: 'jwt' },
      terraform: { type: 'terraform-state', bucket: 'b', object: 'o' },
    },
  });
  const withoutOperations = database.filter(([, signal]) => signal !== 'operation');
  const down = withoutOperations.map((seen): Seen =>
    seen[1] === 'state' ? ['db', 'state', 'MAINTENANCE'] : seen,
  );
  const failing: Seen[] = saturated.filter(([component]) => component !== 'db' && component !== 'connector');

  test.each<[string, Seen[], object[]]>([
    [
      'a Terraform state that was written',
      [
        ['terraform', 'terraform.updated', at('16:50')],
        ['terraform', 'terraform.serial', '88'],
      ],
      [
        {
          kind: 'terraform',
          component: 'terraform',
          what: 'the Terraform state was written, serial `88`',
          relation: 'correlated',
        },
      ],
    ],
    ['a Terraform state of last week', [['terraform', 'terraform.updated', '2025-09-08T16:50:00Z']], []],
    ['a time that is none', [['terraform', 'terraform.updated', 'yesterday']], []],
    [
      'a version of a secret that came into use',
      [
        ['jwt', 'secret.version', '3'],
        ['jwt', 'created', at('16:50')],
        ['jwt', 'rotated', at('16:50')],
      ],
      [{ kind: 'secret', what: 'a version was added, the one in use (`3`)', relation: 'correlated' }],
    ],
    [
      'a version of a secret beside the one in use',
      [
        ['jwt', 'secret.version', '2'],
        ['jwt', 'created', '2025-08-04T08:31:40Z'],
        ['jwt', 'rotated', at('16:50')],
      ],
      [{ kind: 'secret', what: 'a version was added, which is not the one in use', relation: 'correlated' }],
    ],
    [
      'an operation of which no change was recorded',
      [operation('BACKUP RUNNING', '17:00')],
      [{ kind: 'operation', what: 'operation `BACKUP RUNNING`', relation: 'correlated' }],
    ],
    ['no operation', [['db', 'operation', 'none', { window: day }]], []],
  ])('%s', (_name, seen, expected) => {
    expect(listOf([...failing, ...withoutOperations, ...seen], [], null, stack)).toMatchObject(expected);
  });

  const change: Change = {
    id: 'E900',
    kind: 'operation',
    component: 'db',
    at: at('17:08'),
    diff: [{ key: 'operation', from: null, to: 'FAILOVER DONE' }],
    source,
  };

  test.each<[string, Seen[], ListedChange['relation'], string]>([
    [
      'under way when the failures began, on a database that fails',
      [...down, operation('FAILOVER DONE', '17:08', '17:12')],
      'mechanism',
      'operation `FAILOVER DONE`, ended 17:12 UTC',
    ],
    [
      'on a database that works',
      [...withoutOperations, operation('FAILOVER DONE', '17:08', '17:12')],
      'correlated',
      'operation `FAILOVER DONE`, ended 17:12 UTC',
    ],
    [
      'over before the failures began',
      [...down, operation('FAILOVER DONE', '17:08', '17:08:30')],
      'correlated',
      'operation `FAILOVER DONE`, ended 17:08 UTC',
    ],
    ['of which the end was not read', down, 'correlated', 'operation `FAILOVER DONE`'],
  ])('an operation %s', (_name, seen, relation, what) => {
    const found = listOf([...failing, ...seen], [change]);
    expect(found).toMatchObject([{ relation, what }]);
  });

  test('an operation is one change, whether it was recorded as such or read', () => {
    const seen = [...failing, ...withoutOperations, operation('FAILOVER DONE', '17:08', '17:12')];
    const read = observations(seen).find(({ signal }) => signal === 'operation')?.id;
    expect(listOf(seen, [change]).map(({ evidence }) => evidence)).toEqual([['E900', read]]);
  });

  describe('a limit that is not what the update before read', () => {
    const [limit] = observations([['connector', 'instances.max', '4']]);
    const before = (clock: string, value: string): PreviousUpdate => ({
      takenAt: at(clock),
      url: null,
      states: {},
      figures:
        limit === undefined ? [] : [{ ...limit, id: 'E800', value, at: at(clock) } satisfies Observation],
      root: null,
    });
    const seen = [...failing, ...database, ...connector('10', '94')];

    test.each<[string, PreviousUpdate | null, object[]]>([
      [
        'was changed after the failures began',
        before('17:38', '4'),
        [
          {
            kind: 'limit',
            component: 'connector',
            what: '`instances.max` from `4` to `10`, between 17:38 and 18:05 UTC',
            relation: 'after',
            minutesBeforeOnset: null,
          },
        ],
      ],
      ['was changed before or after they began', before('17:00', '4'), [{ relation: 'undated' }]],
      ['is the same', before('17:38', '10'), []],
      ['has nothing to be compared with', null, []],
    ])('%s', (_name, previous, expected) => {
      expect(listOf(seen, [], previous)).toMatchObject(expected);
    });
  });
});

test('the newest comes first, whatever the order in which they were read', () => {
  const changes = [
    deployed('auth', '16:00', [], { id: 'E901' }),
    deployed('backend', '17:00', [], { id: 'E903' }),
    deployed('auth', '17:00', [], { id: 'E902', revision: 'auth-3' }),
  ];
  expect(idsOf(changes)).toEqual(['E902', 'E903', 'E901']);
  expect(idsOf(changes.toReversed())).toEqual(['E902', 'E903', 'E901']);
});
