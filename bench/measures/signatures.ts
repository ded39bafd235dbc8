import { createHash } from 'node:crypto';
import {
  errorSignatures,
  type ErrorSignature,
  type Occurrence,
} from '../../src/collectors/error-signatures.ts';
import { errorLines } from '../../src/core/log-text/exception-lines.ts';
import { hostileLog, realisticLog } from '../log-lines.ts';
import { median, type Measure } from '../measure.ts';

const messages = 100_000;
const rounds = 5;
const goalMs = 2_000;

/** How long 100,000 log messages take from their text to their signatures, on one core, and what they leave behind. */
export const signatures: Measure = {
  name: 'signatures',
  what: '100,000 error messages (40 templates, tracebacks, JSON, 1 % garbage, some of 20 kB) grouped into signatures, beside the time to split and hash them',
  run: (progress) => {
    const mixes = { realistic: realisticLog(messages), 'all different': hostileLog(messages) };
    const spent: Record<Mix, number[]> = { realistic: [], 'all different': [] };
    const baseline: number[] = [];
    const found: Record<Mix, number> = { realistic: 0, 'all different': 0 };
    const grown: Record<Mix, number> = { realistic: 0, 'all different': 0 };
    for (let round = 0; round < rounds; round++) {
      baseline.push(timed(() => splitAndHash(mixes.realistic)).ms);
      for (const mix of ['realistic', 'all different'] as const) {
        globalThis.gc?.();
        const before = process.memoryUsage().heapUsed;
        const { ms, result } = timed(() => grouped(mixes[mix]));
        grown[mix] = Math.max(grown[mix], process.memoryUsage().heapUsed - before);
        const counted = result.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
        if (counted !== messages)
          throw new Error(`${String(counted)} of ${String(messages)} are in a signature`);
        spent[mix].push(ms);
        found[mix] = result.length;
      }
      progress(`${String(round + 1)}/${String(rounds)}: ${(spent.realistic.at(-1) ?? 0).toFixed(0)} ms`);
    }
    const value = median(spent.realistic);
    return Promise.resolve({
      value: Number(value.toFixed(0)),
      unit: 'ms',
      goal: goalMs,
      bound: 'at most',
      holds: value <= goalMs && median(spent['all different']) <= goalMs,
      beside: {
        'split and hash, median': `${median(baseline).toFixed(0)} ms (signatures ${(value / median(baseline)).toFixed(1)} × of it)`,
        'signatures found': `${String(found.realistic)} in the realistic mix, ${String(found['all different'])} where all differ`,
        'all lines different, median': `${median(spent['all different']).toFixed(0)} ms (at most ${String(goalMs)})`,
        'heap while grouping, most': `${inMb(grown.realistic)} and ${inMb(grown['all different'])} (the messages themselves are ${inMb(bytesOf(mixes.realistic))} and ${inMb(bytesOf(mixes['all different']))})`,
      },
    });
  },
};

type Mix = 'realistic' | 'all different';

function grouped(log: readonly string[]): ErrorSignature<number>[] {
  const occurrences = log.flatMap((message, entry): Occurrence<number>[] => {
    const lines = errorLines(message);
    return lines === null ? [] : [{ entry, ...lines }];
  });
  return errorSignatures(occurrences);
}

function splitAndHash(log: readonly string[]): string {
  const hash = createHash('sha256');
  for (const message of log) for (const line of message.split('\n')) hash.update(line);
  return hash.digest('hex');
}

function timed<Result>(run: () => Result): { ms: number; result: Result } {
  const startedAt = performance.now();
  const result = run();
  return { ms: performance.now() - startedAt, result };
}

function bytesOf(log: readonly string[]): number {
  return log.reduce((sum, { length }) => sum + length, 0);
}

function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
