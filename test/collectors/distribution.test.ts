import { describe, expect, it } from 'vitest';
import { meanOf, percentileOf } from '../../src/collectors/distribution.ts';
import { decimal } from '../../src/collectors/decimal.ts';

const explicit = (bounds: number[], bucketCounts: number[], mean: number, spread = 1) => ({
  count: bucketCounts.reduce((sum, count) => sum + count, 0),
  mean,
  sumOfSquaredDeviation: spread,
  bucketOptions: { explicitBuckets: { bounds } },
  bucketCounts,
});

describe('percentiles of a distribution', () => {
  // 10 values in 0–100, 80 in 100–200, 10 in 200–400.
  const latencies = explicit([100, 200, 400], [10, 80, 10, 0], 160);
  it.each([
    [50, 150],
    [10, 100],
    [95, 300],
    [100, 400],
  ])('the %i th lies within its bucket, in proportion', (percent, expected) => {
    expect(percentileOf([latencies], percent)).toBeCloseTo(expected, 6);
  });

  it('are taken over several distributions with the same buckets', () => {
    const slow = explicit([100, 200, 400], [0, 0, 100, 0], 300);
    // 200 values; the 100th is the last of the 10 + 80 + 10.
    expect(percentileOf([latencies, slow], 50)).toBeCloseTo(200 + (10 / 110) * 200, 6);
  });

  it('know linear and exponential buckets', () => {
    const linear = {
      count: 10,
      mean: 25,
      sumOfSquaredDeviation: 1,
      bucketOptions: { linearBuckets: { numFiniteBuckets: 2, width: 10, offset: 10 } },
      bucketCounts: [0, 0, 10],
    };
    expect(percentileOf([linear], 50)).toBeCloseTo(25, 6);
    const exponential = {
      count: 10,
      mean: 6,
      sumOfSquaredDeviation: 1,
      bucketOptions: { exponentialBuckets: { numFiniteBuckets: 3, growthFactor: 2, scale: 1 } },
      bucketCounts: [0, 0, 0, 10],
    };
    expect(percentileOf([exponential], 50)).toBeCloseTo(6, 6);
  });

  it('are the mean where there is no spread', () => {
    expect(percentileOf([explicit([100], [0, 7], 7_200, 0)], 95)).toBe(7_200);
  });

  it.each([
    ['nothing', []],
    ['an empty one', [explicit([100], [0, 0], 0)]],
    ['no buckets', [{ count: 5, mean: 3, sumOfSquaredDeviation: 9, bucketCounts: [] }]],
    ['bounds that fall', [explicit([200, 100], [1, 1, 1], 150)]],
    ['more counts than buckets', [explicit([100], [1, 1, 1], 150)]],
    ['different buckets', [latencies, explicit([5], [1, 1], 4)]],
  ])('are unknown for %s', (_, distributions) => {
    expect(percentileOf(distributions, 95)).toBeNull();
  });

  it('have a mean weighted by their counts', () => {
    expect(meanOf([explicit([1], [0, 3], 10), explicit([1], [0, 1], 50)])).toBe(20);
    expect(meanOf([])).toBeNull();
  });
});

describe('a number in decimal notation', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [10, '10'],
    [100, '100'],
    [0.5, '0.5'],
    [1 / 3, '0.333'],
    [1e-9, '0'],
    [-0.0001, '0'],
    [208_920_000_000, '208920000000'],
    [1e21, '1000000000000000000000'],
  ])('%d is %s', (value, text) => {
    expect(decimal(value)).toBe(text);
  });

  it('is none for what is no number', () => {
    expect(() => decimal(Number.NaN)).toThrow(RangeError);
    expect(() => decimal(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
