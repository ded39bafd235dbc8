import type { Distribution } from './time-series.schema.ts';

/** Statistics of distributions as Cloud Monitoring gives them: counts in buckets, and the mean. */

/** The mean over several distributions; null where they hold nothing. */
export function meanOf(distributions: readonly Distribution[]): number | null {
  const count = total(distributions);
  const sum = distributions.reduce((all, { count: own, mean }) => all + (own === 0 ? 0 : own * mean), 0);
  return count > 0 && Number.isFinite(sum) ? sum / count : null;
}

/**
 * A percentile over several distributions, by linear interpolation within its bucket; null where the buckets do
 * not give it. Without any spread it is the mean.
 */
export function percentileOf(distributions: readonly Distribution[], percent: number): number | null {
  const full = distributions.filter(({ count }) => count > 0);
  const [first] = full;
  if (first === undefined) return null;
  if (full.length === 1 && (first.count === 1 || first.sumOfSquaredDeviation === 0)) {
    return Number.isFinite(first.mean) ? first.mean : null;
  }
  const bounds = boundsOf(first);
  const counts = bounds && addedCounts(full, bounds);
  return bounds && counts ? interpolate(bounds, counts, percent / 100) : null;
}

function total(distributions: readonly Distribution[]): number {
  return distributions.reduce((all, { count }) => all + Math.max(0, count), 0);
}

/** Upper bounds of all buckets but the last one, which has none; null where they make no sense. */
function boundsOf({ bucketOptions }: Distribution): number[] | null {
  const { linearBuckets, exponentialBuckets, explicitBuckets } = bucketOptions ?? {};
  const bounds = explicitBuckets?.bounds ?? [
    ...numbered(
      linearBuckets?.numFiniteBuckets,
      (n) => (linearBuckets?.offset ?? 0) + n * (linearBuckets?.width ?? 0),
    ),
    ...numbered(
      exponentialBuckets?.numFiniteBuckets,
      (n) => (exponentialBuckets?.scale ?? 0) * (exponentialBuckets?.growthFactor ?? 0) ** n,
    ),
  ];
  const rising = bounds.every(
    (bound, index) => Number.isFinite(bound) && bound > (bounds[index - 1] ?? -Infinity),
  );
  return bounds.length > 0 && rising ? bounds : null;
}

/** One bound more than there are finite buckets. */
function numbered(buckets: number | undefined, bound: (n: number) => number): number[] {
  if (buckets === undefined || !Number.isInteger(buckets) || buckets < 1 || buckets > 10_000) return [];
  return Array.from({ length: buckets + 1 }, (_, n) => bound(n));
}

/** Counts by bucket; null where the distributions have different buckets. */
function addedCounts(distributions: readonly Distribution[], bounds: readonly number[]): number[] | null {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  for (const distribution of distributions) {
    if (boundsOf(distribution)?.join() !== bounds.join()) return null;
    for (const [bucket, count] of distribution.bucketCounts.entries()) {
      if (bucket >= counts.length || count < 0) return null;
      counts[bucket] = (counts[bucket] ?? 0) + count;
    }
  }
  return counts;
}

function interpolate(bounds: readonly number[], counts: readonly number[], share: number): number | null {
  const wanted = share * counts.reduce((all, count) => all + count, 0);
  if (wanted <= 0) return null;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      const lower = bounds[bucket - 1] ?? Math.min(0, bounds[0] ?? 0);
      const upper = bounds[bucket] ?? lower;
      return lower + ((wanted - below) / count) * (upper - lower);
    }
    below += count;
  }
  return null;
}
