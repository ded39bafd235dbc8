import { randomInt } from 'node:crypto';
import { onTestFailed, type TestContext } from 'vitest';
import { createRandom, type Random } from '../faults/random.ts';

/**
 * How much is tried: a bounded number with all other tests, the full one with `npm run fuzz`. Read from the
 * environment here and nowhere else: SITREP_FUZZ (`full`) and SITREP_FUZZ_SEED (to repeat a failure).
 */

const isFull = process.env['SITREP_FUZZ'] === 'full';

/** How many trials an attack gets. */
export function trials(counts: { bounded: number; full: number }): number {
  return isFull ? counts.full : counts.bounded;
}

/** Time limit of a test that takes so long in full, ms; as part of all tests it may take three minutes. */
export function timeLimit(full: number): number {
  return isFull ? full : 180_000;
}

/**
 * Seed of one test, for fast-check (`seed`) and `createRandom` alike: new each time, so that every run tries something
 * else. Where the test fails, the seed that repeats it is told. A test beside others gives its context.
 */
export function seed(context: Pick<TestContext, 'onTestFailed'> = { onTestFailed }): number {
  const given = process.env['SITREP_FUZZ_SEED'];
  const drawn = given === undefined ? randomInt(2 ** 31) : Number(given);
  context.onTestFailed(() => void process.stderr.write(`To repeat it: SITREP_FUZZ_SEED=${String(drawn)}\n`));
  return drawn;
}

/** Randomness of one test. */
export function seededRandom(context?: Pick<TestContext, 'onTestFailed'>): Random {
  return createRandom(context === undefined ? seed() : seed(context));
}

/** Tells what a row of trials came to; with the full number of trials only. */
export function report(row: string, facts: Record<string, number | string>): void {
  if (!isFull) return;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  process.stdout.write(`${row}: ${told.join(', ')}\n`);
}
