import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelSteps, wantedLabels } from '../../src/core/kept-labels.ts';

const wanted = true;
const unwanted = false;
const there = ['blocked'];
const none: string[] = [];

describe('a label that is kept', () => {
  it.each([
    ['is set where it is wanted', wanted, 'absent', none, 'add', 'set'],
    ['stays a person’s where it is there already', wanted, 'absent', there, 'nothing', 'absent'],
    ['is ours where the answer to our request was lost', wanted, 'setting', there, 'nothing', 'set'],
    ['is set again where our request was lost', wanted, 'setting', none, 'add', 'set'],
    ['stays', wanted, 'set', there, 'nothing', 'set'],
    ['is left away where a person took it away', wanted, 'set', none, 'nothing', 'left'],
    ['stays away while the finding lasts', wanted, 'left', none, 'nothing', 'left'],
    ['is a person’s where a person brought it back', wanted, 'left', there, 'nothing', 'absent'],
    ['is taken away when the finding is over', unwanted, 'set', there, 'remove', 'absent'],
    [
      'is taken away also where the answer to our request was lost',
      unwanted,
      'setting',
      there,
      'remove',
      'absent',
    ],
    ['is not missed where a person took it away', unwanted, 'set', none, 'nothing', 'absent'],
    ['of a person is not taken away', unwanted, 'absent', there, 'nothing', 'absent'],
    ['may come back for the next finding', unwanted, 'left', none, 'nothing', 'absent'],
  ] as const)('%s', (_, isWanted, state, carried, does, after) => {
    expect(labelSteps([{ name: 'blocked', wanted: isWanted, state }], carried)).toEqual([
      { name: 'blocked', do: does, after },
    ]);
  });

  it('is the same in upper and lower case, as GitHub has it', () => {
    expect(labelSteps([{ name: 'Blocked', wanted, state: 'set' }], there)).toEqual([
      { name: 'Blocked', do: 'nothing', after: 'set' },
    ]);
  });

  const state = fc.constantFrom('absent', 'setting', 'set', 'left');
  const kept = fc.record({ name: fc.constantFrom('a', 'b', 'c'), wanted: fc.boolean(), state });
  const labels = fc.uniqueArray(kept, { selector: ({ name }) => name });

  it('needs nothing more once it was carried out', () => {
    fc.assert(
      fc.property(labels, fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'theirs')), (before, carried) => {
        const steps = labelSteps(before, carried);
        const removed = new Set(steps.filter((step) => step.do === 'remove').map(({ name }) => name));
        const added = steps.filter((step) => step.do === 'add').map(({ name }) => name);
        const now = [...carried.filter((name) => !removed.has(name)), ...added];
        const after = before.map((label, index) => ({
          ...label,
          state: steps[index]?.after ?? label.state,
        }));
        expect(labelSteps(after, now)).toEqual(steps.map((step) => ({ ...step, do: 'nothing' })));
        expect(now.includes('theirs')).toBe(carried.includes('theirs'));
      }),
    );
  });
});

describe('the labels that an update wants', () => {
  it.each([
    ['one that holds', [['a', 'met']], [['a', true]]],
    ['one that does not', [['a', 'failed']], [['a', false]]],
    ['not one that cannot be told', [['a', 'unknown']], []],
    [
      'one of which one rule holds',
      [
        ['a', 'failed'],
        ['A', 'met'],
      ],
      [['a', true]],
    ],
    [
      'not one of which a rule cannot be told',
      [
        ['a', 'failed'],
        ['a', 'unknown'],
      ],
      [],
    ],
  ] as const)('are %s', (_, readings, expected) => {
    expect(wantedLabels(readings.map(([label, result]) => ({ label, result })))).toEqual(
      expected.map(([name, isWanted]) => ({ name, wanted: isWanted })),
    );
  });
});
