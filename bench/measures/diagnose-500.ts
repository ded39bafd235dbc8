import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { diagnose } from '../../src/core/diagnose.ts';
import { snapshotSchema } from '../../src/core/snapshot.ts';
import { median, type Measure } from '../measure.ts';
import { observationsEach, wideOutage } from '../wide-outage.ts';

const least = 125;
const asked = 500;
const most = 1_000;
const sizes = [least, 250, asked, most];
const rounds = 21;
const goalMs = 250;

/**
 * How long a diagnosis alone takes, on one core, and how that grows with the number of components. It is processor
 * time, with what the engine collects and compiles on other threads: what else runs on the machine counts for nothing.
 */
export const diagnose500: Measure = {
  name: 'diagnose-500',
  what: 'processor time to diagnose 500 components with 20,000 observations, beside the time to read the snapshot by its schema; and the growth from 125 to 1,000',
  run: (progress) => {
    const worlds = sizes.map((size) => {
      const { configuration, snapshot } = wideOutage(size);
      return { size, configuration, text: JSON.stringify(snapshot), spent: new Spent() };
    });
    // The sizes take turns, so that what else runs on the machine slows all alike. The first round compiles.
    for (let round = -1; round < rounds; round++) {
      for (const { configuration, text, spent } of worlds) {
        const beforeReading = process.cpuUsage();
        const snapshot = snapshotSchema.parse(JSON.parse(text));
        const { user: readUser, system: readSystem } = process.cpuUsage(beforeReading);
        const readMs = (readUser + readSystem) / 1_000;
        collectGarbage();
        const processor = process.cpuUsage();
        const diagnosedAt = performance.now();
        const { chain } = diagnose(configuration, snapshot);
        const ms = performance.now() - diagnosedAt;
        const { user, system } = process.cpuUsage(processor);
        if (chain.length < 3) throw new Error('the outage was not walked');
        if (round >= 0) spent.add(ms, (user + system) / 1_000, readMs);
      }
      if (round % 5 === 0) progress(`${String(round)}/${String(rounds)}`);
    }
    const of = (size: number): Spent => worlds.find((world) => world.size === size)?.spent ?? new Spent();
    const value = median(of(asked).processorMs);
    const growth = Math.min(...of(most).processorMs) / Math.min(...of(least).processorMs);
    const allowed = nLogN(most) / nLogN(least);
    const read = median(of(asked).readMs);
    return Promise.resolve({
      value: Number(value.toFixed(1)),
      unit: 'ms',
      goal: goalMs,
      bound: 'at most',
      holds: value <= goalMs && growth <= allowed,
      beside: {
        'reading the snapshot by its schema, median': `${read.toFixed(1)} ms (the diagnosis ${(value / read).toFixed(2)} × of it)`,
        'by the clock, median': `${median(of(asked).ms).toFixed(1)} ms (quickest ${Math.min(...of(asked).ms).toFixed(1)})`,
        'by components, median': each((size) => median(of(size).processorMs)),
        'by components, quickest': each((size) => Math.min(...of(size).processorMs)),
        'growth of the quickest from 125 to 1,000': `${growth.toFixed(2)} × (n log n is ${allowed.toFixed(2)} ×, linear ${(most / least).toFixed(2)} ×)`,
      },
    });
  },
};

/** What each round took, ms. */
class Spent {
  readonly ms: number[] = [];
  readonly processorMs: number[] = [];
  readonly readMs: number[] = [];

  add(ms: number, processorMs: number, readMs: number): void {
    this.ms.push(ms);
    this.processorMs.push(processorMs);
    this.readMs.push(readMs);
  }
}

function each(msOf: (size: number) => number): string {
  return sizes.map((size) => `${String(size)}: ${msOf(size).toFixed(1)} ms`).join(', ');
}

/** Clears away what reading left behind: the diagnosis is not to pay for it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}

function nLogN(components: number): number {
  const n = components * observationsEach;
  return n * Math.log(n);
}
