import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { causeIds } from '../../../src/core/causes.ts';
import { diagnose } from '../../../src/core/diagnose.ts';
import { diagnosisSchema } from '../../../src/core/diagnosis.ts';
import type { Diagnosis } from '../../../src/core/diagnosis.ts';
import type { Statement, WhyStatement } from '../../../src/core/snapshot.ts';
import {
  answer,
  at,
  deployed,
  logged,
  observations,
  requests,
  shop,
  snapshotOf,
  window,
} from '../diagnose.fixture.ts';
import type { Seen } from '../diagnose.fixture.ts';
import { worlds } from '../worlds.fixture.ts';

/** `auth` exits on start since 17:09, with a revision of 17:08. */
const crash: Seen[] = [
  ...answer('login', '503'),
  ...answer('api', '200'),
  ...requests('auth', 40, 40),
  ...logged('auth', 50, "ModuleNotFoundError: No module named 'x'", '17:09:02', 'auth-2'),
  ['auth', 'exit.1', '50', { window, first: at('17:09:03'), last: at('18:04:03'), revision: 'auth-2' }],
  ['auth', 'revision.serving', 'auth-2'],
];
const changes = [deployed('auth', '17:08', [{ key: 'env.COLOUR', from: 'red', to: 'blue' }])];

function said(clock: string, why: WhyStatement, by = 'bob'): Statement {
  return {
    by,
    at: at(clock),
    url: `https://example.com/${by}-${clock.replace(':', '')}`,
    text: '/sitrep why',
    why,
  };
}

function diagnosed(...statements: Statement[]): Diagnosis {
  return diagnosisSchema.parse(diagnose(shop, snapshotOf(observations(crash), { statements, changes })));
}

const refute = (more: Partial<WhyStatement> = {}): WhyStatement => ({
  act: 'refute',
  cause: 'crash-on-start',
  component: 'auth',
  reason: 'the module is there',
  ...more,
});
const accept = (more: Partial<WhyStatement> = {}): WhyStatement => ({ ...refute(more), act: 'accept' });

const silent = diagnosed();

test('without a word the crash is the root', () => {
  expect(silent.root).toMatchObject({ cause: 'crash-on-start', component: 'auth' });
  expect(silent.root.verdict).not.toBe('unknown');
  expect(silent.stated).toEqual([]);
});

describe('a refuted root', () => {
  const found = diagnosed(said('17:40', refute()));

  test('is no root any more: the search goes on, to unknown where nothing else is named', () => {
    expect(found.root).toEqual({ cause: 'unknown', component: 'auth', verdict: 'unknown' });
    expect(found.chain.at(-1)?.cause).toBeNull();
    expect(found.missing).not.toEqual([]);
  });

  test('is listed as refuted, by whom and why, with a link', () => {
    expect(found.alternatives.find(({ cause }) => cause === 'crash-on-start')).toEqual({
      cause: 'crash-on-start',
      component: 'auth',
      verdict: 'refuted',
      decidedBy: [],
      why: 'refuted by `@bob` 17:40 UTC (stated): `the module is there`',
      statement: 'https://example.com/bob-1740',
    });
  });

  test('keeps what was measured in sight', () => {
    expect(found.findings).toEqual(silent.findings);
    const [stated] = found.stated;
    expect(stated).toMatchObject({
      act: 'refute',
      by: 'bob',
      at: at('17:40'),
      url: 'https://example.com/bob-1740',
      cause: 'crash-on-start',
      component: 'auth',
      text: 'the module is there',
    });
    expect(stated?.effect).toMatch(
      /^it is no root, and the search went on; measured evidence says otherwise: E\d+(?:, E\d+)+$/,
    );
    expect(stated?.evidence).toEqual(expect.arrayContaining(['E9']));
  });
});

describe('a root behind another cause', () => {
  const missing: Seen[] = crash.map((seen): Seen => {
    const [component, signal, value, more] = seen;
    return signal === 'log.error'
      ? [component, signal, value, { ...more, text: "KeyError: 'STORE_URL'" }]
      : seen;
  });
  const seen: Seen[] = [
    ...missing,
    ['auth', 'requests.by_revision', '120', { window, revision: 'auth-1' }],
    ['auth', 'requests.5xx.by_revision', '0', { window, revision: 'auth-1' }],
  ];
  const removed = [deployed('auth', '17:08', [{ key: 'env.STORE_URL', from: 'https://store', to: null }])];
  const of = (...statements: Statement[]) =>
    diagnose(shop, snapshotOf(observations(seen), { statements, changes: removed }));

  test.each<[string, Statement[], string]>([
    ['without a word the setting is the root', [], 'config-drift'],
    ['refuted, the crash before it is', [said('17:40', refute({ cause: 'config-drift' }))], 'crash-on-start'],
    ['the crash refuted, the setting stays', [said('17:40', refute())], 'config-drift'],
    [
      'both refuted, none is left',
      [said('17:40', refute()), said('17:41', refute({ cause: 'config-drift' }))],
      'unknown',
    ],
  ])('%s', (_name, statements, cause) => {
    const { root, chain } = of(...statements);
    expect(root.cause).toBe(cause);
    expect(chain.at(-1)?.cause === null).toBe(cause === 'unknown');
  });
});

describe('what is refuted and what is not', () => {
  test.each<[string, Statement[], boolean]>([
    [
      'a cause of all components',
      [said('17:40', { act: 'refute', cause: 'crash-on-start', reason: '' })],
      true,
    ],
    ['a cause of another component', [said('17:40', refute({ component: 'backend' }))], false],
    ['another cause', [said('17:40', refute({ cause: 'config-drift' }))], false],
    ['an acceptance', [said('17:40', accept())], false],
    ['an addition that names it', [said('17:40', refute({ act: 'add' }))], false],
    ['taken back later', [said('17:40', refute()), said('17:50', accept(), 'alice')], false],
    ['said again after an acceptance', [said('17:40', accept()), said('17:50', refute(), 'alice')], true],
    [
      'of all, taken back for this one',
      [said('17:40', { act: 'refute', cause: 'crash-on-start', reason: '' }), said('17:50', accept())],
      false,
    ],
    [
      'of this one, then accepted for all',
      [said('17:40', refute()), said('17:50', { act: 'accept', cause: 'crash-on-start', reason: '' })],
      false,
    ],
    [
      'taken back for another one only',
      [said('17:40', refute()), said('17:50', accept({ component: 'backend' }))],
      true,
    ],
  ])('%s', (_name, statements, refuted) => {
    const { root } = diagnosed(...statements);
    expect(root.cause === 'unknown').toBe(refuted);
    expect(diagnosed(...statements.toReversed())).toEqual(diagnosed(...statements));
  });
});

describe('what follows from a word', () => {
  test.each<[string, Statement[], string[]]>([
    [
      'an addition',
      [said('17:40', { act: 'add', reason: 'somebody renamed the module' })],
      ['shown as stated; it is no measurement, and no verdict changes'],
    ],
    [
      'the root accepted',
      [said('17:40', accept())],
      [`agrees with the diagnosis; the verdict stays ${silent.root.verdict}, as measured`],
    ],
    [
      'an alternative accepted that was not tested',
      [said('17:40', accept({ cause: 'regional-incident', component: 'region' }))],
      ['accepted (stated); it was not tested, and no verdict changes'],
    ],
    [
      'something accepted that nothing points to',
      [said('17:40', accept({ component: 'db' }))],
      ['accepted (stated); nothing that was read points to it, and no verdict changes'],
    ],
    [
      'an alternative refuted that was not tested',
      [said('17:40', refute({ cause: 'regional-incident', component: 'region' }))],
      ['listed as refuted; nothing that was read decides on it'],
    ],
    [
      'something refuted that nothing points to',
      [said('17:40', refute({ component: 'db' }))],
      ['nothing that was read points to it'],
    ],
    [
      'a word that was replaced',
      [said('17:40', refute()), said('17:50', accept(), 'alice')],
      [
        'replaced by what `@alice` said at 17:50 UTC',
        `agrees with the diagnosis; the verdict stays ${silent.root.verdict}, as measured`,
      ],
    ],
  ])('%s', (_name, statements, expected) => {
    expect(diagnosed(...statements).stated.map(({ effect }) => effect)).toEqual(expected);
  });

  test('an alternative that the measurements refute as well keeps their reason', () => {
    const measured = silent.alternatives.find(({ verdict }) => verdict === 'refuted');
    const { cause = '', component = '' } = measured ?? {};
    const found = diagnosed(said('17:40', refute({ cause, component })));
    expect(found.alternatives).toContainEqual(measured);
    expect(found.stated[0]).toMatchObject({
      effect: 'the measurements refute it as well',
      evidence: measured?.decidedBy,
    });
  });

  test('a reason stays within its code span', () => {
    const { alternatives } = diagnosed(said('17:40', refute({ reason: '`**@all** look\nhere' })));
    expect(alternatives.find(({ statement }) => statement !== undefined)?.why).toBe(
      'refuted by `@bob` 17:40 UTC (stated): `**@all** look here`',
    );
  });
});

it('for every graph, snapshot and statements: nobody raises a verdict, and what is refuted is no root', () => {
  const whys = fc.array(
    fc.record({
      act: fc.constantFrom('add' as const, 'accept' as const, 'refute' as const),
      cause: fc.constantFrom('crash-on-start', 'config-drift', ...causeIds),
      component: fc.option(fc.constantFrom('a', 'b', 'c', 'gone'), { nil: undefined }),
      reason: fc.string(),
      minute: fc.integer({ min: 10, max: 59 }),
      by: fc.constantFrom('bob', 'alice'),
    }),
    { maxLength: 4 },
  );
  const rank = { unknown: 0, probable: 1, confirmed: 2 };
  fc.assert(
    fc.property(worlds, whys, ({ configuration, snapshot }, made) => {
      const statements = made.map(({ minute, by, component, ...why }) =>
        said(`17:${String(minute)}`, { ...why, ...(component === undefined ? {} : { component }) }, by),
      );
      const quiet = diagnose(configuration, { ...snapshot, statements: [] });
      const found = diagnose(configuration, { ...snapshot, statements });
      expect(diagnosisSchema.parse(found)).toEqual(found);
      expect(diagnose(configuration, { ...snapshot, statements: statements.toReversed() })).toEqual(found);
      expect(found.findings).toEqual(quiet.findings);
      const last = statements
        .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
        .findLast(
          ({ why }) =>
            why !== undefined &&
            why.act !== 'add' &&
            why.cause === found.root.cause &&
            (why.component === undefined || why.component === found.root.component),
        );
      const isTie = statements.some((one) => one !== last && one.at === last?.at);
      expect(found.root.cause !== 'unknown' && !isTie && last?.why?.act === 'refute').toBe(false);
      const measured = quiet.findings.find(
        ({ cause, component }) => cause === found.root.cause && component === found.root.component,
      );
      expect(rank[found.verdict]).toBeLessThanOrEqual(rank[measured?.verdict ?? 'unknown']);
    }),
    { numRuns: 300 },
  );
});
