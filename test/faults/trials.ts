import { randomInt } from 'node:crypto';
import { onTestFailed, test, type TestContext } from 'vitest';
import { createRandom, type Random } from './random.ts';

/**
 * How much is tried: some trials of each fault with all other tests, the full number with `npm run faults`. Read
 * from the environment here and nowhere else: SITREP_FAULTS (`full`) and SITREP_FAULTS_SEED (to repeat a failure).
 */

const isFull = process.env['SITREP_FAULTS'] === 'full';

/** How many trials a fault gets. */
export function trials(counts: { bounded: number; full: number }): number {
  return isFull ? counts.full : counts.bounded;
}

/** Time limit of a test that takes so long in full, ms; as part of all tests it may take three minutes. */
export function timeLimit(full: number): number {
  return isFull ? full : 180_000;
}

/** Tests that mostly wait: side by side with all other tests, one after the other in full, when each has lanes. */
export const testSideBySide = isFull ? test : test.concurrent;

/** Randomness of one test; where that fails, the seed that repeats it is told. A test beside others gives its context. */
export function seededRandom(context: Pick<TestContext, 'onTestFailed'> = { onTestFailed }): Random {
  const given = process.env['SITREP_FAULTS_SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  context.onTestFailed(() => void process.stderr.write(`To repeat it: SITREP_FAULTS_SEED=${String(seed)}\n`));
  return createRandom(seed);
}

/** Tells what a row of trials came to; with the full number of trials only. */
export function report(row: string, facts: Record<string, number | string>): void {
  if (!isFull) return;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  process.stdout.write(`${row}: ${told.join(', ')}\n`);
}
