import { describe, expect, test } from 'vitest';
import { repositorySchema } from '../../src/config/repository.schema.ts';
import type { EventBody } from '../../src/core/incident/events.ts';
import { meaningOfLabels } from '../../src/core/incident/labelled.ts';
import { labelsAfterStandDown, labelsOfChange, stateLabels } from '../../src/core/incident/state-labels.ts';
import { stateOf } from '../../src/core/incident/state.ts';

const configuration = repositorySchema.parse({
  version: 1,
  labels: {
    incident: ['incident', 'P0'],
    severity: { P0: ['P0', 'P0-critical'], P1: ['P1'] },
    apply: [{ label: 'escalated', when: 'true' }],
  },
});

/** The state after these events. */
function after(...bodies: EventBody[]) {
  return stateOf(
    bodies.map((body, index) => ({
      key: String(index),
      at: '2025-09-15T17:15:00Z',
      by: 'alice',
      url: null,
      body,
      recordedAt: '2025-09-15T17:15:00Z',
    })),
  );
}

const declared = { kind: 'declared', severity: 'P0', via: 'label' } as const;
const byCommand = { ...declared, via: 'command' } as const;
const stoodDown = { kind: 'stood-down', why: 'label' } as const;
const resolved: EventBody = {
  kind: 'resolved',
  override: null,
  overridden: [],
  byHand: false,
  held: [],
  passed: [],
};
const set = false;
const removed = true;

describe('a change of labels', () => {
  test.each([
    ['declares', [], ['Incident'], 'Incident', set, { act: 'declare' }],
    ['declares, as the issue is opened', [], ['bug', 'P0'], null, set, { act: 'declare' }],
    [
      'by one that means nothing here, beside one that does',
      [],
      ['bug', 'P0'],
      'bug',
      set,
      { act: 'declare' },
    ],
    ['declares nothing by another label', [], ['P1'], 'P1', set, { act: 'nothing' }],
    ['is told again', [declared], ['P0'], 'P0', set, { act: 'nothing' }],
    ['declares again', [declared, stoodDown], ['incident'], 'incident', set, { act: 'declare-again' }],
    [
      'does not open what is resolved',
      [declared, resolved, stoodDown],
      ['P0'],
      'P0',
      set,
      { act: 'nothing' },
    ],
    ['stands down', [declared], ['bug'], 'P0', removed, { act: 'stand-down' }],
    ['stands down, our severity or not', [declared], ['P1'], 'incident', removed, { act: 'stand-down' }],
    ['of one of two leaves it', [declared], ['incident'], 'P0', removed, { act: 'nothing' }],
    ['of another label leaves it', [declared], [], 'bug', removed, { act: 'nothing' }],
    ['told of what was stood down before', [declared, stoodDown], [], 'P0', removed, { act: 'nothing' }],
    ['exchanges the severity', [declared], ['P1'], 'P0', removed, { act: 'severity', severity: 'P1' }],
    ['adds one that is less grave', [declared], ['P0', 'P1'], 'P1', set, { act: 'nothing' }],
    [
      'adds one that is graver',
      [declared, { kind: 'severity', severity: 'P1' }],
      ['incident', 'P0-critical'],
      'P0-critical',
      set,
      { act: 'severity', severity: 'P0' },
    ],
    [
      'of another kind does not undo a severity that was commanded',
      [declared, { kind: 'severity', severity: 'P1' }],
      ['P0', 'bug'],
      'bug',
      set,
      { act: 'nothing' },
    ],
  ] satisfies [string, EventBody[], string[], string | null, boolean, object][])(
    '%s',
    (_what, events, carried, changed, isRemoved, meant) => {
      const change = { state: after(...events), carried, closed: false, changed, removed: isRemoved };
      expect(meaningOfLabels(change, configuration)).toEqual(meant);
    },
  );

  test('declares nothing on a closed issue', () => {
    const change = { state: after(), carried: ['P0'], closed: true, changed: 'P0', removed: set };
    expect(meaningOfLabels(change, configuration)).toEqual({ act: 'nothing' });
  });
});

const wanted = (labels: { name: string; wanted: boolean }[]) =>
  labels.flatMap(({ name, wanted: is }) => (is ? [name] : []));

describe('the labels that follow from how an incident stands', () => {
  test.each([
    ['none before it is declared', [], [], []],
    ['severity and stage', [declared], ['P0'], ['P0', 'stage: investigating']],
    ['not a severity that another label of it tells', [declared], ['P0-critical'], ['stage: investigating']],
    [
      'after a stage, that one',
      [declared, { kind: 'stage', stage: 'monitoring' }],
      ['incident', 'P0'],
      ['P0', 'stage: monitoring'],
    ],
    [
      'declared by a command: the first of incidents, unless the severity is one',
      [{ ...byCommand, severity: 'P1' }],
      [],
      ['incident', 'P1', 'stage: investigating'],
    ],
    ['which P0 is here', [byCommand], [], ['P0', 'stage: investigating']],
    [
      'a regression that was escalated',
      [
        declared,
        {
          kind: 'regression',
          of: 7,
          score: 1,
          lines: [],
          components: [],
          raised: false,
          raisedFrom: null,
        },
        { kind: 'escalated', rule: null, contact: null, reason: null, paged: false },
      ],
      ['P0'],
      ['P0', 'stage: investigating', 'regression', 'escalated'],
    ],
    ['none when it was stood down', [declared, stoodDown], ['P0'], []],
  ] satisfies [string, EventBody[], string[], string[]][])('%s', (_what, events, carried, names) => {
    expect(wanted(stateLabels(configuration, after(...events), carried))).toEqual(names);
  });

  test('a name that a rule of the configuration keeps is left to the rule, but for what just changed', () => {
    const before = after(declared);
    const names = (next: ReturnType<typeof after>) =>
      labelsOfChange(configuration, { before, after: next, carried: [] }).map(({ name }) => name);
    expect(names(after(declared, { kind: 'acknowledged' }))).not.toContain('escalated');
    const escalated = { kind: 'escalated', rule: null, contact: null, reason: null, paged: false } as const;
    expect(names(after(declared, escalated))).toContain('escalated');
  });

  test('stood down, nothing belongs there, also of what rules find', () => {
    const labels = labelsAfterStandDown(configuration, after(declared, stoodDown));
    expect(wanted(labels)).toEqual([]);
    expect(labels.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['P0', 'stage: investigating', 'regression', 'escalated']),
    );
  });
});
