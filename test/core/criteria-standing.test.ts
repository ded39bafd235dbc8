import { describe, expect, test } from 'vitest';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import { readCriteria } from '../../src/core/criteria.ts';
import { tellFromSample } from '../../src/core/criteria/sampled.ts';
import { noStandings, standingAfter, type Standing } from '../../src/core/criteria/standing.ts';
import type { Result } from '../../src/core/criteria/types.ts';
import { isLookDue } from '../../src/core/incident/looks-due.ts';
import type { IncidentFacts } from '../../src/core/snapshot.ts';
import { configuration, gap, input, quiet, saw } from './criteria.fixture.ts';

/** Criteria over time: since when they stand as they do, and what a sample tells of them. */

const at = (minutes: number): string =>
  new Date(Date.parse('2025-09-15T18:00:00Z') + minutes * 60_000).toISOString();

/** How a criterion stands after readings at so many minutes past 18:00. */
function after(...readings: [minutes: number, result: Result][]): Standing | undefined {
  return readings.reduce<Standing | undefined>(
    (before, [minutes, result]) => standingAfter(before, { result, at: at(minutes), by: 'sample' }),
    undefined,
  );
}

describe('since when a criterion stands as it does', () => {
  test.each<[name: string, readings: [number, Result][], expected: Partial<Standing>]>([
    ['read once', [[1, 'failed']], { since: at(1), changed: false, unmetSince: at(1) }],
    [
      'the same again',
      [
        [1, 'failed'],
        [2, 'failed'],
      ],
      { since: at(1), changed: false },
    ],
    [
      'turned met',
      [
        [1, 'failed'],
        [5, 'met'],
        [6, 'met'],
      ],
      { since: at(5), changed: true, unmetSince: at(1) },
    ],
    [
      'from failed to unknown it is not met all the same',
      [
        [1, 'failed'],
        [5, 'unknown'],
        [6, 'met'],
      ],
      { since: at(6), unmetSince: at(1) },
    ],
    [
      'each stretch in which it is not met begins anew',
      [
        [1, 'failed'],
        [5, 'met'],
        [7, 'failed'],
        [9, 'met'],
      ],
      { since: at(9), unmetSince: at(7) },
    ],
    ['always met', [[1, 'met']], { since: at(1), unmetSince: null }],
  ])('%s', (_name, readings, expected) => {
    expect(after(...readings)).toMatchObject(expected);
  });
});

const incident: IncidentFacts = {
  repository: 'o/n',
  public: false,
  issue: 1,
  url: 'https://github.com/o/n/issues/1',
  title: 'Down',
  severity: 'P0',
  stage: 'investigating',
  declaredAt: '2025-09-15T17:00:00.000Z',
  lead: null,
  regressionOf: 0,
};

const healthy = [
  saw('E1', 'backend', 'requests', '50'),
  saw('E2', 'backend', 'requests.5xx', '0'),
  saw('E3', 'api', 'status', '200'),
  saw('E4', 'api', 'latency', '0.2'),
];

/** What a sample with these figures tells of an escalation rule; null where only a look could. */
function told(when: string, observations = healthy, gaps = [gap('E9', 'web', 'status', 'timeout', 'probe')]) {
  const rules = repositorySchema.parse({
    ...configuration,
    escalation: [{ id: 'rule', title: 'Escalate', when }],
  });
  const sample = input(observations, gaps, {
    configuration: rules,
    snapshot: { incident },
    diagnosis: quiet,
  });
  return tellFromSample(sample).told.find(({ id }) => id === 'rule')?.result ?? null;
}

describe('what a sample tells', () => {
  test.each<[when: string, result: Result | null]>([
    ['errors.share > 0.5', 'failed'],
    ['errors.share < 0.5', 'met'],
    // The endpoint was asked and did not answer: a look could tell no more.
    ['probes.all(p, p.status == 200)', 'unknown'],
    ["elapsed >= duration('1h')", 'met'],
    ["elapsed >= duration('2h') && recovery < 0.5", 'failed'],
    // The service is not read whole: it may be up or not.
    ["elapsed >= duration('1h') && recovery < 0.5", null],
    ["elapsed >= duration('1h') || recovery < 0.5", 'met'],
    ["components['backend'].healthy", null],
    ["components['api'].healthy", 'met'],
    ["journeys['golden-path'].blocked", null],
    ["connect.p95 < duration('35s')", null],
    ["severity == 'P0' && stage == 'investigating'", 'met'],
    // As the last update found.
    ["'out-of-memory' in causes", 'failed'],
  ])('%s: %s', (when, result) => {
    expect(told(when)).toBe(result);
  });
});

const stood = (result: Result, toldBy: Standing['toldBy']): Standing => ({
  ...standingAfter(undefined, { result, at: at(0), by: toldBy }),
});

const says = (result: Result) => ({
  told: [{ kind: 'escalation' as const, id: 'rule', result }],
  open: [],
});

describe('the look that a sample asks for', () => {
  const rule = { id: 'rule', title: 'Escalate', when: 'true', action: 'escalate' as const, assign: [] };
  const criterion = { id: 'ok', title: 'All is well', when: 'true' };
  const asked = { escalation: [rule], success_criteria: [criterion] };
  const beforeRule = (result: Result, toldBy: Standing['toldBy'] = 'look') => ({
    ...noStandings,
    escalation: { rule: stood(result, toldBy) },
  });
  const cannotTell = { told: [], open: [{ kind: 'escalation' as const, id: 'rule' }] };

  test.each([
    ['a rule turned true', beforeRule('failed'), says('met'), true],
    ['a rule stays true', beforeRule('met'), says('met'), false],
    ['a rule stays false', beforeRule('failed', 'sample'), says('failed'), false],
    ['a rule was never read: the first look is under way', noStandings, says('met'), false],
    [
      'samples can tell of it no more, its clock ran out say',
      beforeRule('failed', 'sample'),
      cannotTell,
      true,
    ],
    ['a look has told since', beforeRule('failed', 'look'), cannotTell, false],
    [
      'the last success criterion is met',
      { ...noStandings, success: { ok: stood('failed', 'sample') } },
      { told: [{ kind: 'success' as const, id: 'ok', result: 'met' as const }], open: [] },
      true,
    ],
    [
      'all were met before',
      { ...noStandings, success: { ok: stood('met', 'sample') } },
      { told: [{ kind: 'success' as const, id: 'ok', result: 'met' as const }], open: [] },
      false,
    ],
  ])('%s: %s', (_name, before, sample, due) => {
    expect(isLookDue(asked, before, sample)).toBe(due);
  });

  test('a rule to go on asks for none', () => {
    const goOn = { ...asked, escalation: [{ ...rule, action: 'continue' as const }] };
    expect(isLookDue(goOn, beforeRule('failed'), says('met'))).toBe(false);
  });
});

test('a reading says since when it stands so, and whether it was seen to turn', () => {
  const rules = repositorySchema.parse({
    ...configuration,
    success_criteria: [
      { id: 'same', title: 'No errors', when: 'errors.share < 0.5' },
      { id: 'turned', title: 'Traffic', when: 'requests.count > 0' },
      { id: 'new', title: 'Rate', when: 'requests.rate > 0.0' },
    ],
  });
  const met = standingAfter(undefined, { result: 'met', at: at(0), by: 'look' });
  const { snapshot, ...rest } = input(healthy, [], { configuration: rules });
  const standing = { success: { same: met, turned: { ...met, result: 'failed' as const } }, escalation: {} };
  const { success } = readCriteria({ ...rest, snapshot: { ...snapshot, standing } });
  expect(success.map(({ id, since }) => [id, since])).toEqual([
    ['same', { at: at(0), orBefore: true }],
    ['turned', { at: snapshot.takenAt, orBefore: false }],
    ['new', null],
  ]);
});
