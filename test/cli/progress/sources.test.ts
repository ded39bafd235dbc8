import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSources } from '../../../src/cli/progress/sources.ts';
import type { EndedRead } from '../../../src/collectors/collect.ts';

const read = (collector: string, components: string[], more: Partial<EndedRead> = {}): EndedRead => ({
  collector,
  components,
  outcome: 'ok',
  gaps: [],
  ...more,
});

test('a source has answered when the last of its reads has, with the time of that', () => {
  const reads = [read('logs', ['web']), read('sql', ['db']), read('logs', ['auth'])];
  const sources = openSources(reads);
  expect(sources.waiting()).toEqual(['logs', 'sql']);
  expect(sources.ended(read('logs', ['auth']), 10)).toBeNull();
  expect(sources.waiting()).toEqual(['logs', 'sql']);
  const whole = { collector: 'logs', components: ['web', 'auth'], gaps: [], failed: false, ms: 20 };
  expect(sources.ended(read('logs', ['web']), 20)).toEqual(whole);
  expect(sources.waiting()).toEqual(['sql']);
});

test.each<[what: string, ended: EndedRead[], gaps: EndedRead['gaps'], failed: boolean]>([
  ['all is well', [read('logs', ['web']), read('logs', ['web'])], [], false],
  [
    'one of several reads failed',
    [
      read('logs', ['web']),
      read('logs', ['web'], { outcome: 'denied', gaps: [{ component: 'web', reason: 'denied' }] }),
    ],
    [{ component: 'web', reason: 'denied' }],
    false,
  ],
  [
    'all failed alike: told once',
    [1, 2].map(() =>
      read('logs', ['web'], { outcome: 'quota', gaps: [{ component: 'web', reason: 'quota' }] }),
    ),
    [{ component: 'web', reason: 'quota' }],
    true,
  ],
  [
    'a read that left a gap beside what it read',
    [read('logs', ['web', 'auth'], { gaps: [{ component: 'auth', reason: 'no-data' }] })],
    [{ component: 'auth', reason: 'no-data' }],
    false,
  ],
  [
    'a read that has no gaps of its own, and failed',
    [read('logs', ['web', 'auth'], { outcome: 'budget' })],
    [
      { component: 'web', reason: 'budget' },
      { component: 'auth', reason: 'budget' },
    ],
    true,
  ],
])('%s', (_, ended, gaps, failed) => {
  const sources = openSources(ended);
  expect(ended.map((one) => sources.ended(one, 1)).at(-1)).toMatchObject({ gaps, failed });
});

test('in whatever order they end: each source is told once, and none is waited for in the end', () => {
  const collector = fc.constantFrom('a', 'b', 'c', 'd');
  fc.assert(
    fc.property(fc.array(fc.tuple(collector, fc.nat()), { maxLength: 30 }), (drawn) => {
      const reads = drawn.map(([name]) => read(name, ['web']));
      const sources = openSources(reads);
      const told = drawn
        .toSorted(([, one], [, other]) => one - other)
        .flatMap(([name]) => sources.ended(read(name, ['web']), 1) ?? []);
      expect(told.map((one) => one.collector).toSorted()).toEqual(
        [...new Set(drawn.map(([name]) => name))].toSorted(),
      );
      expect(sources.waiting()).toEqual([]);
    }),
  );
});
