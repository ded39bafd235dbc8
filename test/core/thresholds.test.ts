import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyond, worstOf } from '../../src/core/states/thresholds.ts';
import type { Thresholds } from '../../src/core/states/thresholds.ts';

const range: Thresholds = { degraded: { above: 60, below: 5 }, failing: { above: 90, below: 1 } };

describe('a value', () => {
  it.each([
    [50, null],
    [60, null],
    [60.1, { state: 'degraded', bound: 'above 60' }],
    [90, { state: 'degraded', bound: 'above 60' }],
    [91, { state: 'failing', bound: 'above 90' }],
    [5, null],
    [4, { state: 'degraded', bound: 'below 5' }],
    [-3, { state: 'failing', bound: 'below 1' }],
  ])('%d lies beyond %o', (value, found) => {
    expect(beyond(value, range)).toEqual(found);
  });
});

const worst = (values: readonly number[], thresholds: Thresholds) =>
  worstOf(values, thresholds, (value) => value);

describe('the worst of several', () => {
  it.each<[number[], Thresholds, number | undefined]>([
    [[], range, undefined],
    [[3, 70], range, 70],
    [[0, 70], range, 0],
    [[10, 20, 15], { failing: { above: 90 } }, 20],
    [[10, 20, 15], { degraded: { below: 2 } }, 10],
    [[10, 20, 15], {}, 20],
  ])('%j', (values, thresholds, found) => {
    expect(worst(values, thresholds)).toBe(found);
  });

  it('is never milder than any of them, and the same in any order', () => {
    const bound = fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined });
    const limit = fc.record({ above: bound, below: bound });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1 }),
        fc.record({ degraded: limit, failing: limit }),
        (values, { degraded, failing }) => {
          const grave = (value: number) =>
            ['failing', 'degraded', undefined].indexOf(beyond(value, { degraded, failing })?.state);
          const found = worst(values, { degraded, failing });
          expect(grave(found ?? 0)).toBe(Math.min(...values.map(grave)));
          expect(worst(values.toReversed(), { degraded, failing })).toBe(found);
        },
      ),
    );
  });
});
